"""The notices about a database that went back to an older copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from integrations.connections.models import Integration
from integrations.notifications.news import RestoreNews, Told
from integrations.sending.safe_start.models import CompanyLook
from integrations.sending.safe_start.standing import Standing

# Checks whose beginning was not mailed yet, and ended ones whose end was not.
TO_TELL = Q(noticed_at__isnull=False) & (
    Q(mailed_at=None) | Q(ended_at__isnull=False, ended_mailed_at=None)
)


def news(places: dict[int, Integration], held: dict[int, tuple[int, int]]) -> Iterable[RestoreNews]:
    for look in CompanyLook.objects.filter(TO_TELL).select_related("company").order_by("pk"):
        using = [each for each in places.values() if each.company_id == look.company_id]
        if not using:
            continue
        using.sort(key=lambda place: place.pk)
        standing = Standing(look, look.company)
        yield RestoreNews(
            look_id=look.pk,
            integration_id=using[0].pk,
            company=look.company.name,
            integrations=tuple(place.name for place in using),
            lists=tuple(each.lower() for each in standing.lists_read),
            found=standing.found,
            what=tuple(each.words for each in standing.counted),
            adopted=standing.adopted,
            waiting=standing.waiting,
            orders=sum(held.get(place.pk, (0, 0))[0] for place in using),
            pesos=sum(held.get(place.pk, (0, 0))[1] for place in using),
            noticed_at=look.noticed_at,
            cure_path=reverse("restore_check", args=[using[0].organization.slug, using[0].pk]),
            ended_at=look.ended_at,
            mailed_at=look.mailed_at,
        )


def mark(news: RestoreNews, told: Told, now: datetime) -> bool:
    rows = CompanyLook.objects.filter(pk=news.look_id, noticed_at=news.noticed_at)
    if told is Told.OVER:
        return bool(rows.filter(ended_mailed_at=None).update(ended_mailed_at=now))
    return bool(rows.filter(mailed_at=None).update(mailed_at=now))
