"""The life of a finding: it opens, is seen again, is settled by a person, or closes when gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.audit import trail
from integrations.books.differences import Difference
from integrations.books.models import BooksAudit, BooksFinding
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.payments.models import Payment
from integrations.sending.models import Work

LONGEST_REASON = 200


@dataclass(frozen=True)
class Spotted:
    """A difference with the row of Alegra's and the work or order that it is about."""

    difference: Difference
    found_in: str
    alegra_id: str
    number: str = ""
    date: date | None = None
    marker: str = ""
    work: Work | None = None
    order: Order | None = None

    @classmethod
    def of_row(
        cls, difference: Difference, found_in: str, row: Any, *, work: Work | None = None,
        order: Order | None = None, marker: str = "",
    ) -> Spotted:  # fmt: skip
        number = (row.number or "")[:40]
        return cls(difference, found_in, row.id, number, row.date, marker, work, order)


def keep(audit: BooksAudit, spotted: Spotted, *, now: datetime) -> bool:
    """Open a finding, or note that it was seen again. False where a person settled exactly this."""
    difference, order = spotted.difference, spotted.order
    if order is None and spotted.work is not None:
        order = spotted.work.order
    key = {
        "company_id": audit.company_id,
        "code": difference.code,
        "found_in": spotted.found_in,
        "alegra_id": spotted.alegra_id,
        "marker": spotted.marker,
    }
    told = {
        "number": spotted.number,
        "date": spotted.date,
        "params": difference.params,
        "exactly": difference.exactly,
        "last_audit": audit,
        "last_at": now,
    }
    rows = BooksFinding.objects.filter(**key)
    if rows.filter(closed_at=None).update(**told):
        return True
    settled = rows.filter(closed_how=BooksFinding.How.SETTLED).order_by("-closed_at").first()
    if settled is not None and settled.exactly == difference.exactly:
        return False
    BooksFinding.objects.create(
        organization_id=audit.organization_id,
        **key,
        **told,
        first_audit=audit,
        first_at=now,
        document=_document_of(spotted.work, order),
        order=order,
        order_number="" if order is None else order.number,
    )
    return True


def is_still_unknown(
    audit: BooksAudit, found_in: str, alegra_ids: Sequence[str] | QuerySet[Any] | None = None
) -> None:
    """Keep the findings of these ids open in this audit, because their rows could not be compared;
    without ids, those of the whole list."""
    rows = open_ones(audit.company_id).filter(found_in=found_in)
    if alegra_ids is not None:
        rows = rows.filter(alegra_id__in=alegra_ids)
    rows.update(last_audit=audit)


def close_gone(audit: BooksAudit, *, now: datetime) -> int:
    """Close the findings that were in the window, or read by id, and were not found again."""
    in_window = Q(date=None) | Q(date__gte=audit.from_day, date__lte=audit.to_day)
    # Also a finding dated outside of the window whose row a list shows again.
    seen = audit.seen.filter(found_in=OuterRef("found_in"), alegra_id=OuterRef("alegra_id"))
    rows = open_ones(audit.company_id).filter(in_window | Exists(seen)).exclude(last_audit=audit)
    return rows.update(closed_at=now, closed_how=BooksFinding.How.GONE)


def open_ones(company_id: int | None = None):
    rows = BooksFinding.objects.filter(closed_at=None)
    return rows if company_id is None else rows.filter(company_id=company_id)


@transaction.atomic
def settle(finding: BooksFinding, *, reason: str, by: Any, now: datetime, request=None) -> bool:
    """*Está bien así*: close it, and ask no more while the difference stays the same. False where
    it is closed already, or is another difference than the person saw."""
    rows = BooksFinding.objects.filter(pk=finding.pk, closed_at=None, exactly=finding.exactly)
    if not rows.update(
        closed_at=now,
        closed_how=BooksFinding.How.SETTLED,
        closed_by=trail.name_of(by)[:120],
        reason=reason[:LONGEST_REASON],
    ):
        return False
    trail.record(
        action="books.settle", target=finding, actor=by, request=request,
        after={"code": finding.code, "alegra_id": finding.alegra_id, "reason": reason},
    )  # fmt: skip
    return True


def _document_of(work: Work | None, order: Order | None) -> Document | None:
    if isinstance(work, Payment):
        return work.document
    if isinstance(work, Document):
        return work
    return None if order is None else order.document
