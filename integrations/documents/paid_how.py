"""What an answer about a payment changes: every order of it that has no document yet."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from integrations.configuration import answers
from integrations.configuration.lookup import method_key
from integrations.configuration.questions import PAYMENT_METHOD, PAYMENT_OF_ORDER
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.mastershop import payment_methods
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders.models import Order
from integrations.sending.states import State
from integrations.timekeeping import clock

# Nothing of it is in Alegra, or may be.
_UNDOCUMENTED = Q(document=None) | Q(
    Q(document__sends=0) | Q(document__payload__isnull=True),
    document__alegra_id="",
    document__state__in=[
        State.PENDING, State.BLOCKED, State.AWAITING_APPROVAL, State.SKIPPED, State.DISMISSED,
    ],
)  # fmt: skip


def connect() -> None:
    for code, follower in ((PAYMENT_METHOD, _method_answered), (PAYMENT_OF_ORDER, _order_answered)):
        if follower not in answers.followers[code]:
            answers.followers[code].append(follower)


def _method_answered(integration: Integration, method: str, family: str) -> None:
    """`method` as its equivalence holds it; orders hold the name as it was written."""
    rows = Order.objects.filter(integration=integration).exclude(method="")
    names = [
        name
        for name in rows.order_by().values_list("method", flat=True).distinct()
        if method_key(name) == method and payment_methods.family(name) == UNKNOWN
    ]
    _change(rows.filter(method__in=names), family)


def _order_answered(integration: Integration, key: str, family: str) -> None:
    found = Order.of_key(integration, key)
    rows = Order.objects.filter(pk=found.pk if found else None, method="")
    # Taken back, nobody has said it any more.
    _change(rows, family or UNKNOWN)


def _change(orders: QuerySet[Order], family: str) -> None:
    """Of another answer than before every order is decided anew, as after a change of its own;
    those that waited for the first one are freed together."""
    rows = orders.filter(_UNDOCUMENTED).exclude(family=family)
    decided = list(rows.exclude(family=UNKNOWN).values_list("pk", flat=True))
    rows.update(family=family)
    now = clock.now()
    for pk in decided:
        issue_document(Order.objects.get(pk=pk), now=now)
