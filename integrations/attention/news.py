"""What there is to tell, put into the words of the notices: causes, logins and pauses.

The notices stand below everything they speak of, so it is brought down to them from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, Min, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from integrations.attention import news_words
from integrations.connections.lookup import integration_or_404, integrations
from integrations.connections.models import Credential, Integration
from integrations.documents.models import Document, DocumentProblem
from integrations.notifications import sources
from integrations.notifications.news import (
    CauseNews,
    CredentialNews,
    News,
    OrderRow,
    PauseNews,
    Told,
)
from integrations.scoping.context import unscoped
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import cure_label, cure_url, kind_of
from integrations.sending.states import State
from integrations.timekeeping.timing import timing

_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# Documents that go out by themselves as soon as nothing holds them.
_WAITING = (State.PENDING, State.SENDING, State.UNCONFIRMED)

_PAUSED_LOGIN = Q(state=Credential.State.PAUSED) | Q(mailed_at__isnull=False)
_PAUSE_TO_TELL = (~Q(paused_reason="") & Q(pause_mailed_at=None)) | Q(
    paused_reason="", pause_mailed_at__isnull=False
)


# Solved causes whose opening was told and whose end was not.
_SOLVED_TO_TELL = Q(state=Cause.State.SOLVED, ignored_reason="") & (
    Q(mailed_at__isnull=False, solved_mailed_at=None) | Q(digested_at__lt=F("solved_at"))
)
_OPEN = Q(state=Cause.State.OPEN, ignored_reason="")


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
                Credential.objects.filter(_PAUSED_LOGIN),
                Integration.objects.filter(_PAUSE_TO_TELL),
            )
            return {
                organization_id
                for rows in queries
                for organization_id in rows.order_by()
                .values_list("organization_id", flat=True)
                .distinct()
            }

    def news(self, organization_id: int, now: datetime) -> Iterable[News]:
        places = {row.pk: row for row in integrations().exclude(state=Integration.State.ARCHIVED)}
        if not places:
            return
        waiting = _waiting()
        yield from _credentials(places, waiting)
        yield from _pauses(places, waiting)
        yield from _causes(places, now)

    def rows(self, news: CauseNews, limit: int) -> tuple[OrderRow, ...]:
        problems = (
            DocumentProblem.objects.filter(cause_id=news.cause_id, closed_at=None)
            .exclude(order=None)
            .select_related("order", "organization")
            .only("order__number", "order__total_pesos", "organization__slug", "opened_at")
            .order_by("-opened_at", "-pk")
        )
        # A document may have two problems with one cause; its order is named once.
        orders = {}
        for problem in problems[: limit * 2]:
            orders.setdefault(problem.order_id, problem)
        return tuple(
            OrderRow(
                problem.order.number,
                problem.order.total_pesos,
                reverse("order", args=[problem.organization.slug, problem.order_id]),
            )
            for problem in list(orders.values())[:limit]
        )

    def mark(self, news: News, told: Told, now: datetime) -> bool:
        if isinstance(news, CauseNews):
            return _mark_cause(news, told, now)
        if isinstance(news, CredentialNews):
            return _mark_credential(news, told, now)
        return _mark_pause(news, told, now)

    def integration(self, integration_id: int) -> Any:
        return integration_or_404(integration_id)


_portal = PortalNews()


# --- Causes --------------------------------------------------------------------------------
def _causes(places: dict[int, Integration], now: datetime) -> Iterable[CauseNews]:
    causes = list(Cause.objects.filter(_OPEN | _SOLVED_TO_TELL, integration__in=list(places)))
    if not causes:
        return
    new = _new_orders()
    told_before = _told_lately(now)
    open_keys = {_key(cause) for cause in causes if cause.state == Cause.State.OPEN}
    for cause in causes:
        place = places[cause.integration_id]
        slug = place.organization.slug
        is_open = cause.state == Cause.State.OPEN
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
    rows = (
        DocumentProblem.objects.filter(
            cause__state=Cause.State.OPEN, closed_at=None, opened_at__gt=told
        )
        .values("cause_id")
        .annotate(count=Count("work", distinct=True), since=Min("opened_at"))
    )
    return {row["cause_id"]: (row["count"], row["since"]) for row in rows}


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
            return bool(rows.filter(mailed_at=None, state="open").update(mailed_at=now))
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


# --- Logins --------------------------------------------------------------------------------
def _waiting() -> dict[int, tuple[int, int]]:
    """By integration: how many orders go out by themselves once nothing holds them, in pesos."""
    rows = (
        Document.objects.filter(live=True, state__in=_WAITING)
        .order_by()
        .values("integration_id")
        .annotate(orders=Count("id"), pesos=Coalesce(Sum("order__total_pesos"), 0))
    )
    return {row["integration_id"]: (row["orders"], row["pesos"]) for row in rows}


def _credentials(
    places: dict[int, Integration], waiting: dict[int, tuple[int, int]]
) -> Iterable[CredentialNews]:
    """One for each Alegra login that is paused, or was when it was told."""
    rows = Credential.objects.select_related("company").defer("token")
    by_login = defaultdict(list)
    for credential in rows.filter(_PAUSED_LOGIN).order_by("paused_since", "pk"):
        by_login[credential.alegra_user_id].append(credential)
    for credentials in by_login.values():
        ids = {credential.pk for credential in credentials}
        companies = {credential.company_id for credential in credentials}
        using = [place for place in places.values() if place.credential_id in ids]
        paused = [c for c in credentials if c.state == Credential.State.PAUSED]
        if not using:
            # Its integrations have moved to another login of the same company.
            using = [place for place in places.values() if place.company_id in companies]
            paused = []
        if not using or (not paused and not any(c.mailed_at for c in credentials)):
            continue
        first = (paused or credentials)[0]
        using.sort(key=lambda place: place.pk)
        current = using[0].credential
        yield CredentialNews(
            credential_ids=tuple(sorted(ids)),
            integration_id=using[0].pk,
            code=first.paused_code,
            login=first.email if paused else current.email,
            companies=tuple(sorted({c.company.name for c in credentials})),
            integrations=tuple(sorted({place.name for place in using})),
            orders=sum(waiting.get(place.pk, (0, 0))[0] for place in using),
            pesos=sum(waiting.get(place.pk, (0, 0))[1] for place in using),
            since=min(c.paused_since for c in paused) if paused else None,
            cure_path=reverse(
                "integration_credentials", args=[using[0].organization.slug, using[0].pk]
            ),
            mailed_at=max((c.mailed_at for c in credentials if c.mailed_at), default=None),
            reminded_at=max((c.reminded_at for c in credentials if c.reminded_at), default=None),
        )


def _mark_credential(news: CredentialNews, told: Told, now: datetime) -> bool:
    rows = Credential.objects.filter(pk__in=news.credential_ids)
    match told:
        case Told.PAUSED:
            # All of them or none: another worker that told it has marked them all.
            if rows.filter(mailed_at__isnull=False).exists():
                return False
            marked = rows.filter(mailed_at=None, state="paused").update(mailed_at=now)
        case Told.REMINDED:
            first = rows.filter(reminded_at=news.reminded_at, mailed_at__isnull=False)
            marked = first.update(reminded_at=now)
            rows.filter(state="paused", mailed_at=None).update(mailed_at=now)
        case Told.OVER:
            marked = rows.filter(mailed_at__isnull=False).update(mailed_at=None, reminded_at=None)
        case _:
            raise ValueError(f"a login is not told as {told}")
    return bool(marked)


# --- Pauses --------------------------------------------------------------------------------
def _pauses(
    places: dict[int, Integration], waiting: dict[int, tuple[int, int]]
) -> Iterable[PauseNews]:
    for place in places.values():
        if not place.paused_reason and place.pause_mailed_at is None:
            continue
        orders, pesos = waiting.get(place.pk, (0, 0))
        yield PauseNews(
            integration_id=place.pk,
            integration_name=place.name,
            reason=place.paused_reason,
            sentence=str(place.get_paused_reason_display()),
            what_to_do=news_words.what_to_do(place.paused_reason),
            orders=orders,
            pesos=pesos,
            cure_path=reverse("integration", args=[place.organization.slug, place.pk]),
            mailed_at=place.pause_mailed_at,
        )


def _mark_pause(news: PauseNews, told: Told, now: datetime) -> bool:
    rows = Integration.objects.filter(pk=news.integration_id)
    if told == Told.PAUSED:
        return bool(rows.filter(pause_mailed_at=None).update(pause_mailed_at=now))
    return bool(rows.filter(paused_reason="").update(pause_mailed_at=None))
