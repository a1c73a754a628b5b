"""What a claimed payment needs: its invoice is read first, and what it owes is registered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from integrations.alegra import payments
from integrations.alegra.invoices import Invoice
from integrations.colombia.dates import bogota_today
from integrations.colombia.payment_means import payment_method
from integrations.colombia.peso_text import pesos
from integrations.configuration.lookup import Account, settings_of
from integrations.configuration.models import DocumentSettings
from integrations.configuration.references import name_of
from integrations.connections.models import ReferenceEntry
from integrations.documents.beside import happened, reversal_of
from integrations.documents.choices import account_and_problems
from integrations.orders.reached import delivered_at
from integrations.payments import answered
from integrations.payments.far_side import OWED, PAYMENTS
from integrations.payments.models import Payment
from integrations.payments.owed import Owed, gone, judge, subject_of
from integrations.payments.reading import (
    invoice_of,
    locked_settings,
    ours_among,
    paid_with,
    read_rows,
)
from integrations.sending import healing, trying
from integrations.sending.about import about
from integrations.sending.asking import asking
from integrations.sending.confirm import adopt
from integrations.sending.create_once import create_once
from integrations.sending.decided import (
    Decided,
    Locked,
    Next,
    StepEnd,
    StepFunction,
    blocked,
    give_back,
    go_on,
)
from integrations.sending.exactly_once import advance
from integrations.sending.lost_answer import create_step
from integrations.sending.models import Step
from integrations.sending.problem_kinds import Found
from integrations.sending.safe_start.adopting import forgotten_of, taken
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Reasons of rows that end without a payment of ours.
WORTHLESS, RECEIVED_BEFORE = "worth_nothing", "received_before"


def start(turn: Turn, payment: Payment) -> Decided:
    read_rows(payment)
    return advance(turn, payment, far=PAYMENTS, make=make, waits=waits)


def waits(turn: Turn, payment: Payment, again: StepFunction) -> Decided | None:
    """What becomes of one that is not to be registered now: its order is no sale any more, or
    *Registrar el pago* was switched off. None where it is."""
    read_rows(payment)
    if payment.order.reread_next_at is not None:
        # An unsigned change is being read again at its source: not yet believed.
        return give_back(payment, at=clock.now() + timing().delta("held"))
    status, is_doubted = reversal_of(payment.order)
    if status:
        words = {"status": status, "happened": happened(status, is_doubted=is_doubted)}
        asked = about(payment, "payment_reversed", **words)
        if subject_of(asked.code, asked.params) not in answered.agreed(payment):
            return blocked([asked], unfreeze=not payment.may_be_there)
    if _off(settings_of(payment.integration)):
        return _held(payment, _off)
    return None


def make(turn: Turn, payment: Payment) -> Decided:
    """Alegra has none of it: what the invoice owes is read, and that is sent."""
    if refused := trying.held_by(payment, PAYMENTS.action):
        return blocked([refused])
    account, problems = account_and_problems(payment.order, settings_of(payment.integration))
    if problems or account is None:
        return _held(payment, lambda settings: account_and_problems(payment.order, settings)[1])
    step = PAYMENTS.begin(payment, OWED, input={"factura": payment.document.number})
    with asking(turn, payment, step, action="leer facturas de venta") as call:
        invoice = invoice_of(call.client, payment)
        # One of ours that the database does not know, as after a restore.
        ours = ours_among(paid_with(call.client, invoice), payment)
    if ours:
        rows = forgotten_of(payment)
        after = (partial(taken, rows),) if rows else ()
        step = create_step(payment, PAYMENTS)
        return adopt(turn, payment, PAYMENTS, step, ours, after=after)
    if invoice is None:
        return blocked([gone(payment)], call.step)
    judged = judge(payment, invoice, agreed=answered.agreed(payment))
    if isinstance(judged, Found):
        return blocked([judged], call.step)
    if judged is None or not judged.amount:
        return _ends(call.step, judged)
    return _goes(payment, invoice, judged, account, call.step)


def _ends(step: Step, judged: Owed | None) -> Next:
    """Nothing is to be registered: it is worth nothing, or all of it was registered before."""
    state, reason = (
        (State.SKIPPED, WORTHLESS) if judged is None else (State.EXTERNAL, RECEIVED_BEFORE)
    )
    why = Why.WORTHLESS if judged is None else Why.READ
    note = _("La factura no debe nada.")
    ended = StepEnd(step, StepState.DONE, Outcome.OK, note)
    return Next(state, why, problems=(), columns={"reason": reason}, ended=(ended,))


def _goes(payment: Payment, invoice: Invoice, owed: Owed, account: Account, step: Step) -> Decided:
    method = payment_method(account.means)
    body = _body(payment, invoice, owed.amount, account.account, method)
    note = _("Debe %(owed)s.") % {"owed": pesos(payments.owed(invoice))}
    output = {"total": invoice.total, "saldo": payments.owed(invoice)}
    return go_on(
        payment,
        partial(create_once, far=PAYMENTS, body=body, waits=waits),
        columns={
            "amount": owed.amount,
            "left_out": owed.left_out or None,
            "account": account.account,
            "account_name": name_of(
                payment.company_id, ReferenceEntry.Kind.BANK_ACCOUNT, account.account
            ),
            "method": method,
        },
        problems=(),
        spares=trying.TRIED | healing.OURS,
        ended=(StepEnd(step, StepState.DONE, Outcome.OK, note, output),),
    )


def _body(
    payment: Payment, invoice: Invoice, amount: Decimal, account: str, method: str
) -> dict[str, Any]:
    """Alegra reference, "Payments": one invoice, one account; `observations` ends with the
    marker when it is sent."""
    return {
        "date": day_of_payment(payment, invoice).isoformat(),
        "type": "in",
        "bankAccount": {"id": account},
        "client": {"id": invoice.client_id},
        "paymentMethod": method,
        "observations": f"Recaudo pedido {payment.order.number}",
        "invoices": [{"id": invoice.id, "amount": amount}],
    }


def day_of_payment(payment: Payment, invoice: Invoice) -> date:
    """The later of delivery and invoice; in closed books the first open day (product rules,
    *The document is made*)."""
    issued = invoice.date or payment.document.doc_date or bogota_today(clock.now())
    delivered = delivered_at(payment.order)
    day = issued if delivered is None else max(issued, bogota_today(delivered))
    closed = payment.integration.company.books_closed_until
    return day if closed is None or day > closed else closed + timedelta(days=1)


def _off(settings: DocumentSettings) -> list[Found]:
    """Those that wait when *Nunca* is chosen are left, and go when it is taken back."""
    is_off = settings.register_payment == DocumentSettings.RegisterPayment.NEVER
    return [Found("payment_off")] if is_off else []


def _held(payment: Payment, lacking: Callable[[DocumentSettings], list[Found]]) -> Locked:
    """Blocked on what the settings lack, unless that came while it was found missing."""

    def under_the_lock() -> Next:
        settings = locked_settings(payment)
        settings.integration = payment.integration
        found = lacking(settings)
        if not found:
            return give_back(payment, at=clock.now())
        return blocked(found, unfreeze=not payment.may_be_there)

    return Locked(under_the_lock)
