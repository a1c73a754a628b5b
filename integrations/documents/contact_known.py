"""Orders of buyers who are known by now let nobody ahead any more."""

from __future__ import annotations

from django.db.models import QuerySet

from integrations.connections.models import AlegraCompany
from integrations.documents import contact_index
from integrations.documents.models import Document
from integrations.orders.buyer import effective_buyer
from integrations.sending.states import State
from integrations.timekeeping import clock

# Looked through after each page of contacts; the rest is after the next one.
MOST = 500


def is_made(company: AlegraCompany, number: str) -> None:
    """The contact of this identification, as its orders have it, was just made."""
    if number:
        _go(_waiting(company).filter(order__buyer_doc_number=number))


def are_read(company: AlegraCompany) -> None:
    """More of the company's contacts are known: their orders may have come before."""
    waiting = _waiting(company).select_related("order").order_by("next_attempt_at", "pk")
    known = [
        document.pk
        for document in waiting[:MOST]
        if not contact_index.is_stranger(company, effective_buyer(document.order).doc_number)
    ]
    if known:
        _go(_waiting(company).filter(pk__in=known))


def _waiting(company: AlegraCompany) -> QuerySet[Document]:
    free = Document.lease.free(clock.now())
    rows = Document.objects.filter(free, company=company, needs_contact=True)
    return rows.filter(state=State.PENDING, failures=0, next_attempt_at__isnull=False)


def _go(rows: QuerySet[Document]) -> None:
    rows.update(needs_contact=False, next_attempt_at=clock.now())
