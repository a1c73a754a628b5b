"""A run from a person's choice to its yes, and how many of its works are where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from integrations.audit import trail
from integrations.sending.bulk.acts import Act, act_of
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.models import Work
from integrations.timekeeping import waking
from integrations.timekeeping.timing import timing

TASK = "sending.bulk"
# More are not chosen at once: who has more chooses with the list's filters.
MOST = 20_000
PIECE = 500
# The reason of a work that moved on between two looks at it.
MOVED = "moved"
Outcome, State = BulkItem.Outcome, BulkRun.State


class TooMany(Exception):
    """More works were chosen than one run takes."""


@dataclass(frozen=True)
class Group:
    """So many works for so many pesos, of one outcome and one reason."""

    outcome: str
    reason: str
    count: int
    pesos: int


def choose(act: Act, works: QuerySet[Work], *, by: Any, now: datetime) -> BulkRun | None:
    """Freeze these works by their ids, to be read and planned; None where there are none.

    Raises TooMany.
    """
    chosen = works.order_by("pk").values_list("pk", Coalesce(act.pesos, 0))
    with transaction.atomic():
        run = BulkRun.objects.create(act=act.name, by=trail.name_of(by), created_at=now, due_at=now)
        count, rows = 0, chosen[: MOST + 1].iterator(chunk_size=PIECE)
        while piece := list(islice(rows, PIECE)):
            count += len(piece)
            if count > MOST:
                raise TooMany
            BulkItem.objects.bulk_create(
                BulkItem(run=run, work_id=pk, pesos=pesos, at=now) for pk, pesos in piece
            )
        if not count:
            run.delete()
            return None
    waking.wake(TASK, run_id=run.pk)
    return run


def plan(run: BulkRun, *, now: datetime) -> bool:
    """Sort a piece of the chosen works out: what goes, and why the rest does not. True once all
    are, and the run waits for a yes. What was found while they were read stays their reason."""
    act, by_reason = act_of(run), defaultdict(list)
    items = list(run.items.filter(outcome=Outcome.CHOSEN).order_by("pk")[:PIECE])
    if not items:
        return _planned(run, now)
    works = act.work.objects.filter(pk__in=[item.work_id for item in items])
    why = {work.pk: reason for work, reason in act.plan(works, run, now)}
    for item in items:
        by_reason[item.reason or why.get(item.work_id, MOVED)].append(item.pk)
    with transaction.atomic():
        for reason, pks in by_reason.items():
            outcome = Outcome.LEFT_OUT if reason else Outcome.PLANNED
            BulkItem.objects.filter(pk__in=pks).update(outcome=outcome, reason=reason, at=now)
    return False


def _planned(run: BulkRun, now: datetime) -> bool:
    told = run.items.filter(outcome=Outcome.PLANNED).aggregate(
        count=Count("pk"), pesos=Coalesce(Sum("pesos"), 0)
    )
    return _move(run, State.READING, State.READY, planned_at=now, due_at=None, **told)


def may_start(run: BulkRun, *, now: datetime) -> bool:
    """Its plan goes out of date: what it says of the works was true when it was made."""
    fresh = run.is_planned_since(now - timing().delta("bulk_plan_lives"))
    return run.state == State.READY and run.count > 0 and fresh


def start(run: BulkRun, *, now: datetime, request) -> bool:
    """A person's yes, once, and one entry in the trail; False where it is too late for it."""
    if not may_start(run, now=now):
        return False
    with transaction.atomic():
        if not _move(run, State.READY, State.RUNNING, started_at=now, due_at=now):
            return False
        left_out = {
            group.reason: group.count for group in groups(run) if group.outcome == Outcome.LEFT_OUT
        }
        trail.record(
            action=f"bulk.{run.act}", target=run, request=request,
            after={"count": run.count, "pesos": run.pesos, "left_out": left_out},
        )  # fmt: skip
    waking.wake(TASK, run_id=run.pk)
    return True


def stop(run: BulkRun, *, now: datetime, request) -> bool:
    """*Detener*: nothing more is asked from now on, and a worker takes back what it can of what
    was asked. False where it had ended."""
    by = trail.name_of(request.user)
    with transaction.atomic():
        stopped = {"stopped_at": now, "stopped_by": by, "due_at": now}
        if not _move(run, State.RUNNING, State.STOPPING, **stopped):
            return False
        waiting = run.items.filter(outcome=Outcome.PLANNED)
        count = waiting.update(outcome=Outcome.STOPPED, at=now)
        trail.record(
            action="bulk.stop", target=run, request=request, after={"act": run.act, "left": count}
        )
    waking.wake(TASK, run_id=run.pk)
    return True


def groups(run: BulkRun) -> list[Group]:
    """Its works by outcome and reason, most pesos first. One query."""
    rows = (
        run.items.values("outcome", "reason")
        .annotate(count=Count("pk"), pesos=Sum("pesos"))
        .order_by(F("pesos").desc(), "reason")
    )
    return [Group(row["outcome"], row["reason"], row["count"], row["pesos"]) for row in rows]


def works_of(run: BulkRun, outcome: str = "", reason: str = "") -> QuerySet[BulkItem]:
    """The ids of its works, of one outcome and reason or all of them."""
    items = BulkItem.objects.filter(run=run)
    if outcome:
        items = items.filter(outcome=outcome)
    if reason:
        items = items.filter(reason=reason)
    return items.order_by().values("work_id")


def waiting_elsewhere(run: BulkRun) -> QuerySet[BulkItem]:
    """The ids of the works that another run of this act has not asked yet. Of one that runs itself
    there are none: of two with the same work the first to ask has it."""
    if run.state == State.RUNNING:
        return BulkItem.objects.none().values("work_id")
    waiting = BulkItem.objects.filter(
        run__act=run.act, run__state=State.RUNNING, outcome=Outcome.PLANNED
    )
    return waiting.order_by().values("work_id")


def _move(run: BulkRun, before: State, to: State, **columns: Any) -> bool:
    columns["state"] = to
    if not BulkRun.objects.filter(pk=run.pk, state=before).update(**columns):
        return False
    for name, value in columns.items():
        setattr(run, name, value)
    return True
