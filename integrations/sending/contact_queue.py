"""Documents that let others go ahead: those of new buyers, and those of past orders.

A new buyer costs a contact, of which Alegra takes few a minute, and a second one of the calls
of every kind. Such documents wait outside of the line: what needs no contact goes on meanwhile.
As many come back together as a minute allows, in their order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from integrations.scoping.context import unscoped
from integrations.sending.decided import Next, StepEnd
from integrations.sending.models import Step, Work
from integrations.sending.rows import due_rows
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# What the document of a new buyer costs: the contact and itself.
CALLS = 2
# Rows put off in one go; those behind them are when they come to it.
MOST_AT_ONCE = 1_000
NOTE = _("Alegra recibe pocos clientes nuevos por minuto. Sale solo; no tienes que hacer nada.")


def lets_ahead(work: Work) -> bool:
    """Who waits for it at a screen, and what is looked for, lets nobody ahead."""
    is_live = work.priority < Work.Priority.BACKFILL
    return not is_live or (work.needs_contact and work.priority >= Work.Priority.LIVE)


def hold_back(turn: Turn, model: type[Work], seconds: float) -> None:
    """The rest of this minute's calls is for others: new buyers come back in `seconds`.

    Past orders stay in the line, whose order they do not disturb.
    """
    now = clock.now()
    first = now + timedelta(seconds=seconds)
    minute = max(1, turn.pace.per_minute() // CALLS)
    with unscoped("documents of one Alegra user that let others go ahead"):
        rows = _waiting(model, turn.alegra_user.pk, now).filter(priority__gte=Work.Priority.LIVE)
        last = first + timing().delta("contacts_believed")
        _spread(rows, first, last, [minute] * MOST_AT_ONCE, now=now)


def put_off(turn: Turn, work: Work, step: Step | None) -> Next:
    """This row and all that are due and need a contact come back when there is room for them."""
    now = clock.now()
    pace = turn.pace.contacts
    first = now + timedelta(seconds=pace.wait(now))
    ended, follow = (), ()
    if step is not None:
        ended = (StepEnd(step, StepState.WAITING, Outcome.RATE_LIMITED, str(NOTE)),)
    if limit := pace.limit(now):
        # Nobody is put off for longer than the limit is believed: it may turn out higher.
        last = max(first, pace.believed_until(now))
        follow = (partial(_put_off_others, work, first, last, limit, now=now),)
    columns = {"needs_contact": True}
    return Next(State.PENDING, Why.FAILED, at=first, columns=columns, ended=ended, after=follow)


def _put_off_others(
    work: Work, first: datetime, last: datetime, limit: int, *, now: datetime
) -> None:
    with unscoped("documents that wait for a contact of one Alegra user"):
        rows = _waiting(type(work), work.alegra_user_id, now)
        # This row is the first of the first minute.
        _spread(rows, first, last, [limit - 1, *[limit] * MOST_AT_ONCE], now=now)


def _waiting(model: type[Work], alegra_user_id: int, now: datetime) -> QuerySet[Work]:
    """Due rows of new buyers that no worker holds; nothing of them was sent."""
    rows = due_rows(model, now).filter(model.lease.free(now), alegra_user_id=alegra_user_id)
    return rows.filter(needs_contact=True, state=State.PENDING, payload__isnull=True)


def _spread(
    rows: QuerySet[Work], first: datetime, last: datetime, minutes: list[int], *, now: datetime
) -> None:
    """Bring them back from `first` on, in their order, so many in each minute, and by `last`."""
    in_order = rows.order_by("priority", "next_attempt_at", "id")
    ids = list(in_order.values_list("pk", flat=True)[:MOST_AT_ONCE])
    at = first
    for count in minutes:
        each, ids = ids[:count], ids[count:]
        # Only as they were read: a worker or a person may have taken one meanwhile.
        mine = rows.model.objects.filter(
            rows.model.lease.free(now), pk__in=each, state=State.PENDING, next_attempt_at__lte=now
        )
        mine.update(next_attempt_at=min(at, last))
        at += timing().delta("contacts_window")
        if not ids:
            return
