"""Every few seconds: free what dead workers held, and wake workers for what is due.

Any number of copies may run: each statement is conditional.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from integrations.scoping.context import scope, unscoped
from integrations.sending import causes, hints, look_again, slots
from integrations.sending.about import about
from integrations.sending.models import Work
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.rows import due_rows, settled_at
from integrations.sending.safe_start import process
from integrations.sending.states import DUE, IN_FLIGHT, LOOKED_FOR, READING, State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import MAX_DEATHS

log = structlog.get_logger("sending")

BATCH = 500


def sweep() -> int:
    """Returns how many Alegra users were woken."""
    now = clock.now()
    users: set[int] = set()
    with unscoped("sweep"):
        for kind in kinds():
            _free_expired(kind, now)
            users.update(
                due_rows(kind.work, now)
                .order_by()
                .values_list("alegra_user_id", flat=True)
                .distinct()
            )
    woken = slots.free_users(sorted(users), now)
    for alegra_user_id in woken:
        hints.hint(alegra_user_id)
    # Compares the moment of the sweep before this one, before it is overwritten.
    process.platform()
    process.swept(now)
    return len(woken)


def _free_expired(kind: WorkKind, now: datetime) -> None:
    expired = kind.work.objects.filter(kind.work.lease.over(now))
    for work in expired.order_by("lease_until")[:BATCH]:
        # Of what is just being sent it is looked for first, however many died over it.
        if work.deaths + 1 >= MAX_DEATHS and State(work.state) in DUE:
            _set_aside(work, now)
        else:
            free_dead(work, now)


def free_dead(work: Work, now: datetime) -> bool:
    """A worker died with this row in its hands. What may have been sent is looked for first."""
    state = State(work.state)
    changes: dict[str, Any] = {"deaths": work.deaths + 1}
    if state in IN_FLIGHT:
        changes |= {
            "probes": 0,
            "priority": min(work.priority, Work.Priority.LOOK_UP),
            "next_attempt_at": max(settled_at(work, now), work.lease_until),
        }
    elif state in DUE - READING:
        changes["next_attempt_at"] = now
    log.warning("a worker died", state=work.state, deaths=work.deaths + 1)
    if state == State.SENDING:
        changes["look_again_at"] = look_again.due_at(now)
    to = LOOKED_FOR.get(state, state)
    return work.take_from_the_dead(to, now=now, why=Why.DIED, **changes)


def _set_aside(work: Work, now: datetime) -> None:
    """A poisoned row must not stop the line: a person looks at it."""
    with scope(work.organization_id), transaction.atomic():
        if work.take_from_the_dead(
            State.BLOCKED, now=now, why=Why.DIED, next_attempt_at=None, deaths=work.deaths + 1
        ):
            causes.open_problems(work, [about(work, "poison")], now=now)
