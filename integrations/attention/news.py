"""What there is to tell, put into the words of the notices: causes, logins and pauses.

The notices stand below everything they speak of, so it is brought down to them from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, Min, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from integrations.attention import (
    books_news,
    news_words,
    refused_news,
    restore_news,
    standstill_news,
)
from integrations.attention.awaited import WORDS, awaited, with_drafts
from integrations.attention.repeated import repeated
from integrations.books.models import BooksAudit
from integrations.connections.lookup import integration_or_404, integrations
from integrations.connections.models import Credential, Integration
from integrations.intake.models import RefusedEvents
from integrations.notifications import sources
from integrations.notifications.news import (
    BooksNews,
    CauseNews,
    CredentialNews,
    News,
    OrderRow,
    RefusedNews,
    Repeated,
    RestoreNews,
    Told,
)
from integrations.scoping.context import unscoped
from integrations.sending import querysets
from integrations.sending.models import Cause, Problem
from integrations.sending.problem_kinds import cure_label, cure_url, kind_of
from integrations.sending.registry import kinds
from integrations.sending.safe_start.models import CompanyLook
from integrations.timekeeping.timing import timing

_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# Solved causes whose opening was told and whose end was not.
_SOLVED_TO_TELL = (
    querysets.SOLVED
    & Q(ignored_reason="")
    & (Q(mailed_at__isnull=False, solved_mailed_at=None) | Q(digested_at__lt=F("solved_at")))
)
_OPEN = querysets.OPEN & Q(ignored_reason="")


def _stirs(now: datetime) -> Q:
    """Causes about which something may have to be told at this moment."""
    a_day_ago = now - timing().delta("reminder_every")
    return _SOLVED_TO_TELL | _OPEN & (
        Q(digested_at=None) | Q(last_at__gt=F("digested_at")) | Q(digested_at__lte=a_day_ago)
    )


def connect() -> None:
    """Once, when the house is put together."""
    sources.register(_portal)


class PortalNews:
    """The one source of news: everything the portal knows about an organization."""

    def organizations(self, now: datetime) -> Iterable[int]:
        with unscoped("notices of all tenants are due"):
            queries = (
                Cause.objects.filter(_stirs(now)),
                Credential.objects.filter(standstill_news.PAUSED_LOGIN),
                Integration.objects.filter(standstill_news.PAUSE_TO_TELL),
                RefusedEvents.objects.filter(refused_news.TO_TELL),
                CompanyLook.objects.filter(restore_news.TO_TELL),
                BooksAudit.objects.filter(books_news.TO_TELL),
            )
            return {
                organization_id
                for rows in queries
                for organization_id in rows.order_by()
                .values_list("organization_id", flat=True)
                .distinct()
            }

    def news(self, organization_id: int, now: datetime) -> Iterable[News]:
        places = {row.pk: row for row in integrations().active()}
        if not places:
            return
        held = standstill_news.waiting()
        yield from standstill_news.credentials(places, held)
        yield from standstill_news.pauses(places, held)
        yield from refused_news.news(places)
        yield from restore_news.news(places, held)
        yield from books_news.news(places)
        yield from _causes(places, now)

    def rows(self, news: CauseNews, limit: int) -> tuple[OrderRow, ...]:
        problems = [
            problem
            for kind in kinds()
            for problem in kind.problem.objects.filter(cause_id=news.cause_id, closed_at=None)
            .exclude(order=None)
            .select_related("order", "organization")
            .only("order__number", "order__total_pesos", "organization__slug", "opened_at")
            .order_by("-opened_at", "-pk")[: limit * 2]
        ]
        problems.sort(key=lambda problem: problem.opened_at, reverse=True)
        # A work may have two problems with one cause; its order is named once.
        orders: dict[int, Problem] = {}
        for problem in problems:
            orders.setdefault(problem.order_id, problem)
        return tuple(
            OrderRow(
                problem.order.number,
                problem.order.total_pesos,
                reverse("order", args=[problem.organization.slug, problem.order_id]),
            )
            for problem in list(orders.values())[:limit]
        )

    def repeated(self, causes: Collection[CauseNews]) -> Repeated:
        return repeated(causes)

    def mark(self, news: News, told: Told, now: datetime) -> bool:
        if isinstance(news, CauseNews):
            return _mark_cause(news, told, now)
        if isinstance(news, CredentialNews):
            return standstill_news.mark_credential(news, told, now)
        if isinstance(news, RefusedNews):
            return refused_news.mark(news, told, now)
        if isinstance(news, RestoreNews):
            return restore_news.mark(news, told, now)
        if isinstance(news, BooksNews):
            return books_news.mark(news, told, now)
        return standstill_news.mark_pause(news, told, now)

    def integration(self, integration_id: int) -> Any:
        return integration_or_404(integration_id)


_portal = PortalNews()


# --- Causes --------------------------------------------------------------------------------
def _causes(places: dict[int, Integration], now: datetime) -> Iterable[CauseNews]:
    causes = list(Cause.objects.filter(_OPEN | _SOLVED_TO_TELL, integration__in=list(places)))
    if not causes:
        return
    new = _new_orders()
    of_drafts = with_drafts(cause for cause in causes if cause.is_open)
    waits_for = awaited(cause for cause in causes if cause.is_open)
    told_before = _told_lately(now)
    open_keys = {_key(cause) for cause in causes if cause.is_open}
    for cause in causes:
        place = places[cause.integration_id]
        slug = place.organization.slug
        is_open = cause.is_open
        count, since = new.get(cause.pk, (0, None))
        yield CauseNews(
            cause_id=cause.pk,
            integration_id=place.pk,
            integration_name=place.name,
            code=cause.code,
            group=_group(cause),
            headline=news_words.headline(cause),
            orders=cause.open_count if is_open else cause.solved_count,
            pesos=cause.pesos if is_open else cause.solved_pesos,
            since=cause.first_at,
            cure_label=cure_label(cause.code),
            cure_path=cure_url(
                cause.code, organization=slug, integration=place.pk, params=cause.params
            ),
            list_path=reverse("attention", args=[slug]),
            heals_itself=kind_of(cause.code).heals_itself,
            holds=kind_of(cause.code).blocks,
            of_drafts=cause.pk in of_drafts,
            waits_for=str(WORDS[waits_for.get(cause.pk, "you")]),
            urgent=kind_of(cause.code).urgent,
            mailed_at=cause.mailed_at,
            digested_at=cause.digested_at,
            told_before=max(
                (at for pk, at in told_before[_group(cause)] if pk != cause.pk), default=None
            ),
            new_orders=count,
            new_since=since,
            solved_at=None if is_open else cause.solved_at,
            solved_mailed_at=cause.solved_mailed_at,
            reopened=not is_open and _key(cause) in open_keys,
        )


def _key(cause: Cause) -> tuple[int, str, str]:
    return cause.integration_id, cause.code, cause.subject_key


def _group(cause: Cause) -> str:
    """Problems that each order has for itself count as one thing: never a mail per order."""
    subject = "" if kind_of(cause.code).per_order else cause.subject_key
    return f"{cause.integration_id}/{cause.code}/{subject}"


def _new_orders() -> dict[int, tuple[int, datetime]]:
    """For each open cause: how many problems opened since it was told last, and the first."""
    told = Coalesce(
        "cause__digested_at",
        "cause__mailed_at",
        Value(_NEVER, output_field=DateTimeField()),
    )
    found: dict[int, tuple[int, datetime]] = {}
    for kind in kinds():
        rows = (
            kind.problem.objects.filter(
                cause__in=Cause.objects.open(), closed_at=None, opened_at__gt=told
            )
            .values("cause_id")
            .annotate(count=Count("work", distinct=True), since=Min("opened_at"))
        )
        for row in rows:
            count, since = found.get(row["cause_id"], (0, row["since"]))
            found[row["cause_id"]] = count + row["count"], min(since, row["since"])
    return found


def _told_lately(now: datetime) -> dict[str, list[tuple[int, datetime]]]:
    """By group: which cause was mailed about when. An hour before what waits for an hour."""
    start = now - 2 * timing().delta("digest_every")
    columns = ("mailed_at", "digested_at", "solved_mailed_at")
    recent = Q()
    for column in columns:
        recent |= Q(**{f"{column}__gt": start})
    found = defaultdict(list)
    for cause in Cause.objects.filter(recent).only("integration", "code", "subject_key", *columns):
        found[_group(cause)].append(
            (cause.pk, max(at for at in (getattr(cause, name) for name in columns) if at))
        )
    return found


def _mark_cause(news: CauseNews, told: Told, now: datetime) -> bool:
    rows = Cause.objects.filter(pk=news.cause_id)
    match told:
        case Told.OPENED:
            return bool(rows.open().filter(mailed_at=None).update(mailed_at=now))
        case Told.DIGEST:
            return bool(rows.filter(digested_at=news.digested_at).update(digested_at=now))
        case Told.SOLVED:
            return bool(rows.filter(solved_mailed_at=None).update(solved_mailed_at=now))
        case Told.SILENT:
            changes = {"solved_mailed_at": now}
            if news.digested_at is not None:
                changes["digested_at"] = now
            return bool(rows.filter(digested_at=news.digested_at).update(**changes))
    raise ValueError(f"a cause is not told as {told}")
