"""Working runs off. Each piece is written down before the next, so that a worker may die anywhere.

A work is asked in one transaction with its item, and only while that one is planned: who comes
after a dead worker asks exactly those that were not asked, and none twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from integrations.scoping.context import scope, unscoped
from integrations.sending.bulk import runs
from integrations.sending.bulk.acts import act_of
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

BATCH = 50
Outcome, State = BulkItem.Outcome, BulkRun.State


def due_runs(now: datetime) -> list[int]:
    with unscoped("acts on many that are due"):
        due = BulkRun.objects.filter(BulkRun.lease.free(now), due_at__lte=now)
        return list(due.order_by("due_at").values_list("pk", flat=True))


def work_off(run_id: int) -> bool:
    """One turn at a run; True where it is due again at once."""
    now = clock.now()
    with unscoped("whose act on many is this"):
        run = BulkRun.objects.filter(pk=run_id).first()
    if run is None:
        return False
    with scope(run.organization_id):
        if not run.lease.acquire(run, now=now, where=Q(due_at__lte=now)):
            return False
        run.refresh_from_db(fields=["state", "failures"])
        due_at = _STAGES[State(run.state)](run, now + timing().delta("turn"))
        # What has no time of its own had it taken away with its state, and a person's yes may
        # have given it another since.
        columns = {} if due_at is None else {"due_at": due_at}
        run.lease.release(run, **columns)
        return due_at is not None and due_at <= clock.now()


def _read(run: BulkRun, ends_at: datetime) -> datetime | None:
    """Before the plan: what is known of the chosen works is brought up to date."""
    act = act_of(run)
    while (due_at := act.read(run, lambda: _keep(run), clock.now())) is not None:
        now = clock.now()
        if due_at > now or now >= ends_at or not _keep(run):
            return due_at
    while not runs.plan(run, now=clock.now()):
        if clock.now() >= ends_at or not _keep(run):
            return clock.now()
    return None


def _ask(run: BulkRun, ends_at: datetime) -> datetime | None:
    while clock.now() < ends_at:
        if not _keep(run) or not _is(run, State.RUNNING):
            return clock.now()
        planned = run.items.filter(outcome=Outcome.PLANNED).order_by("pk")
        batch = list(planned[:BATCH])
        if not batch:
            return _follow(run)
        _ask_each(run, batch)
    return clock.now()


def _ask_each(run: BulkRun, items: list[BulkItem]) -> None:
    act, now = act_of(run), clock.now()
    chosen = act.work.objects.filter(pk__in=[item.work_id for item in items])
    found = {work.pk: (work, reason) for work, reason in act.plan(chosen, run, now)}
    for item in items:
        work, reason = found.get(item.work_id, (None, runs.MOVED))
        with transaction.atomic():
            to = Outcome.MOVED if reason else Outcome.ASKED
            if not _settle(item, Outcome.PLANNED, to, reason):
                # *Detener* came first.
                continue
            if not reason and not act.do(work, run, now):
                _settle(item, Outcome.ASKED, Outcome.MOVED, runs.MOVED)


def _take_back(run: BulkRun, ends_at: datetime) -> datetime | None:
    """Take back the works that are not on their way, including those that wait for a person.
    Works on their way come to their end. Return when the run is due again, None once it ended."""
    act, after = act_of(run), 0
    goes_on = act.work.objects.filter(act.under_way | act.waits_for_cure).order_by().values("pk")
    may_go = Q(outcome=Outcome.ASKED) | Q(outcome=Outcome.DONE, work_id__in=goes_on)
    while clock.now() < ends_at:
        if not _keep(run):
            return clock.now()
        batch = list(run.items.filter(may_go, pk__gt=after).order_by("pk")[:BATCH])
        if not batch:
            return _follow(run)
        after = batch[-1].pk
        works = act.work.objects.in_bulk([item.work_id for item in batch])
        for item in batch:
            with transaction.atomic():
                if act.take_back(works[item.work_id], run, clock.now()):
                    _settle(item, Outcome(item.outcome), Outcome.STOPPED)
    return clock.now()


def _follow(run: BulkRun) -> datetime | None:
    """Note which of those that were asked came to an end; with the last one the run ends."""
    act, now = act_of(run), clock.now()
    asked = run.items.filter(outcome=Outcome.ASKED)
    # A run that is being stopped also takes back works that wait for their cure.
    goes_on = act.under_way | act.waits_for_cure if run.state == State.STOPPING else act.under_way
    stays = act.work.objects.filter(goes_on).order_by().values("pk")
    asked.exclude(work_id__in=stays).update(outcome=Outcome.DONE, at=now)
    if run.items.filter(outcome__in=[Outcome.PLANNED, Outcome.ASKED]).exists():
        return now + timing().delta("bulk_followed")
    ended = {"state": State.ENDED, "ended_at": now, "due_at": None}
    if not BulkRun.objects.filter(pk=run.pk, state=run.state).update(**ended):
        return now
    run.state = BulkRun.State.ENDED
    return None


def _nothing(run: BulkRun, _ends_at: datetime) -> datetime | None:
    BulkRun.objects.filter(pk=run.pk, state=run.state).update(due_at=None)
    return None


_STAGES: dict[State, Callable[[BulkRun, datetime], datetime | None]] = {
    State.READING: _read,
    State.READY: _nothing,
    State.RUNNING: _ask,
    State.STOPPING: _take_back,
    State.ENDED: _nothing,
}


def _settle(item: BulkItem, before: Outcome, to: Outcome, reason: str = "") -> bool:
    rows = BulkItem.objects.filter(pk=item.pk, outcome=before)
    return bool(rows.update(outcome=to, reason=reason, at=clock.now()))


def _keep(run: BulkRun) -> bool:
    return run.lease.renew(run, now=clock.now())


def _is(run: BulkRun, state: State) -> bool:
    return BulkRun.objects.filter(pk=run.pk, state=state).exists()
