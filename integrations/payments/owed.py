"""What is to be registered for an invoice as Alegra has it now. Pure.

All that it owes, and never less for freight or commission, which are expenses of the wallet
(Colombian invoicing reference, "Contraentrega accounting"). What was received before the order
came in elsewhere: it is not part of what this order's method brings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra import payments
from integrations.alegra.document import DRAFT, VOID
from integrations.alegra.invoices import Invoice
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.documents import verify
from integrations.payments.models import Payment
from integrations.sending.about import about
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class Owed:
    """`amount`: what is sent, in COP, or 0 where all that was received is registered already;
    `left_out`: what was received before, for a person."""

    amount: Decimal
    left_out: Decimal = Decimal(0)


def judge(payment: Payment, invoice: Invoice, *, agreed: frozenset[str]) -> Owed | Found | None:
    """What is to be sent, or what a person is asked first; None where it is worth nothing.

    `agreed` are the questions that a person answered with a yes (`subject_of`).
    """
    found = _unfit(payment, invoice, agreed)
    if found is not None:
        return found
    if invoice.total <= 0:
        return None
    balance, paid = payments.owed(invoice), payments.paid(invoice)
    before = received_before(payment)
    if balance <= 0 and is_right(paid, before):
        # All of it came in before the order, and it is registered.
        return Owed(Decimal(0))
    if balance <= 0:
        return _asked(payment, invoice, "payment_by_hand")
    if paid > 0 and not is_right(paid, before):
        words = {"paid": pesos(paid), "balance": pesos(balance)}
        asked = _asked(payment, invoice, "payment_partly", **words)
        return Owed(balance) if subject_of(asked.code, asked.params) in agreed else asked
    if paid > 0:
        # What was received before was registered by whoever knows where it is.
        return Owed(balance)
    left_out = min(before, balance)
    if left_out == balance:
        return rest_of(payment, left_out)
    return Owed(balance - left_out, left_out)


def received_before(payment: Payment) -> Decimal:
    """In COP, as the document was built: money that the seller had before this order's own."""
    rows = payment.document.built.get("received", [])
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def rest_of(payment: Payment, rest: Decimal) -> Found:
    """What of the invoice was received before and is nowhere registered."""
    labels = dict.fromkeys(row["label"] for row in payment.document.built.get("received", []))
    words = {"rest": pesos(rest), "label": ", ".join(labels)}
    return about(payment, "payment_rest", invoice=name_of(payment), **words)


def subject_of(code: str, words: Mapping[str, Any]) -> str:
    """What exactly a yes to a question is about: of other amounts it says nothing."""
    told = (str(words.get(name, "")) for name in ("how", "paid", "balance", "status"))
    return " ".join([code, *told])


def name_of(payment: Payment, invoice: Invoice | None = None) -> str:
    told = invoice.number if invoice is not None else ""
    return told or payment.document.number or payment.document.alegra_id


def gone(payment: Payment) -> Found:
    """Alegra does not have its invoice any more."""
    how = _("ya no está en Alegra")
    return about(payment, "payment_invoice_not_open", invoice=name_of(payment), how=how)


def _unfit(payment: Payment, invoice: Invoice, agreed: frozenset[str]) -> Found | None:
    """Not open, or not the invoice that was sent: emitted with another total or client."""
    statuses = {VOID: _("está anulada"), DRAFT: _("está otra vez en borrador")}
    if how := statuses.get(invoice.status):
        return _asked(payment, invoice, "payment_invoice_not_open", how=how)
    if how := _differs(payment, invoice):
        asked = _asked(payment, invoice, "payment_invoice_differs", how=how)
        return None if subject_of(asked.code, asked.params) in agreed else asked
    return None


def _differs(payment: Payment, invoice: Invoice) -> str:
    document = payment.document
    wrong = []
    if "value" in document.built and not verify.total_is_right(invoice, document.built):
        value = Decimal(document.built["value"])
        words = {"found": pesos(invoice.total), "value": pesos(value)}
        wrong.append(_("por %(found)s en vez de %(value)s") % words)
    if verify.is_another_client(invoice, document.built, document.buyer_contact):
        wrong.append(_("a nombre de otro cliente"))
    return _(" y ").join(wrong)


def _asked(payment: Payment, invoice: Invoice, code: str, **words: Any) -> Found:
    return about(payment, code, invoice=name_of(payment, invoice), **words)
