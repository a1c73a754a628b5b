"""The payment of an invoice begins when the invoice is issued, whoever emitted it.

Only then, and only as the settings are at that moment: turning *Registrar el pago* on later makes
nothing due for what was issued before.
"""

from __future__ import annotations

from django.db import transaction

from integrations.configuration.lookup import settings_of
from integrations.configuration.models import DocumentSettings
from integrations.documents.models import Document
from integrations.payments.models import Payment
from integrations.sending import hints
from integrations.sending.marker import make_marker
from integrations.sending.models import Work
from integrations.sending.states import State, Why
from integrations.sending.transition import begin
from integrations.timekeeping import clock


@transaction.atomic(savepoint=False)
def begin_payment(document: Document) -> Payment | None:
    """The row of its payment, due now; None where none is to be registered.

    Called inside of the transaction that makes the document ISSUED. Asked twice it finds the
    first one.
    """
    if document.kind != DocumentSettings.Kind.INVOICE or not is_wanted(document):
        return None
    known = Payment.objects.filter(document=document).first()
    if known is not None:
        return known
    now, order = clock.now(), document.order
    payment = begin(
        Payment,
        State.PENDING,
        now=now,
        why=Why.DECIDED,
        organization_id=document.organization_id,
        integration=document.integration,
        company=document.company,
        alegra_user=document.alegra_user,
        order=order,
        document=document,
        priority=_priority(document),
        marker=make_marker(
            document.integration.source_key,
            marked_by(order.number),
            document.cycle,
            occurrence=order.occurrence,
        ),
        next_attempt_at=now,
    )
    hints.hint(document.alegra_user_id)
    return payment


def marked_by(number: str) -> str:
    """The text from which the marker of a payment of the order with this number is made."""
    return f"payment {number}"


def is_wanted(document: Document) -> bool:
    """*Registrar el pago* says so, and the plan has banks; a missing account is asked for."""
    settings = settings_of(document.integration)
    return settings.register_payment == DocumentSettings.RegisterPayment.ON_ISSUE and (
        document.integration.company.has_banks
    )


def _priority(document: Document) -> int:
    """Behind every live document, so that none waits for a payment, and ahead of past orders;
    those of past orders wait among these."""
    if document.priority == Work.Priority.BACKFILL:
        return Work.Priority.BACKFILL
    return Work.Priority.RETRY
