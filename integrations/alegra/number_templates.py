"""Numberings of documents. https://developer.alegra.com/reference (number-templates)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from . import pages, records
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import day, flag, segment, text, whole


@dataclass(frozen=True, kw_only=True)
class NumberTemplate(Entry):
    """A numbering; numbers and dates are None where it has no bounds.

    ``is_automatic``: Alegra gives the number. Otherwise prefix and number are sent.
    """

    prefix: str
    document_type: str
    is_electronic: bool
    is_default: bool
    is_automatic: bool
    next_number: int | None
    max_number: int | None
    start_date: date | None
    end_date: date | None


def every(
    client: AlegraClient, document_type: str | None = "invoice"
) -> tuple[NumberTemplate, ...]:
    """The numberings of one kind: invoice, estimate, creditNote, transactionIn…

    No value for remissions is known: None asks without the filter. Alegra ignores what it does
    not understand, so rows that name another kind are dropped.
    """
    params = {"documentType": document_type} if document_type else None
    found = (from_row(row) for row in pages.every(client, "/number-templates", params))
    return tuple(
        each
        for each in found
        if not document_type
        or not each.document_type
        or each.document_type.lower() == document_type.lower()
    )


def read(client: AlegraClient, entry_id: str) -> NumberTemplate:
    return from_row(records.read(client, f"/number-templates/{segment(entry_id)}"))


def from_row(row: dict[str, Any]) -> NumberTemplate:
    return NumberTemplate(
        prefix=text(row.get("prefix")),
        document_type=text(row.get("documentType")),
        is_electronic=flag(row.get("isElectronic")),
        is_default=flag(row.get("isDefault")),
        is_automatic=flag(row.get("autoincrement", True)),
        next_number=whole(row.get("nextInvoiceNumber")),
        max_number=whole(row.get("maxInvoiceNumber")),
        start_date=day(row.get("startDate")),
        end_date=day(row.get("endDate")),
        **common(row),
    )
