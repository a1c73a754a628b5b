"""The notices about what a comparison of a company's books found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from integrations.books import words
from integrations.books.models import BooksAudit, BooksFinding
from integrations.connections.models import Integration
from integrations.notifications.news import BooksNews, Told

TO_TELL = Q(state=BooksAudit.State.COMPARED, opened__gt=0, mailed_at=None)
LINES = 5


def news(places: dict[int, Integration]) -> Iterable[BooksNews]:
    for audit in BooksAudit.objects.filter(TO_TELL).select_related("company").order_by("pk"):
        using = [each for each in places.values() if each.company_id == audit.company_id]
        rows = BooksFinding.objects.filter(first_audit=audit, closed_at=None)
        count = rows.count()
        if not using or not count:
            continue
        place = min(using, key=lambda each: each.pk)
        shown = rows.order_by("pk")[:LINES]
        yield BooksNews(
            audit_id=audit.pk,
            integration_id=place.pk,
            company=audit.company.name,
            lines=tuple(f"{words.name_of(row)}. {words.sentence(row)}" for row in shown),
            count=count,
            cure_path=reverse("books", args=[place.organization.slug]),
        )


def mark(news: BooksNews, _told: Told, now: datetime) -> bool:
    rows = BooksAudit.objects.filter(pk=news.audit_id, mailed_at=None)
    return bool(rows.update(mailed_at=now))
