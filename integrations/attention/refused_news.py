"""Refused events in the words of the notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q

from integrations.colombia.peso_text import number
from integrations.connections.models import Integration
from integrations.intake import refused
from integrations.intake.models import RefusedEvents
from integrations.notifications.news import RefusedNews, Told

# Open runs, and closed ones whose end was not mailed yet although their beginning was.
TO_TELL = Q(closed_at=None) | Q(
    closed_mailed_at=None, mailed_at__isnull=False, mailed_at__gte=F("first_at")
)


def news(places: dict[int, Integration]) -> Iterable[RefusedNews]:
    rows = RefusedEvents.objects.filter(TO_TELL, integration__in=list(places))
    for row in rows.order_by("pk"):
        place = places[row.integration_id]
        if place.state == Integration.State.SETUP:
            # Whoever sets it up is looking at it.
            continue
        told = refused.told(row, place)
        codes = tuple(reason.code for reason in told.reasons)
        yield RefusedNews(
            row_id=row.pk,
            integration_id=place.pk,
            integration_name=place.name,
            headline=told.headline,
            reasons=tuple(
                f"{number(reason.count)} {reason.text}. {reason.correction}"
                for reason in told.reasons
            ),
            codes=codes,
            untold=tuple(code for code in codes if code not in row.told.split(",")),
            count=row.total,
            since=row.first_at,
            last_at=row.last_at,
            can_fetch=told.can_fetch,
            cure_path=told.page,
            told=row.told,
            mailed_at=row.mailed_at,
            closed_at=row.closed_at,
            brought=row.fetch_brought,
        )


def mark(news: RefusedNews, told: Told, now: datetime) -> bool:
    rows = RefusedEvents.objects.filter(pk=news.row_id, mailed_at=news.mailed_at)
    if told is Told.OVER:
        return bool(rows.filter(closed_mailed_at=None).update(closed_mailed_at=now))
    known = dict.fromkeys([*filter(None, news.told.split(",")), *news.codes])
    return bool(rows.filter(told=news.told).update(mailed_at=now, told=",".join(known)))
