"""What is answered about a number that came twice: another sale, or the same one corrected."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from integrations.configuration import answers
from integrations.configuration.answers import AnsweredTooLate
from integrations.configuration.questions import NUMBER_TWICE, THE_SAME
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document, locked_order
from integrations.documents.models import Document
from integrations.orders import told_again
from integrations.orders.models import Order
from integrations.sending.states import NOT_LIVE
from integrations.timekeeping import clock


def connect() -> None:
    if _answered not in answers.followers[NUMBER_TWICE]:
        answers.followers[NUMBER_TWICE].append(_answered)


def _answered(integration: Integration, key: str, value: str) -> None:
    """In the transaction that keeps the answer, or takes it back."""
    found = Order.of_key(integration, key)
    if found is None or found.may_be_id is None:
        return
    now = clock.now()
    # In the order of their rows, as whoever records an event locks them.
    rows = Order.objects.filter(integration=integration, number=found.number)
    for order in rows.order_by("pk"):
        locked_order(order)
    row = locked_order(found)
    if value == THE_SAME:
        if not _can_still_be_left_out(row.document, now):
            raise AnsweredTooLate(_("El documento de este pedido ya salió: es otra venta."))
        issue_document(told_again.make_one(row, now=now), now=now)
    issue_document(row, now=now)


def _can_still_be_left_out(document: Document | None, now: datetime) -> bool:
    """Not once a worker holds it: it may be past its last look at the order."""
    if document is None or document.state in NOT_LIVE:
        return True
    return document.may_be_withdrawn and not document.lease.is_held(document, now)
