"""An order as the rest of the portal sees it. MasterShop reference: our normalised order.

Texts are '' when nothing was told, ids are texts, amounts are `Decimal` pesos, moments are aware
UTC. `to_json` gives what a JSON column can hold (amounts and moments as text) and `from_json`
the equal object back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from . import charge_names


@dataclass(frozen=True, slots=True)
class Customer:
    """The buyer as written: a document number here may still be nonsense (a phone, "0")."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    doc_type: str = ""
    doc_number: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    address: str = ""
    city: str = ""
    department: str = ""
    dane_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`variant_id` is '' when the order names no variation; `unit_price` is per unit, as sold.

    `discounts`: the amounts that its own fields tell as a discount, each of one unit or of the
    line. `told_total`: what the line comes to by its own field, None where it has none.
    """

    product_id: str
    variant_id: str
    sku: str
    name: str
    variant_name: str
    qty: Decimal
    unit_price: Decimal
    supplier_business: str = ""
    discounts: tuple[Decimal, ...] = ()
    told_total: Decimal | None = None
    # The bundle it is part of, as the order names it; '' for none.
    bundle: str = ""
    # Units of it that the same order gives back; `qty` is without them.
    returned: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged beside the lines; one below 0 takes off."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of a negative price. `amount` is positive; `position` is the line it takes from,
    None where it is of the whole order."""

    name: str
    amount: Decimal
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Money the seller had before. `label` is one of `paid_words`; `amounts` are what it may
    have been, empty where only the word is told."""

    label: str
    amounts: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracking:
    carrier: str = ""
    code: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class NormalisedOrder:
    """`status` is the code of a `statuses.Status`; `substatus` that of a sub-state or ''.

    `told`, `hinted` and `emptied` name the parts (`parts.PARTS`) that the body said, implied, or
    named without content; they describe the body and are not kept with the order.
    """

    order_id: str
    external_id: str = ""
    business_id: str = ""
    event_name: str = ""
    status: str = "unknown"
    status_id: int | None = None
    status_raw: str = ""
    substatus: str = ""
    payment_family: str = "unknown"
    payment_raw: str = ""
    payment_gateway: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    customer: Customer = field(default_factory=Customer)
    ship_to: Address = field(default_factory=Address)
    lines: tuple[Line, ...] = ()
    extra_charges: tuple[Charge, ...] = ()
    # Amounts with names in other fields: fees, tips, taxes.
    fees: tuple[Charge, ...] = ()
    # Amounts with names that say nothing: one of them may be a remainder of the total.
    named: tuple[Charge, ...] = ()
    discount: Decimal = Decimal(0)
    # Taken off by a line below 0, and freight told outside of the charges.
    cuts: tuple[Cut, ...] = ()
    freight: tuple[Charge, ...] = ()
    # Money received before: by fields and codes, by notes, by the gateway's name.
    received: tuple[Received, ...] = ()
    received_noted: tuple[Received, ...] = ()
    received_named: tuple[Received, ...] = ()
    total: Decimal | None = None
    currency: str = ""
    country: str = ""
    warehouse_id: str = ""
    warehouse_name: str = ""
    tracking: Tracking = field(default_factory=Tracking)
    is_test: bool = False
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    # Each text that was repaired, and how it arrived (`texts.as_arrived`).
    arrived: dict[str, str] = field(default_factory=dict)
    told: frozenset[str] = field(default=frozenset(), compare=False)
    hinted: frozenset[str] = field(default=frozenset(), compare=False)
    emptied: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What is charged beside the lines, each once, whichever field tells it."""
        told = {(charge_names.key(each.name), each.amount) for each in self.extra_charges}
        more = (
            each for each in self.fees if (charge_names.key(each.name), each.amount) not in told
        )
        return (*self.extra_charges, *more)

    def to_json(self) -> dict[str, Any]:
        """A dict of texts, whole numbers, booleans, lists and dicts only."""
        return {
            name: _plain(getattr(self, name))
            for name in _fields_of(NormalisedOrder)
            if name not in ("told", "hinted", "emptied")
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> NormalisedOrder:
        """The order that `to_json` wrote. Fields added since then take their default."""
        told = dict(stored)
        told["customer"] = Customer(**told.get("customer", {}))
        told["ship_to"] = Address(**told.get("ship_to", {}))
        told["tracking"] = Tracking(**told.get("tracking", {}))
        told["lines"] = tuple(Line(**line | _line_amounts(line)) for line in told.get("lines", ()))
        for name in ("extra_charges", "fees", "named", "freight"):
            told[name] = tuple(
                Charge(charge["name"], Decimal(charge["amount"])) for charge in told.get(name, ())
            )
        told["cuts"] = tuple(
            Cut(cut["name"], Decimal(cut["amount"]), cut["position"])
            for cut in told.get("cuts", ())
        )
        for name in ("received", "received_noted", "received_named"):
            told[name] = tuple(
                Received(each["label"], tuple(Decimal(amount) for amount in each["amounts"]))
                for each in told.get(name, ())
            )
        told["discount"] = Decimal(told.get("discount", "0"))
        for name, read in (
            ("total", Decimal),
            ("created_at", datetime.fromisoformat),
            ("updated_at", datetime.fromisoformat),
        ):
            if told.get(name) is not None:
                told[name] = read(told[name])
        for name in ("notes", "tags"):
            told[name] = tuple(told.get(name, ()))
        return cls(**told)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One order of the list: enough to discover it, never to build a document.

    `updated_at` is None unless the list tells it; whether the order changed is then read from its
    status.
    """

    order_id: str
    external_id: str = ""
    status: str = "unknown"
    status_id: int | None = None
    status_raw: str = ""
    status_group: str = ""
    payment_family: str = "unknown"
    payment_raw: str = ""
    total: Decimal | None = None
    currency: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    customer_name: str = ""
    customer_phone: str = ""
    city: str = ""
    department: str = ""
    carrier: str = ""
    tracking_code: str = ""


def _line_amounts(line: dict[str, Any]) -> dict[str, Any]:
    told_total = line.get("told_total")
    return {
        "qty": Decimal(line["qty"]),
        "returned": Decimal(line.get("returned", "0")),
        "unit_price": Decimal(line["unit_price"]),
        "discounts": tuple(Decimal(amount) for amount in line.get("discounts", ())),
        "told_total": None if told_total is None else Decimal(told_total),
    }


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _plain(content: Any) -> Any:
    """What `asdict` and a round through JSON would give, in one pass: every event needs it."""
    if content is None or isinstance(content, str | int):
        return content
    if isinstance(content, Decimal):
        return format(content, "f")
    if isinstance(content, datetime):
        return content.isoformat()
    if isinstance(content, dict):
        return {name: _plain(inner) for name, inner in content.items()}
    if isinstance(content, tuple | list):
        return [_plain(inner) for inner in content]
    if is_dataclass(content):
        return {name: _plain(getattr(content, name)) for name in _fields_of(type(content))}
    return content
