"""Credit notes: the only correction of a stamped invoice.

https://developer.alegra.com/reference (credit-notes)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from . import document, pages, records
from .client import AlegraClient, Deadlines
from .payments import Applied, applied
from .shapes import amount, day, identity, money, optional_text, segment, text


@dataclass(frozen=True)
class CreditNote:
    """``type`` as PARTIALL_DEVOLUTION (spelled so) or VOID_ELECTRONIC_INVOICE."""

    id: str
    number: str | None
    date: date | None
    status: str
    type: str
    cause: str
    total: Decimal
    balance: Decimal | None
    client_id: str
    observations: str | None
    lines: tuple[document.Line, ...] = field(repr=False)
    invoices: tuple[Applied, ...]
    legal_status: str | None
    cufe: str | None
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def create(
    client: AlegraClient, body: dict[str, Any], *, deadlines: Deadlines | None = None
) -> CreditNote:
    """POST once; it may be stamped in the same call and then needs longer deadlines."""
    row = records.create(client, "/credit-notes", body, under=("creditNote",), deadlines=deadlines)
    return from_row(row)


def read(client: AlegraClient, credit_note_id: str) -> CreditNote:
    return from_row(records.read(client, f"/credit-notes/{segment(credit_note_id)}"))


def every(client: AlegraClient, *, client_id: str | None = None) -> Iterator[CreditNote]:
    """All credit notes, newest first."""
    params = {"client_id": client_id, "order_field": "date", "order_direction": "DESC"}
    for note in map(from_row, pages.every(client, "/credit-notes", params, overlap=1)):
        if not client_id or note.client_id == client_id:
            yield note


def from_row(row: dict[str, Any]) -> CreditNote:
    legal_status, cufe = document.stamp(row)
    return CreditNote(
        id=identity(row),
        number=document.number(row),
        date=day(row.get("date")),
        status=text(row.get("status")).lower(),
        type=text(row.get("type")),
        cause=text(row.get("cause")),
        total=amount(row.get("total")),
        balance=money(row.get("balance")),
        client_id=identity(row.get("client")),
        observations=optional_text(row, "observations"),
        lines=document.lines(row.get("items")),
        invoices=applied(row),
        legal_status=legal_status,
        cufe=cufe,
        raw=row,
    )
