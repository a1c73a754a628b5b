"""Two orders that look like one sale: the same store reference, buyer and total.

MasterShop reference, amounts: a sale with two suppliers is split into orders whose references
differ by a suffix, so an equal reference is no proof. The later of the two asks, once.
"""

from __future__ import annotations

import re

from django.db.models import Q

from integrations.colombia.peso_text import pesos
from integrations.documents.models import Document, DocumentProblem
from integrations.mastershop import statuses
from integrations.orders.models import Order
from integrations.scoping.prepared import Prepared
from integrations.sending.problem_kinds import Found
from integrations.sending.states import State
from integrations.timekeeping.timing import SAME_SALE_WITHIN

CODE = "same_sale"
# A shop that counts its references anew, or writes one word in all, repeats them later than this.
_MOST = 20
_SHORTEST_NUMBER = 5
_NOT_A_DIGIT = re.compile(r"\D")


def question(order: Order) -> Found | None:
    """What to ask about the order, or None. Makes no call.

    The other one has its document in Alegra or outside, or its row is the older of the two; so
    of two that wait together one goes. What a person denied is not asked again, of neither.
    """
    if not order.external_key or not order.total_pesos:
        return None
    other = next((each for each in _like(order) if not _is_denied(order, each)), None)
    if other is None:
        return None
    about = {
        "order": order.number,
        "order_id": order.pk,
        "other": other.number,
        "other_id": other.pk,
        "reference": order.external_number,
        "total": pesos(order.total),
    }
    return Found(CODE, order.key, about)


def deny(document: Document) -> list[str]:
    """A person who read the question says that they are two sales; the other orders' numbers."""
    denied = []
    for problem in document.problems.filter(code=CODE, closed_at=None):
        problem.params = {**problem.params, "denied": True}
        problem.save(update_fields=["params"])
        denied.append(str(problem.params.get("other")))
    return denied


def _like(order: Order) -> list[Order]:
    rows = _told_alike(
        order=order.pk,
        # Without a document of its own none is older than that.
        mine=order.document_id or 0,
        company=order.integration.company_id,
        reference=order.external_key,
        total=order.total_pesos,
        since=order.first_seen_at - SAME_SALE_WITHIN,
        until=order.first_seen_at + SAME_SALE_WITHIN,
    )
    return [each for each in rows if _is_one_buyer(order, each)]


_told_alike = Prepared(
    lambda order, mine, company, reference, total, since, until: (
        Order.objects.filter(
            ~Q(document__alegra_id="")
            | Q(document__state=State.EXTERNAL)
            | Q(document_id__lt=mine),
            integration__company_id=company,
            external_key=reference,
            total_pesos=total,
            document__live=True,
            first_seen_at__gte=since,
            first_seen_at__lte=until,
        )
        .exclude(pk=order)
        .exclude(status__in=[status.code for status in statuses.STATUSES if status.reverses])
        .order_by("pk")[:_MOST]
    )
)


def _is_one_buyer(order: Order, other: Order) -> bool:
    """By identification where both have one, else by name or telephone."""
    numbers = [_digits(each.buyer_doc_number) for each in (order, other)]
    if all(len(number) >= _SHORTEST_NUMBER for number in numbers):
        return numbers[0] == numbers[1]
    if order.buyer_key and order.buyer_key == other.buyer_key:
        return True
    phones = [_digits(each.buyer_phone)[-10:] for each in (order, other)]
    return len(phones[0]) == 10 and phones[0] == phones[1]


def _digits(text: str) -> str:
    return _NOT_A_DIGIT.sub("", text)


def _is_denied(order: Order, other: Order) -> bool:
    denied = DocumentProblem.objects.filter(code=CODE, order__in=[order, other])
    pair = {order.pk, other.pk}
    return any(
        problem.params.get("denied")
        and {problem.params.get("order_id"), problem.params.get("other_id")} == pair
        for problem in denied
    )
