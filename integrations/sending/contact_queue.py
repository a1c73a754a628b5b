"""Works that let others go ahead: those of new buyers, payments, and those of past orders.

A new buyer costs a contact, of which Alegra takes few a minute, and a second one of the calls
of every kind. Such works wait outside of the line: what needs no contact goes on meanwhile.
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
from integrations.sending.registry import kinds
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
    is_live = work.priority < Work.Priority.RETRY
    return not is_live or (work.needs_contact and work.priority >= Work.Priority.LIVE)


def hold_back(turn: Turn, seconds: float) -> None:
    """The rest of this minute's calls is for others: new buyers come back in `seconds`.

    Past orders stay in the line, whose order they do not disturb.
    """
    now = clock.now()
    first = now + timedelta(seconds=seconds)
    minute = max(1, turn.pace.per_minute() // CALLS)
    with unscoped("works of one Alegra user that let others go ahead"):
        queues = _waiting(turn.alegra_user.pk, now)
        live = [rows.filter(priority__gte=Work.Priority.LIVE) for rows in queues]
        _spread(
            live,
            first,
            first + timing().delta("contacts_believed"),
            [minute] * MOST_AT_ONCE,
            now=now,
        )


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
        user = work.alegra_user_id
        follow = (partial(_put_off_others, user, first, last, limit, now=now),)
    columns = {"needs_contact": True}
    return Next(State.PENDING, Why.FAILED, at=first, columns=columns, ended=ended, after=follow)


def _put_off_others(
    alegra_user_id: int, first: datetime, last: datetime, limit: int, *, now: datetime
) -> None:
    with unscoped("works that wait for a contact of one Alegra user"):
        # The row that was refused is the first of the first minute.
        minutes = [limit - 1, *[limit] * MOST_AT_ONCE]
        _spread(_waiting(alegra_user_id, now), first, last, minutes, now=now)


def _waiting(alegra_user_id: int, now: datetime) -> list[QuerySet[Work]]:
    """Of each kind the due rows that need a contact and that no worker holds; nothing of them
    was sent."""
    return [
        due_rows(kind.work, now).filter(
            kind.work.lease.free(now),
            alegra_user_id=alegra_user_id,
            needs_contact=True,
            state=State.PENDING,
            payload__isnull=True,
        )
        for kind in kinds()
        if kind.work.MAY_NEED_CONTACT
    ]


def _spread(
    queues: list[QuerySet[Work]],
    first: datetime,
    last: datetime,
    minutes: list[int],
    *,
    now: datetime,
) -> None:
    """Bring them back from `first` on, in one line, so many in each minute, and by `last`."""
    line = _in_one_line(queues)
    at = first
    for count in minutes:
        each, line = line[:count], line[count:]
        for rows in queues:
            ids = [pk for model, pk in each if model is rows.model]
            # Only as they were read: a worker or a person may have taken one meanwhile.
            mine = rows.model.objects.filter(
                rows.model.lease.free(now), pk__in=ids, state=State.PENDING
            )
            mine.filter(next_attempt_at__lte=now).update(next_attempt_at=min(at, last))
        at += timing().delta("contacts_window")
        if not line:
            return


def _in_one_line(queues: list[QuerySet[Work]]) -> list[tuple[type[Work], int]]:
    """Model and id of the first of them, in the order in which they are served."""
    order = ("priority", "next_attempt_at", "id")
    found = [
        (*row, rows.model)
        for rows in queues
        for row in rows.order_by(*order).values_list(*order)[:MOST_AT_ONCE]
    ]
    found.sort(key=lambda row: row[:3])
    return [(model, pk) for _priority, _at, pk, model in found[:MOST_AT_ONCE]]
