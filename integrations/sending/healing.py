"""Rows that stopped for reasons of ours: they are not left to the merchant.

A row blocked as *internal* or *poison* is tried again by itself, after a look where it may have
been sent, alone in its turn, every hour and at most six times. A worker that was only slow, or
whose database was away, takes back the death that the sweep counted for it.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from integrations.connections.models import Integration
from integrations.scoping.context import scope, unscoped
from integrations.sending import hints
from integrations.sending.models import Work
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.release import release
from integrations.sending.rows import after_a_cure
from integrations.sending.states import State, Why
from integrations.timekeeping.timing import MAX_OWN_TRIES, timing

log = structlog.get_logger("sending")

INTERNAL, POISON = "internal", "poison"
OURS = frozenset({INTERNAL, POISON})
# Rows of each run; the next one comes in some seconds.
MOST = 50
# Rows that this process held when its lease ran out, or when the database went away.
_left: deque[tuple[type[Work], int, int, int]] = deque(maxlen=1_000)
_coming_back = threading.Lock()


# --- A worker that came back ---------------------------------------------------------------


def note_left(work: Work) -> None:
    """This process is alive, but the row is no longer its own: no worker died over it."""
    _left.append((type(work), work.pk, work.organization_id, work.generation))


def come_back() -> None:
    """Take back the deaths that were counted meanwhile. Raises no database error."""
    if not _coming_back.acquire(blocking=False):
        # Another thread is doing this: each death is taken back once.
        return
    try:
        _take_back()
    finally:
        _coming_back.release()


def _take_back() -> None:
    while _left:
        model, pk, organization_id, generation = _left[0]
        try:
            with scope(organization_id):
                # The sweep raised the generation when it took the row for abandoned.
                taken = model.objects.filter(pk=pk, generation__gt=generation, deaths__gt=0)
                taken.update(deaths=F("deaths") - 1)
                # Not yet taken: it is, as soon as its lease runs out, and then it is no death.
                if model.objects.filter(
                    pk=pk, generation=generation, lease_until__isnull=False
                ).exists():
                    return
        except DatabaseError:
            return
        _left.popleft()


# --- Tried again by themselves -------------------------------------------------------------


def try_due(now: datetime) -> int:
    """Try what has rested for an hour; returns how many rows are due now."""
    tried = 0
    for kind in kinds():
        with unscoped("rows that stopped for reasons of ours"):
            due = list(_resting(kind, now).values_list("pk", "organization_id")[:MOST])
        for pk, organization_id in due:
            with scope(organization_id):
                tried += _try(kind.work.objects.get(pk=pk), now)
    return tried


def passed(work: Work) -> None:
    """It was made after all: others of its integration that failed alike need not wait."""
    release(INTERNAL, "", integration=work.integration)


def is_ours(work: Work) -> bool:
    """Whether it was stopped for a reason of ours, and is being tried again."""
    return work.problems.filter(code__in=OURS, closed_at=None).exists()


def _resting(kind: WorkKind, now: datetime) -> QuerySet[Work]:
    mine: Any = kind.problem.objects.filter(work=OuterRef("pk"), closed_at=None)
    rested = now - timing().delta("own_fault_rest")
    rows = kind.work.objects.filter(
        Exists(mine.filter(code__in=OURS)),
        ~Exists(mine.exclude(code__in=OURS | BESIDE)),
        state=State.BLOCKED,
        state_since__lte=rested,
        integration__state=Integration.State.ON,
    )
    return rows.order_by("state_since", "pk")


@transaction.atomic
def _try(work: Work, now: datetime) -> bool:
    integration = Integration.objects.select_related("company", "credential").get(
        pk=work.integration_id
    )
    if integration.hold(now) is not None:
        return False
    problems = work.problems.filter(code__in=OURS, closed_at=None)
    since = problems.order_by("opened_at").values_list("opened_at", flat=True).first()
    if work.changes.filter(why=Why.TRIED, at__gte=since).count() >= MAX_OWN_TRIES:
        return False
    state, at = after_a_cure(work, now)
    # One death is kept: with it the row is served alone, and two more set it aside again.
    moved = work.transition(
        state, now=now, why=Why.TRIED, next_attempt_at=at, probes=0, failures=0,
        failing_since=None, deaths=1,
    )  # fmt: skip
    if moved:
        hints.hint(work.alegra_user_id)
    return moved
