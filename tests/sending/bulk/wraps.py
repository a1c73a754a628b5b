"""An act on many toys: each that is blocked is wrapped, the big ones are left out."""

from __future__ import annotations

from collections import Counter

from integrations.audit.models import AuditEntry
from integrations.sending.bulk import worker
from integrations.sending.bulk.models import BulkRun
from integrations.sending.states import State, Why
from integrations.timekeeping.timing import timing
from tests.sending.toy.models import Toy

NAME = "wrap"


def plan(works, run, now):
    return [(toy, "too_big" if toy.text == "big" else "") for toy in works]


def wrap(toy, run, now):
    return toy.state == State.BLOCKED and toy.transition(
        State.PENDING, now=now, why=Why.PERSON, by=run.by, next_attempt_at=None
    )


def unwrap(toy, run, now):
    return toy.state == State.PENDING and toy.transition(
        State.BLOCKED, now=now, why=Why.PERSON, by=run.stopped_by
    )


def work(run):
    worker.work_off(run.pk)


def read(run):
    return BulkRun.objects.get(pk=run.pk)


def outcomes(run):
    return Counter(run.items.values_list("outcome", flat=True))


def states():
    return Counter(Toy.objects.values_list("state", flat=True))


def finish(at, run):
    """The works come to their end, and the worker looks."""
    Toy.objects.filter(state=State.PENDING).update(state=State.CREATED)
    at.advance(seconds=timing().bulk_followed + 1)
    work(run)
    return read(run)


def entries():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
