"""Payments received and made. https://developer.alegra.com/reference (payments)

There is no filter by date or invoice: whether a payment arrived is told by its invoice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from . import document, pages, records
from .client import AlegraClient
from .shapes import amount, day, identity, objects, optional_text, segment, text


@dataclass(frozen=True)
class Applied:
    """A part of a payment, or of a credit note, on one invoice."""

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True)
class Payment:
    """``type``: in (received) or out; ``status``: open or void."""

    id: str
    number: str | None
    date: date | None
    amount: Decimal
    type: str
    status: str
    method: str
    observations: str | None
    bank_account_id: str
    client_id: str
    invoices: tuple[Applied, ...]
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def create(client: AlegraClient, body: dict[str, Any]) -> Payment:
    """PlanExcludes where the plan has no banks. A draft invoice cannot be paid."""
    return from_row(records.create(client, "/payments", body, under=("payment",)))


def read(client: AlegraClient, payment_id: str) -> Payment:
    return from_row(records.read(client, f"/payments/{segment(payment_id)}"))


def void(client: AlegraClient, payment_id: str) -> Payment | None:
    """The voided payment, or None when the answer carried none."""
    row = records.change(client, "POST", f"/payments/{segment(payment_id)}/void", {})
    return from_row(row) if row and "status" in row else None


def every(
    client: AlegraClient, *, type: str | None = "in", client_id: str | None = None
) -> Iterator[Payment]:
    """All payments of a direction, newest first."""
    params = {
        "type": type,
        "client_id": client_id,
        "order_field": "date",
        "order_direction": "DESC",
    }
    for payment in map(from_row, pages.every(client, "/payments", params, overlap=1)):
        # Filters are ignored where not understood, and the one by client means *contains*.
        if type and payment.type not in {type, ""}:
            continue
        if client_id and payment.client_id != client_id:
            continue
        yield payment


def applied(row: dict[str, Any]) -> tuple[Applied, ...]:
    """The invoices that a payment or a credit note reduces."""
    return tuple(
        Applied(invoice_id=identity(each), amount=amount(each.get("amount")))
        for each in objects(row.get("invoices"))
    )


def from_row(row: dict[str, Any]) -> Payment:
    return Payment(
        id=identity(row),
        number=document.number(row),
        date=day(row.get("date")),
        amount=amount(row.get("amount")),
        type=text(row.get("type")),
        status=text(row.get("status")).lower(),
        method=text(row.get("paymentMethod")),
        observations=optional_text(row, "observations"),
        bank_account_id=identity(row.get("bankAccount")),
        client_id=identity(row.get("client")),
        invoices=applied(row),
        raw=row,
    )
