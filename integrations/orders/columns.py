"""The columns of an order that repeat its snapshot, because lists filter, sort or show them."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from integrations.mastershop.orders import (
    Address,
    Customer,
    ListRow,
    NormalisedOrder,
    Tracking,
)
from integrations.mastershop.parts import PARTS, STATUS, value_of
from integrations.scoping.search_key import normalised as search_key

# What of an order moves without anybody having changed what is sold to whom for how much.
_PASSING = frozenset(
    {
        "event_name",
        "status",
        "status_id",
        "status_raw",
        "substatus",
        "updated_at",
        "created_at",
        "tracking",
        "payment_gateway",
        "notes",
        "tags",
        "arrived",
    }
)


def columns_of(order: NormalisedOrder) -> dict[str, Any]:
    """The columns that repeat a normalised order, cut to their lengths."""
    customer, place = order.customer, order.ship_to
    return {
        "external_number": order.external_id[:120],
        "external_key": search_key(order.external_id),
        "status": order.status,
        "status_raw": order.status_raw[:60],
        "substatus": order.substatus[:20],
        "family": order.payment_family,
        "method": order.payment_raw[:80],
        "total": None if order.total is None else order.total.quantize(Decimal("0.01")),
        "total_pesos": _pesos(order.total),
        "currency": order.currency[:8],
        "country": order.country[:40],
        "buyer_name": customer.name[:200],
        "buyer_key": search_key(customer.name),
        "buyer_doc_type": customer.doc_type[:60],
        # A number that does not fit is none: cut, it would be somebody else's.
        "buyer_doc_number": customer.doc_number if len(customer.doc_number) <= 40 else "",
        "buyer_email": customer.email[:254],
        "buyer_phone": customer.phone[:40],
        "ship_address": place.address[:300],
        "ship_city": place.city[:80],
        "ship_department": place.department[:80],
        "ship_dane_code": place.dane_code if len(place.dane_code) <= 8 else "",
        "bodega_id": order.warehouse_id[:64],
        "bodega_name": order.warehouse_name[:120],
        "carrier": order.tracking.carrier[:80],
        "guide": order.tracking.code[:80],
        "is_test": order.is_test,
    }


def _pesos(total: Decimal | None) -> int | None:
    return None if total is None else int(total.to_integral_value(rounding=ROUND_HALF_UP))


def content_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The part of a snapshot that says what is sold to whom for how much."""
    return {name: value for name, value in snapshot.items() if name not in _PASSING}


def empty_order(number: str) -> NormalisedOrder:
    """An order of which only the number is known; one that names nothing else is in pesos."""
    return NormalisedOrder(order_id=number, currency="COP", country="CO")


def order_from_row(row: ListRow) -> NormalisedOrder:
    """What a row of the list tells, as an order without lines."""
    order = NormalisedOrder(
        order_id=row.order_id,
        external_id=row.external_id,
        status=row.status,
        status_id=row.status_id,
        status_raw=row.status_raw,
        payment_family=row.payment_family,
        payment_raw=row.payment_raw,
        created_at=row.created_at,
        updated_at=row.updated_at,
        customer=Customer(name=row.customer_name, phone=row.customer_phone),
        ship_to=Address(city=row.city, department=row.department, country="CO"),
        total=row.total,
        currency=row.currency,
        country="CO",
        tracking=Tracking(carrier=row.carrier, code=row.tracking_code),
    )
    nothing = empty_order(row.order_id).to_json()
    found = order.to_json()
    told = {part for part in PARTS if value_of(found, part) != value_of(nothing, part)}
    return replace(order, told=frozenset(told | {STATUS} if row.status != "unknown" else told))
