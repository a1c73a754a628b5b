"""Documents that wait for a contact, of which Alegra takes few a minute.

They wait outside of the line: what needs none goes on meanwhile. As many come back together
as a minute allows, in their order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.alegra.contact_rate import WINDOW
from integrations.scoping.context import unscoped
from integrations.sending import steps
from integrations.sending.models import Step, Work
from integrations.sending.registry import kind_of_work
from integrations.sending.rows import due_rows
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

# Rows put off in one go; those behind them are when they come to it.
MOST_AT_ONCE = 1_000
NOTE = _("Alegra recibe pocos clientes nuevos por minuto. Sale solo; no tienes que hacer nada.")


def put_off(turn: Any, work: Work, step: Step | None) -> None:
    """This row and all that are due and need a contact come back when there is room for them.

    Raises LeaseLost.
    """
    now = clock.now()
    pace = turn.pace.contacts
    first = now + timedelta(seconds=pace.wait(now))
    with transaction.atomic():
        work.move(State.PENDING, now=now, why=Why.FAILED, next_attempt_at=first, needs_contact=True)
        if step is not None:
            steps.finish(
                step, StepState.WAITING, now=now, outcome=Outcome.RATE_LIMITED, note=str(NOTE)
            )
    if limit := pace.limit(now):
        # Nobody is put off for longer than the limit is believed: it may turn out higher.
        last = max(first, pace.believed_until(now))
        _spread(work, first, last, limit, now=now)


def _spread(work: Work, first: datetime, last: datetime, limit: int, *, now: datetime) -> None:
    with unscoped("documents that wait for a contact of one Alegra user"):
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        waiting = (
            due_rows(kind_of_work(work).work, now)
            .filter(free, alegra_user_id=work.alegra_user_id, needs_contact=True)
            .filter(state=State.PENDING, payload__isnull=True)
            .order_by("priority", "next_attempt_at", "id")
            .values_list("pk", flat=True)
        )
        ids = list(waiting[:MOST_AT_ONCE])
        # This row is the first of the first minute.
        minutes = [ids[: limit - 1], *_by(limit, ids[limit - 1 :])]
        for place, each in enumerate(minutes):
            again_at = min(first + place * WINDOW, last)
            type(work).objects.filter(
                free, pk__in=each, state=State.PENDING, next_attempt_at__lte=now
            ).update(next_attempt_at=again_at)


def _by(count: int, ids: list[int]) -> list[list[int]]:
    return [ids[start : start + count] for start in range(0, len(ids), count)]
