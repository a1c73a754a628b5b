"""What invoices and remissions have in common."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from . import taxes
from .shapes import (
    amount,
    day,
    flag,
    identity,
    money,
    objects,
    one,
    optional_text,
    person_name,
    plain_number,
    text,
)

# Of the words for its status: not emitted yet, and worth nothing any more.
DRAFT, VOID = "draft", "void"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line as Alegra kept it. ``price`` is of one unit before tax; ``discount`` in percent."""

    item_id: str
    name: str
    description: str
    reference: str
    price: Decimal
    quantity: Decimal
    discount: Decimal
    total: Decimal | None
    taxes: tuple[taxes.Tax, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A sales document. None says that Alegra did not tell, never that the value is zero.

    ``number`` is None until one is given. ``observations`` is None where a list row lacks the
    key, "" where it is empty. ``client_number`` is the identification as Alegra keeps it, with or
    without dots; None where the answer names the client without it. ``created`` is Alegra's own
    text without zone. ``legal_status`` and ``cufe`` stay None for whatever is not stamped.
    """

    kind: ClassVar[str] = ""

    id: str
    status: str
    date: datetime.date | None
    due_date: datetime.date | None
    number: str | None
    client_id: str
    client_name: str = field(repr=False)
    client_number: str | None = field(repr=False)
    total: Decimal
    total_paid: Decimal | None
    balance: Decimal | None
    tax: Decimal | None
    observations: str | None
    warehouse_id: str
    seller_id: str
    cost_center_id: str
    lines: tuple[Line, ...] = field(repr=False)
    # The answer has a word about its warehouse, if only that there is none.
    tells_warehouse: bool = False
    # "" where it says none; remissions have none.
    payment_means: str = ""
    # The numbering that it has, or would take; None where the answer does not say whether what it
    # gives is electronic.
    numbering_id: str = ""
    is_electronic: bool | None = None
    legal_status: str | None = None
    cufe: str | None = None
    created: str = ""
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


AnyDocument = TypeVar("AnyDocument", bound=Document)


def common(row: dict[str, Any]) -> dict[str, Any]:
    """The members that both kinds read alike."""
    holder = row.get("client")
    return {
        "id": identity(row),
        "status": text(row.get("status")).lower(),
        "date": day(row.get("date")),
        "due_date": day(row.get("dueDate")),
        "client_id": identity(holder),
        "client_name": person_name(holder.get("name")) if isinstance(holder, dict) else "",
        "client_number": _client_number(holder),
        "total": amount(row.get("total")),
        "total_paid": money(row.get("totalPaid")),
        "balance": money(row.get("balance")),
        "observations": optional_text(row, "observations"),
        "warehouse_id": identity(row.get("warehouse")),
        "tells_warehouse": "warehouse" in row,
        "seller_id": identity(row.get("seller")),
        "cost_center_id": identity(row.get("costCenter")),
        "payment_means": text(row.get("paymentMethod")),
        "numbering_id": identity(row.get("numberTemplate")),
        "is_electronic": _is_electronic(row),
        "lines": lines(row.get("items")),
        "created": text(row.get("datetime")),
        "raw": row,
    }


def _is_electronic(row: dict[str, Any]) -> bool | None:
    template = one(row.get("numberTemplate"))
    return flag(template["isElectronic"]) if "isElectronic" in template else None


def _client_number(holder: Any) -> str | None:
    if not isinstance(holder, dict):
        return None
    proof = one(holder.get("identificationObject"))
    return text(proof.get("number")) or text(holder.get("identification")) or None


def lines(value: Any) -> tuple[Line, ...]:
    return tuple(
        Line(
            item_id=identity(each),
            name=text(each.get("name")),
            description=text(each.get("description")),
            reference=text(each.get("reference")),
            price=amount(each.get("price")),
            quantity=amount(each.get("quantity")),
            discount=amount(each.get("discount")),
            total=money(each.get("total")),
            taxes=tuple(map(taxes.from_row, objects(each.get("tax")))),
        )
        for each in objects(value)
    )


def number(row: dict[str, Any]) -> str | None:
    """The full number: told, or prefix and number put together; None for a draft without."""
    template = one(row.get("numberTemplate"))
    full = text(template.get("fullNumber"))
    if full:
        return full
    bare = text(template.get("number")) or text(row.get("number"))
    return text(template.get("prefix")) + bare if bare else None


def stamp(row: dict[str, Any]) -> tuple[str | None, str | None]:
    """(legal status, CUFE) of an electronic document; None, None before it is stamped."""
    held = one(row.get("stamp"))
    return text(held.get("legalStatus")) or None, text(held.get("cufe")) or None


def with_number(found: Iterable[AnyDocument], number: str) -> tuple[AnyDocument, ...]:
    """Those whose number is this one, however it was typed."""
    wanted = plain_number(number)
    return tuple(one for one in found if plain_number(one.number or "") == wanted)
