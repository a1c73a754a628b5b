"""The parts of an order that a body can tell one by one.

MasterShop reference, *Events may be partial*: a key that is absent says nothing, so what one
body leaves out is still known from another. A part is what is told, and kept, as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """`fields`: where it stands in a normalised order as JSON, `customer.name` for a field of
    the buyer. `with_part`: the part it says something about; an e-mail belongs to the person it
    was told with. `problem_fields`: how the parser's problems about it begin."""

    name: str
    fields: tuple[str, ...]
    with_part: str = ""
    problem_fields: tuple[str, ...] = ()


STATUS = "status"
CREATED = "created"
PAYMENT = "payment"
NAME = "name"
DOC_NUMBER = "doc_number"
CITY = "city"
LINES = "lines"
TOTAL = "total"
FREIGHT, RECEIVED, NAMED = "freight", "received", "named"

_ALL = (
    Part(STATUS, ("status", "status_id", "status_raw", "substatus", "event_name"),
         problem_fields=("id_status", "date_update_order")),
    Part("external", ("external_id",)),
    Part("business", ("business_id",)),
    Part(PAYMENT, ("payment_family", "payment_raw"),
         problem_fields=("order_transaction.payment_method",)),
    Part("gateway", ("payment_gateway",)),
    Part(CREATED, ("created_at",), problem_fields=("date_created_order",)),
    Part(NAME, ("customer.name", "customer.first_name", "customer.last_name")),
    Part(DOC_NUMBER, ("customer.doc_number",), NAME),
    Part("doc_type", ("customer.doc_type",), DOC_NUMBER),
    Part("email", ("customer.email",), NAME),
    Part("phone", ("customer.phone",), NAME),
    Part("company", ("customer.company",), NAME),
    Part(CITY, ("ship_to.city",)),
    Part("address", ("ship_to.address",), CITY),
    Part("department", ("ship_to.department",), CITY),
    Part("dane_code", ("ship_to.dane_code",), CITY),
    Part("country", ("country", "ship_to.country")),
    Part(LINES, ("lines", "cuts"), problem_fields=("order_items",)),
    Part("charges", ("extra_charges",), problem_fields=("additional_charge",)),
    Part("fees", ("fees",)),
    Part(NAMED, ("named",)),
    Part("discount", ("discount",), problem_fields=("order_transaction.discount",)),
    Part(FREIGHT, ("freight",)),
    Part(RECEIVED, ("received",)),
    Part("received_noted", ("received_noted",)),
    Part("received_named", ("received_named",)),
    Part(TOTAL, ("total",), problem_fields=("order_transaction.total",)),
    Part("currency", ("currency",)),
    Part("warehouse", ("warehouse_id", "warehouse_name")),
    Part("carrier", ("tracking.carrier",)),
    Part("guide", ("tracking.code", "tracking.url")),
    Part("is_test", ("is_test",)),
    Part("notes", ("notes",)),
    Part("tags", ("tags",)),
)  # fmt: skip

PARTS: dict[str, Part] = {part.name: part for part in _ALL}

# Without these no document can be right, and nothing else in an order stands for them.
NEEDED = (LINES, TOTAL)


def value_of(order: dict[str, Any], part: str) -> list[Any]:
    """What an order as JSON holds in a part, field by field."""
    found = []
    for field in PARTS[part].fields:
        outer, _, inner = field.partition(".")
        found.append(order[outer][inner] if inner else order[outer])
    return found


def put(order: dict[str, Any], part: str, value: list[Any]) -> None:
    """Write what `value_of` gave into an order as JSON."""
    for field, content in zip(PARTS[part].fields, value, strict=True):
        outer, _, inner = field.partition(".")
        if inner:
            order[outer] = {**order[outer], inner: content}
        else:
            order[outer] = content


def part_of_problem(field: str) -> str:
    """The part that a problem at this field of the body is about; '' for one of the whole."""
    for part in _ALL:
        if field.startswith(part.problem_fields):
            return part.name
    return ""
