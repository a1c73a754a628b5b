"""What another answer to *¿Quién le vende al consumidor final?* changes.

Colombian invoicing reference, "Who invoices whom": who sells to the final consumer invoices the
total, and nobody else invoices that buyer.
"""

from __future__ import annotations

from django.db.models import F

from integrations.configuration import answers
from integrations.configuration.questions import WHO_SELLS
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.states import State
from integrations.timekeeping import clock

WITHDRAWABLE = (State.PENDING, State.BLOCKED, State.AWAITING_APPROVAL)


def connect() -> None:
    if _answered not in answers.followers[WHO_SELLS]:
        answers.followers[WHO_SELLS].append(_answered)


def _answered(integration: Integration, _subject: str, value: str) -> None:
    """What is not in Alegra yet is left out where another sells. Where it is the merchant after
    all, what was left out becomes past orders, which leave only after a person's yes."""
    now = clock.now()
    if value == Integration.Seller.OTHER:
        waiting = Document.objects.filter(
            integration=integration, state__in=WITHDRAWABLE, order__document=F("pk")
        )
        orders = [row.order_id for row in waiting if row.may_be_withdrawn]
    else:
        left_out = Document.objects.filter(
            integration=integration,
            state=State.SKIPPED,
            reason="other_seller",
            order__document=F("pk"),
        )
        orders = list(left_out.values_list("order_id", flat=True))
        if orders:
            Integration.objects.filter(pk=integration.pk).update(automatic_from=now)
            integration.automatic_from = now
    for pk in orders:
        issue_document(Order.objects.get(pk=pk), now=now)
