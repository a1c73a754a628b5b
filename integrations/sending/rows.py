"""Which rows are due, and taking and keeping one: conditional updates.

Zero rows changed means that the lease was lost: drop everything, somebody else is at work.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache, partial

from django.db.models import F, Q, QuerySet

from integrations.colombia.dates import bogota_today
from integrations.connections.models import Credential, Integration
from integrations.scoping.prepared import Prepared, PreparedUpdate
from integrations.sending.models import Work
from integrations.sending.states import DUE, READING, State
from integrations.sending.transition import LeaseLost
from integrations.timekeeping.timing import timing

# Rows looked at for one claim: two slots race for them.
CANDIDATES = 4


def due_rows(model: type[Work], now: datetime) -> QuerySet:
    """Rows whose time has come and which nothing coarse holds back. Needs an open scope."""
    return _due(model, now, bogota_today(now))


def candidates(
    model: type[Work],
    now: datetime,
    *,
    alegra_user: int,
    needs_contact: bool,
    but: Collection[int] = (),
) -> list[Work]:
    """The next due rows of this Alegra user, without those of these companies. Needs a scope."""
    today = bogota_today(now)
    if but:
        # Rare: another worker is looking at one of the user's companies.
        rows = _next_of(model, now, today, alegra_user, needs_contact)
        return list(rows.exclude(company__in=but)[:CANDIDATES])
    asked = _candidates(model, needs_contact)
    return asked(alegra_user=alegra_user, now=now, today=today)


@cache
def _candidates(model: type[Work], needs_contact: bool) -> Prepared:
    return Prepared(
        lambda alegra_user, now, today: _next_of(model, now, today, alegra_user, needs_contact)[
            :CANDIDATES
        ]
    )


def _next_of(
    model: type[Work], now: datetime, today: date, alegra_user: int, needs_contact: bool
) -> QuerySet:
    return in_line(_due(model, now, today)).filter(
        # As a value: for "NOT needs_contact" the index is not used.
        alegra_user_id=alegra_user,
        needs_contact__in=[needs_contact],
    )


def in_line(rows: QuerySet) -> QuerySet:
    """Which of them goes first."""
    return rows.order_by("priority", "next_attempt_at", "id")


def _due(model: type[Work], now: datetime, today: date) -> QuerySet:
    return (
        model.objects.filter(state__in=DUE, next_attempt_at__lte=now)
        .filter(model.lease.free(now))
        .filter(integration__credential__state=Credential.State.VALID)
        # Looking for a document is reading: it goes on while an integration is off, and while
        # the books are closed for the date it has or would get.
        .filter(
            Q(state__in=READING)
            # … and none while what a restored database has forgotten is looked for.
            | Q(
                integration__state=Integration.State.ON,
                integration__paused_reason="",
                company__checking_since=None,
            )
            & (
                Q(company__books_closed_until=None)
                # What is made or emitted now gets the date of today; whatever is there already is
                # read first, and what is written after that passes the gate.
                | Q(payload__isnull=True, company__books_closed_until__lt=today)
                | Q(alegra_id__gt="", company__books_closed_until__lt=today)
                | Q(payload__isnull=False, company__books_closed_until__lt=F("doc_date"))
            )
        )
    )


def claim(work: Work, now: datetime) -> bool:
    """Take the row if it is still as it was read. On True it carries the new generation."""
    taking = partial(_taking(type(work)), pk=work.pk, generation=work.generation, now=now)
    return work.lease.acquire(work, now=now, update=taking)


@cache
def _taking(model: type[Work]) -> PreparedUpdate:
    return PreparedUpdate(
        lambda pk, generation, now: model.objects.filter(
            model.lease.free(now), state__in=DUE, pk=pk, generation=generation
        )
    )


def renew(work: Work, now: datetime, *, takes: float | None = None) -> None:
    """A full lease again, as long as the row is this worker's: for one more call, which may take
    so many seconds. Raises LeaseLost."""
    lasts = timing().for_call("lease", takes)
    keeping = partial(_of_holder(type(work)), pk=work.pk, generation=work.generation)
    if not work.lease.renew(work, now=now, lasts=lasts, update=keeping):
        raise LeaseLost


@cache
def _of_holder(model: type[Work]) -> PreparedUpdate:
    return PreparedUpdate(lambda pk, generation: model.objects.filter(pk=pk, generation=generation))


def outlasts(work: Work, now: datetime, *, takes: float) -> bool:
    """Whether the lease is good for a call that begins now and takes so many seconds."""
    return work.lease_until - now >= timedelta(seconds=takes) + timing().delta("lease_margin")


def settled_at(work: Work, now: datetime) -> datetime:
    """From when on a look can show what became of the last send: the call is over by then, and
    lists have it. `now` where nothing says when it was sent."""
    times = timing()
    sent_at = work.sent_at or now
    over = work.deadline_at or sent_at
    wait = times.delta("first_look_up")
    return max(sent_at + wait, over + wait - times.delta("call"))


def second_look_at(work: Work, now: datetime) -> datetime:
    """When what one look did not find may be looked for once more, before it is sent again."""
    return settled_at(work, now) + timing().delta("between_look_ups")


def after_a_cure(work: Work, now: datetime) -> tuple[State, datetime]:
    """Where a blocked work goes when what blocked it is over, and when it is due.

    What may be in Alegra is looked for before anything is sent. Of what Alegra called refused
    one look found nothing: the look that precedes a re-send is the second one, and waits for its
    time.
    """
    if not work.may_be_there:
        return State.PENDING, now
    if work.refusal is None:
        return State.UNCONFIRMED, now
    return State.PENDING, max(now, second_look_at(work, now))
