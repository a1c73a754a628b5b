"""Payments for the core of exactly-once: made once, found by their invoice, compared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from integrations.alegra import payments
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import VOID
from integrations.alegra.errors import AlegraError
from integrations.alegra.payments import Payment as AlegraPayment
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.payments import again, refusal
from integrations.payments.models import Payment
from integrations.payments.owed import rest_of
from integrations.payments.reading import invoice_of, paid_with
from integrations.sending.about import about
from integrations.sending.asking import Asked
from integrations.sending.decided import Decided
from integrations.sending.far_side import CREATE, VERIFY, Differences, FarSide
from integrations.sending.frozen import thaw
from integrations.sending.problem_kinds import Found

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

OWED = "owed"
# What the invoice owed when the payment was read again, beside what Alegra said of it.
_BALANCE = "balance_of_invoice"


class PaymentSide(FarSide[Payment, AlegraPayment]):
    action = "registrar pagos"
    reading = "leer pagos"
    positions = {OWED: 1, CREATE: 2, VERIFY: 3}

    create = staticmethod(payments.create)
    read = staticmethod(payments.read)

    def place(self, work: Payment) -> Hashable:
        return work.document.alegra_id

    def looked_for(self, client: AlegraClient, work: Payment) -> Iterable[AlegraPayment]:
        """The payments of its invoice: no list of payments is by day or by invoice (Alegra
        reference, "Payments"). Of an invoice that is gone there is none."""
        return paid_with(client, invoice_of(client, work))

    def before_again(self, turn: Turn, work: Payment) -> Decided | None:
        return again.before_again(turn, work, self)

    def question(self, work: Payment, rows: Iterable[AlegraPayment]) -> Found | None:
        """None: whatever else the invoice has is judged when it is read, right before it would
        be sent."""
        return None

    def refused(
        self, turn: Turn, work: Payment, error: AlegraError, asked: Asked
    ) -> Decided | None:
        return refusal.explained(turn, work, error, asked)

    def expected(self, work: Payment) -> Any:
        return {"valor": work.amount, "cuenta": work.account_name}

    def completed(self, client: AlegraClient, work: Payment, found: AlegraPayment) -> AlegraPayment:
        if not work.left_out:
            return found
        invoice = invoice_of(client, work)
        owed = None if invoice is None else payments.owed(invoice)
        return replace(found, raw={**found.raw, _BALANCE: owed})

    def differences(
        self, work: Payment, found: AlegraPayment, *, is_read: bool
    ) -> Differences | None:
        if not is_read and not (found.amount and found.invoices):
            return None
        wrong = _wrong(work, found)
        asked = [about(work, "payment_differs", what="; ".join(wrong))] if wrong else []
        rest = work.left_out
        if rest and found.raw.get(_BALANCE, rest) != 0:
            asked.append(rest_of(work, rest))
            wrong.append(_("falta lo que se recibió antes"))
        return Differences(
            problems=asked,
            words=wrong,
            expected=self.expected(work),
            output={"valor": found.amount, "número": found.number},
            columns=_as_told(work, found),
        )


def _as_told(work: Payment, found: AlegraPayment) -> dict[str, Any]:
    """What is kept of it. One that the database had forgotten says itself what was sent."""
    columns = {
        "number": (found.number or "")[:40],
        "account_name": (found.bank_account_name or work.account_name)[:200],
    }
    if work.amount is None:
        columns |= {
            "amount": found.amount,
            "account": found.bank_account_id[:64],
            "method": found.method[:20],
            "doc_date": found.date,
        }
    return columns


def _wrong(work: Payment, found: AlegraPayment) -> list[str]:
    """Sentences, of what Alegra tells; what it leaves out is no difference."""
    sent = thaw(work.payload or {})
    wrong = []
    if found.status == VOID:
        wrong.append(_("está anulado"))
    if work.amount is not None and not is_right(found.amount, work.amount):
        wrong.append(_("su valor es %(found)s") % {"found": pesos(found.amount)})
    account = str((sent.get("bankAccount") or {}).get("id", ""))
    if account and found.bank_account_id not in ("", account):
        wrong.append(_("está en otra cuenta"))
    ids = {each.invoice_id for each in found.invoices}
    if ids and work.document.alegra_id not in ids:
        wrong.append(_("es de otra factura"))
    return wrong


PAYMENTS = PaymentSide()
