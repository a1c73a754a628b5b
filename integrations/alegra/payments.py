"""Payments received and made. https://developer.alegra.com/reference (payments)

There is no filter by date or invoice: whether a payment arrived is told by its invoice, and
where that does not name its payments, by those of its client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from . import document, pages, records
from .client import AlegraClient
from .invoices import Invoice
from .shapes import amount, day, identity, objects, one, optional_text, segment, text


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
    # "" where an answer names the account by its id only.
    bank_account_name: str = ""
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


def since(client: AlegraClient, day: date, *, type: str | None = "in") -> Iterator[Payment]:
    """Every payment of a direction dated that day or later, whatever its status, newest first."""
    return pages.newest_until(every(client, type=type), day)


def page_since(client: AlegraClient, day: date, start: int) -> tuple[list[Payment], bool]:
    """One page of all received payments, newest first, and whether it is the last. The caller
    decides where that day ends."""
    params = {"type": "in", **pages.NEWEST_FIRST}
    rows, is_last = pages.page_since(client, "/payments", params, start)
    found = [from_row(row) for row in rows]
    return [one for one in found if one.type in ("in", "")], is_last


def of_invoice(client: AlegraClient, invoice: Invoice) -> list[Payment]:
    """The payments received for an invoice that was just read; no call where it says them all.

    Their observations may be missing: those are read by id. Void ones are left out by some
    answers and told by others.
    """
    told = [from_row(row) for row in objects(invoice.raw.get("payments"))]
    if all(each.id for each in told) and _sum(told) >= paid(invoice):
        return told
    # Not named there, or more is paid than they say.
    found = []
    for payment in every(client, client_id=invoice.client_id or None):
        if payment.date and invoice.date and payment.date < invoice.date:
            break
        if any(each.invoice_id == invoice.id for each in payment.invoices):
            found.append(payment)
    known = {each.id for each in found}
    return [*found, *(each for each in told if each.id and each.id not in known)]


def paid(invoice: Invoice) -> Decimal:
    """What of an invoice is not owed any more, in COP, by payments or credit notes."""
    return invoice.total - owed(invoice)


def owed(invoice: Invoice) -> Decimal:
    """What is still owed of an invoice, in COP: its balance, or its total less what was paid."""
    if invoice.balance is not None:
        return invoice.balance
    if invoice.total_paid is not None:
        return invoice.total - invoice.total_paid
    return invoice.total - _sum([from_row(row) for row in objects(invoice.raw.get("payments"))])


def _sum(told: list[Payment]) -> Decimal:
    return sum((each.amount for each in told if each.status != document.VOID), Decimal(0))


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
        bank_account_name=text(one(row.get("bankAccount")).get("name")),
        raw=row,
    )
