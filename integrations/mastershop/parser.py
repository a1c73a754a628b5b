"""From MasterShop's JSON to our order.

Reads the event body, the order detail (whose shape is not public: the event's, or camelCase,
bare or wrapped) and the rows of the list. It never raises: whatever is missing or odd is left
empty, and what stands in the way of a right document is named as a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import lines, money_told, payment_methods, personal, statuses, texts, values
from .countries import country_of, currency_of
from .customers import read_customer
from .line_amounts import amount_of
from .named_amounts import beside
from .orders import Address, ListRow, NormalisedOrder, Tracking
from .presence import presence
from .problems import Problem, problem
from .values import Fields

ORDER_NUMBER = ("id_order", "order_id", "order_number")
_WRAPPERS = ("data", "results", "result", "order")
_DEEPEST_WRAPPER = 4
# Of the answer and not of the order: how the call went, and how many rows there are.
_OF_THE_ENVELOPE = ("status", "total", "items")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`order` is None only when there is no usable order number; `problems` then says why."""

    order: NormalisedOrder | None
    problems: tuple[Problem, ...]

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The problems that forbid a document."""
        return tuple(one for one in self.problems if one.blocking)


def parse_order(body: Any) -> Parsed:
    """The order in an event body or an order detail, with everything that is wrong with it."""
    if not isinstance(body, Mapping | list):
        return Parsed(None, (problem("not_an_object", ""),))
    body, arrived = texts.repaired_body(body)
    opened = unwrap(body)
    if opened is None:
        return Parsed(None, (problem("several_orders", "results"),))
    order_id = values.key(opened.first(*ORDER_NUMBER))
    if not order_id:
        told = opened.first(*ORDER_NUMBER)
        is_long = isinstance(told, str) and len(told) > values.LONGEST_KEY
        code = "order_number_too_long" if is_long else "order_number_missing"
        return Parsed(None, (problem(code, "id_order"),))

    problems: list[Problem] = []
    transaction = opened.object("order_transaction", "transaction")
    status, status_raw = _status(opened, problems)
    payment_raw = values.text(
        transaction.first("payment_method") or opened.first("payment_method"), limit=100
    )
    gateway = values.text(
        transaction.first("payment_gateway") or opened.first("payment_gateway"), limit=100
    )
    event_name = values.text(opened.first("event_name", "event"), limit=100)
    if not payment_raw:
        problems.append(problem("payment_method_missing", "order_transaction.payment_method"))

    entries, as_lines = lines.charges_among(opened.first("order_items", "items", "products"))
    order_lines, cuts, wrong = lines.read_lines(entries)
    problems += wrong
    gross = sum((line.unit_price * line.qty for line in order_lines), Decimal(0))
    charges, wrong = lines.read_charges(opened.first("additional_charge", "additional_charges"))
    problems += wrong
    discount_told, elsewhere = transaction.first("discount"), opened.first("discount")
    tells_none = not amount_of(discount_told, gross)
    if discount_told is None or (tells_none and amount_of(elsewhere, gross)):
        discount_told = elsewhere
    discount, wrong = lines.read_discount(discount_told, gross)
    problems += wrong
    notes = values.texts(opened.first("notes", "note"))
    total_told = transaction.first("total")
    total, wrong = lines.read_total(top_total(opened) if total_told is None else total_told)
    problems += wrong

    fees, freight, named = beside(opened, charges, as_lines, notes)
    ship_to = _ship_to(opened)
    warehouse_id, warehouse_name = _warehouse(opened)
    order = NormalisedOrder(
        order_id=order_id,
        external_id=values.text(opened.first("external_order_id", "external_id"), limit=120),
        business_id=_business(opened),
        event_name=event_name,
        status=status.code,
        status_id=status.id if status.id is not None else _whole(opened.first("id_status")),
        status_raw=status_raw,
        substatus=_sub_status(opened, status),
        payment_family=payment_methods.told_family(
            payment_raw, event_name=event_name, gateway=gateway
        ),
        payment_raw=payment_raw,
        payment_gateway=gateway,
        created_at=_moment(opened, problems, "date_created_order", "created_at", "date_created"),
        updated_at=_moment(opened, problems, "date_update_order", "updated_at", "date_updated"),
        customer=read_customer(opened),
        ship_to=ship_to,
        lines=order_lines,
        extra_charges=charges,
        fees=fees,
        named=named,
        discount=discount or money_told.discount_elsewhere(opened, gross),
        cuts=cuts,
        freight=freight,
        received=money_told.received(opened),
        received_noted=money_told.received_in_notes(notes),
        received_named=money_told.received_by_name(gateway),
        total=total,
        currency=currency_of(transaction.first("currency") or opened.first("currency")),
        country=ship_to.country or country_of(opened.first("country")) or "CO",
        warehouse_id=warehouse_id,
        warehouse_name=warehouse_name,
        tracking=_tracking(opened),
        is_test=values.flag(opened.first("is_test")),
        notes=notes,
        tags=values.texts(opened.first("tags")),
        arrived=arrived,
    )
    told, hinted, emptied = presence(opened, order.to_json())
    return Parsed(replace(order, told=told, hinted=hinted, emptied=emptied), tuple(problems))


def parse_row(row: Any) -> ListRow | None:
    """One row of the order list; None when it has no usable order number."""
    fields = Fields(texts.repaired_body(row)[0])
    order_id = values.key(fields.first(*ORDER_NUMBER))
    if not order_id:
        return None
    status, status_raw = _status(fields, [])
    client = fields.object("client_info", "customer")
    payment_raw = values.text(fields.first("payment_method"), limit=100)
    return ListRow(
        order_id=order_id,
        external_id=values.text(fields.first("external_order_id"), limit=120),
        status=status.code,
        status_id=status.id,
        status_raw=status_raw,
        status_group=values.text(fields.first("status_parent"), limit=60),
        payment_family=payment_methods.family(payment_raw),
        payment_raw=payment_raw,
        total=values.number(top_total(fields)),
        currency=currency_of(fields.first("currency")),
        created_at=values.moment(fields.first("created_at", "date_created_order")),
        updated_at=values.moment(fields.first("updated_at", "date_update_order")),
        customer_name=values.text(client.first("full_name", "name"), limit=200),
        customer_phone=values.text(client.first("phone"), limit=40),
        city=values.text(client.first("city"), limit=100),
        department=values.text(client.first("state", "department"), limit=100),
        carrier=values.text(fields.first("carrier_name"), limit=100),
        tracking_code=values.text(fields.first("carrier_tracking_code"), limit=100),
    )


def business_of(body: Any) -> str:
    """The id of the business a delivery is about; '' when it does not say."""
    opened = unwrap(body) if isinstance(body, Mapping | list) else None
    return _business(opened) if opened is not None else ""


def unwrap(body: Any) -> Fields | None:
    """The fields of the order itself, with those around it as a fallback (an event's name may
    stand outside). None when a list holds several orders."""
    around: dict[str, Any] = {}
    for _ in range(_DEEPEST_WRAPPER):
        if isinstance(body, list):
            if len(body) > 1:
                return None
            body = body[0] if body else {}
        if not isinstance(body, Mapping):
            break
        fields = Fields(body)
        inner = None if values.key(fields.first(*ORDER_NUMBER)) else fields.first(*_WRAPPERS)
        if not isinstance(inner, Mapping | list):
            return Fields({**body, **_beyond(fields, around)})
        around |= {name: content for name, content in body.items() if content is not inner}
        body = inner
    return Fields(_beyond(Fields({}), around))


def _beyond(order: Fields, around: dict[str, Any]) -> dict[str, Any]:
    """What stands around an order and is not in it, without what an envelope says of itself."""
    return {
        name: content
        for name, content in around.items()
        if not order.has(str(name)) and str(name).casefold() not in _OF_THE_ENVELOPE
    }


def _status(fields: Fields, problems: list[Problem]) -> tuple[statuses.Status, str]:
    """The number decides; the label only where no number is told."""
    told = fields.first("id_status", "status_id", "id_order_status")
    label = fields.first("confirmation_status_name", "order_status", "status_name", "status")
    status = statuses.by_id(told) if told is not None else statuses.by_label(label)
    if told is None and status is statuses.UNKNOWN:
        status = statuses.by_id(label)  # a list that shows the number under the label's name
    if status is statuses.UNKNOWN:
        problems.append(problem("status_unknown", "id_status"))
    return status, values.text(label, limit=60) or values.text(told, limit=60)


def _sub_status(fields: Fields, status: statuses.Status) -> str:
    if status.code != "in_transit":
        return ""
    told = fields.first("carrier_novelty")
    novelty = Fields(told)
    has_incident = bool(values.text(told) or values.text(novelty.first("description", "code")))
    return statuses.sub_status(
        carrier_code=fields.object("carrier_status_info").first("carrier_status_code"),
        has_incident=has_incident,
        event_name=fields.first("event_name", "event"),
    )


def _ship_to(fields: Fields) -> Address:
    """The shipping address, or as a whole the buyer's own: half of each would be a third place."""
    buyer = fields.object("customer", "client_info", "client")
    shipping = _address(fields.object("shipping_address"))
    if not shipping.address and not shipping.city:
        own = _address(buyer.object("default_address"))
        own = own if own.address or own.city else _address(buyer)
        return Address(
            own.address, own.city, own.department, own.dane_code, own.country or shipping.country
        )
    return shipping


def _address(place: Fields) -> Address:
    street = personal.told(place.first("address1", "address"), limit=250)
    rest = personal.told(place.first("address2"), limit=250)
    return Address(
        address=f"{street} {rest}".strip(),
        city=personal.told(place.first("city"), limit=100),
        department=personal.told(place.first("state", "department", "province"), limit=100),
        dane_code=personal.told(place.first("city_dane_code", "dane_code"), limit=20),
        country=country_of(place.first("country", "country_code")),
    )


def _warehouse(fields: Fields) -> tuple[str, str]:
    told = fields.first("warehouse")
    bodega = Fields(told)
    if not bodega:
        return values.key(told) or values.key(fields.first("id_warehouse", "warehouse_id")), ""
    return (
        values.key(bodega.first("id_warehouse", "warehouse_id", "id")),
        values.text(bodega.first("name"), limit=150),
    )


def _tracking(fields: Fields) -> Tracking:
    sources = (fields.object("order_logistics", "logistics"), fields)
    url = _said("url_tracking", sources, limit=500)
    return Tracking(
        carrier=_said("carrier_name", sources, limit=100),
        code=_said("carrier_tracking_code", sources, limit=100),
        # A page links to it, so no other scheme may get through.
        url=url if url.lower().startswith(("https://", "http://")) else "",
    )


def _business(fields: Fields) -> str:
    return values.key(fields.first("id_business", "business_id")) or values.key(
        fields.object("business").first("id_business", "id")
    )


def _said(names: str | tuple[str, ...], places: tuple[Fields, ...], limit: int) -> str:
    """The first clean text under any of the names, place by place."""
    wanted = (names,) if isinstance(names, str) else names
    for place in places:
        for name in wanted:
            if line := values.text(place.first(name), limit=limit):
                return line
    return ""


def top_total(fields: Fields) -> Any:
    return fields.first("total_order", "total", "order_total")


def _moment(fields: Fields, problems: list[Problem], *names: str) -> datetime | None:
    told = fields.first(*names)
    if told is None:
        return None
    when = values.moment(told)
    if when is None:
        problems.append(problem("date_unreadable", names[0]))
    elif not values.has_zone(told):
        problems.append(problem("date_without_zone", names[0]))
    return when


def _whole(told: Any) -> int | None:
    exact = values.quantity(told)
    return int(exact) if exact is not None and exact == exact.to_integral_value() else None
