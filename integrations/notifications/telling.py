"""From news to mails: read what there is, decide, note it as told and write the rows.

The note and the rows are one transaction, and the note is conditional: of two workers who
read the same news one writes it, and news that was written is never written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import structlog
from django.db import transaction
from django.urls import reverse

from integrations.notifications import digests, grouping
from integrations.notifications.letters import absolute, write_letter
from integrations.notifications.models import MailLog
from integrations.notifications.news import (
    BooksNews,
    CauseNews,
    CredentialNews,
    PauseNews,
    RefusedNews,
    RestoreNews,
    Told,
)
from integrations.notifications.outbox import write_mails
from integrations.notifications.recipients import (
    Addressee,
    Failures,
    addressees,
    told_of_credentials,
    told_of_failures,
)
from integrations.notifications.sources import Source, sources
from integrations.notifications.wording import clock_words, since_words
from integrations.scoping.context import scope
from integrations.tenancy.models import Organization
from integrations.timekeeping.timing import timing

log = structlog.get_logger("notifications")

ORDERS_SHOWN = 3


def tell(now: datetime) -> None:
    """Write the mails that are due in every organization."""
    for source in sources():
        for organization_id in sorted(set(source.organizations(now))):
            try:
                with scope(organization_id):
                    tell_organization(source, organization_id, now)
            except Exception:
                # One organization's trouble must not keep the others uninformed.
                log.exception("telling failed", organization=organization_id)


def tell_organization(source: Source, organization_id: int, now: datetime) -> None:
    news = list(source.news(organization_id, now))
    telling = Telling(source, Organization.objects.get(pk=organization_id), now, addressees())
    for each in news:
        if isinstance(each, CredentialNews):
            telling.tell_credential(each)
        elif isinstance(each, PauseNews):
            telling.tell_pause(each)
        elif isinstance(each, RefusedNews):
            telling.tell_refused(each)
        elif isinstance(each, RestoreNews):
            telling.tell_restore(each)
        elif isinstance(each, BooksNews):
            telling.tell_books(each)
    causes = [each for each in news if isinstance(each, CauseNews)]
    if causes:
        telling.tell_causes(causes)


@dataclass
class Telling:
    """What is told to one organization at one moment."""

    source: Source
    organization: Organization
    now: datetime
    everybody: list[Addressee]

    # --- Causes ----------------------------------------------------------------------------
    def tell_causes(self, causes: list[CauseNews]) -> None:
        planned = grouping.plan(
            causes, now=self.now, timing=timing(), recent=self._recent_mailings()
        )
        for cause in planned.silent:
            self.source.mark(cause, Told.SILENT, self.now)
        for group in planned.urgent:
            self._tell(MailLog.Kind.URGENT, group, Told.OPENED, self._write_opened)
        for group in planned.opened:
            self._tell(MailLog.Kind.CAUSE, group, Told.OPENED, self._write_opened)
        if planned.solved:
            self._tell(MailLog.Kind.SOLVED, planned.solved, Told.SOLVED, self._write_solved)
        if planned.digest:
            self._tell_digest(planned.digest, causes)

    def _recent_mailings(self) -> list[datetime]:
        return list(
            MailLog.objects.filter(
                kind=MailLog.Kind.CAUSE,
                created_at__gt=self.now - timing().delta("digest_every"),
            )
            .order_by("created_at")
            .values_list("created_at", flat=True)
            .distinct()
        )

    def _tell(
        self,
        kind: str,
        group: Iterable[CauseNews],
        told: Told,
        write: Callable[[list[CauseNews]], tuple[str, dict[str, Any]]],
    ) -> None:
        with transaction.atomic():
            mine = [cause for cause in group if self.source.mark(cause, told, self.now)]
            to = told_of_failures(self.everybody, Failures.AT_ONCE)
            if not mine or not to:
                return
            name, context = write(mine)
            write_mails(
                kind=kind,
                letter=self._letter(name, mine[0].integration_id, **context),
                to=to,
                now=self.now,
                subject_id=mine[0].cause_id if len(mine) == 1 else None,
            )

    def _write_opened(self, causes: list[CauseNews]) -> tuple[str, dict[str, Any]]:
        context = {
            "next_digest": clock_words(grouping.next_digest(self.now, timing())),
            "urgent": causes[0].urgent,
        }
        if len(causes) > 1:
            return "causes_opened", context | self._totals(causes) | {
                "lines": digests.lines(causes, self.now),
                "more": max(0, len(causes) - digests.LINES_SHOWN),
                "list_url": absolute(causes[0].list_path),
            }
        cause = causes[0]
        rows = self.source.rows(cause, ORDERS_SHOWN)
        return "cause_opened", context | {
            "cause": cause,
            "since": since_words(cause.since, self.now),
            "cure_url": absolute(cause.cure_path),
            "list_url": absolute(cause.list_path),
            "rows": [(row.number, row.pesos, absolute(row.path)) for row in rows],
            "more": max(0, cause.orders - len(rows)),
        }

    def _write_solved(self, causes: list[CauseNews]) -> tuple[str, dict[str, Any]]:
        return "cause_solved", self._totals(causes) | {
            "causes": causes[: digests.LINES_SHOWN],
            "more": max(0, len(causes) - digests.LINES_SHOWN),
            "list_url": absolute(reverse("home", args=[self.organization.slug])),
        }

    def _totals(self, causes: list[CauseNews]) -> dict[str, Any]:
        return digests.totals(causes, self.source.repeated(causes))

    def _tell_digest(self, due: list[CauseNews], causes: list[CauseNews]) -> None:
        """One digest for who asked for digests, one for who was told the rest at once."""
        slot = grouping.digest_slot(self.now, timing())
        with transaction.atomic():
            mine = [cause for cause in due if self.source.mark(cause, Told.DIGEST, self.now)]
            grown = [
                cause
                for cause in mine
                if grouping.is_news_to_who_was_told_at_once(cause, slot, timing())
            ]
            for choice, news, known_at in (
                (Failures.AT_ONCE, grown, attrgetter("told_at")),
                (Failures.DIGEST, mine, attrgetter("digested_at")),
            ):
                to = told_of_failures(self.everybody, choice)
                if not news or not to:
                    continue
                context = digests.digest(
                    news,
                    causes,
                    known_at=known_at,
                    repeated=self.source.repeated,
                    slot=slot,
                    now=self.now,
                )
                write_mails(
                    kind=MailLog.Kind.DIGEST,
                    letter=self._letter("digest", news[0].integration_id, **context),
                    to=to,
                    now=self.now,
                )

    # --- Logins and pauses -----------------------------------------------------------------
    def tell_credential(self, news: CredentialNews) -> None:
        if news.since is None:
            kind, told, name = MailLog.Kind.RESUMED, Told.OVER, "credential_resumed"
        elif news.mailed_at is None:
            kind, told, name = MailLog.Kind.CREDENTIAL, Told.PAUSED, "credential_paused"
        elif grouping.is_reminder_due(news, now=self.now, timing=timing()):
            kind, told, name = MailLog.Kind.REMINDER, Told.REMINDED, "credential_reminder"
        else:
            return
        self._tell_of_standstill(
            news,
            told,
            kind=kind,
            name=name,
            subject_id=news.credential_ids[0],
            since=since_words(news.since, self.now) if news.since else "",
        )

    def tell_pause(self, news: PauseNews) -> None:
        if not news.reason:
            self.source.mark(news, Told.OVER, self.now)
        elif news.mailed_at is None:
            self._tell_of_standstill(
                news,
                Told.PAUSED,
                kind=MailLog.Kind.PAUSE,
                name="integration_paused",
                subject_id=news.integration_id,
            )

    def tell_refused(self, news: RefusedNews) -> None:
        if news.closed_at is not None:
            told, name = Told.OVER, "events_received_again"
        elif grouping.is_refusal_due(news, now=self.now, timing=timing()):
            told, name = Told.OPENED, "events_refused"
        else:
            return
        self._tell_of_standstill(
            news,
            told,
            kind=MailLog.Kind.REFUSED,
            name=name,
            subject_id=news.integration_id,
            since=since_words(news.since, self.now),
        )

    def tell_restore(self, news: RestoreNews) -> None:
        if news.mailed_at is None:
            told, name = Told.PAUSED, "restore_noticed"
        elif news.ended_at is not None:
            told, name = Told.OVER, "restore_checked"
        else:
            return
        self._tell_of_standstill(
            news, told, kind=MailLog.Kind.PAUSE, name=name, subject_id=news.integration_id
        )

    def tell_books(self, news: BooksNews) -> None:
        if news.mailed_at is None:
            self._tell_of_standstill(
                news,
                Told.OPENED,
                kind=MailLog.Kind.BOOKS,
                name="books_differ",
                subject_id=news.audit_id,
            )

    def _tell_of_standstill(
        self,
        news: BooksNews | CredentialNews | PauseNews | RefusedNews | RestoreNews,
        told: Told,
        *,
        kind: str,
        name: str,
        subject_id: int,
        **context: Any,
    ) -> None:
        with transaction.atomic():
            if not self.source.mark(news, told, self.now):
                return
            letter = self._letter(
                name,
                news.integration_id,
                news=news,
                cure_url=absolute(news.cure_path),
                **context,
            )
            write_mails(
                kind=kind,
                letter=letter,
                to=told_of_credentials(self.everybody),
                now=self.now,
                subject_id=subject_id,
            )

    def _letter(self, name: str, integration_id: int, **context: Any):
        return write_letter(
            name,
            organization=self.organization,
            now=self.now,
            integration_id=integration_id,
            **context,
        )
