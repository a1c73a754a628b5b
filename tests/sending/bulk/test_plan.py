"""An act on many works: planned, frozen by ids, and done once a person says yes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.audit.models import AuditEntry
from integrations.scoping.context import scope
from integrations.sending.bulk import acts, runs, worker
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests import cast as casting
from tests.sending.bulk.wraps import (
    NAME,
    entries,
    finish,
    outcomes,
    read,
    states,
    work,
)
from tests.sending.toy.models import Toy

pytestmark = pytest.mark.django_db


def test_a_plan_says_how_many_and_why_the_rest_is_left_out(some, planned):
    some(7, 2)
    run = planned()
    assert (run.state, run.count) == ("ready", 7)
    assert {(each.outcome, each.reason, each.count) for each in runs.groups(run)} == {
        ("planned", "", 7),
        ("left_out", "too_big", 2),
    }
    assert states() == {"blocked": 9}
    assert entries() == []


def test_a_yes_does_exactly_what_was_planned_and_is_audited_once(some, started, at, toys):
    some(7, 2)
    run = started()
    toys.make("small", State.BLOCKED)  # came after the plan
    work(run)
    assert states() == {"pending": 7, "blocked": 3}
    assert outcomes(run) == {"asked": 7, "left_out": 2}
    run = finish(at, run)
    assert (run.state, outcomes(run)) == ("ended", {"done": 7, "left_out": 2})
    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.actor.email) == ("bulk.wrap", "editor@example.com")
    assert entry.after == {"count": 7, "pesos": 0, "left_out": {"too_big": 2}}


def test_a_yes_before_its_worker_has_left_the_plan_counts(
    some, chosen, request_of, at, monkeypatch
):
    """The worker that planned it, stopped for a moment, writes nothing over the yes."""
    some(3)
    run, plan_it = chosen(), runs.plan

    def then_a_yes_comes(planned, now):
        is_planned = plan_it(planned, now=now)
        if is_planned:
            assert runs.start(read(run), now=clock.now(), request=request_of())
        return is_planned

    monkeypatch.setattr(runs, "plan", then_a_yes_comes)
    work(run)
    assert run.pk in worker.due_runs(clock.now())
    work(run)
    assert states() == {"pending": 3}
    assert finish(at, run).state == "ended"


def test_nothing_is_done_without_a_yes(some, planned, at):
    some(3)
    run = planned()
    for _ in range(3):
        at.advance(seconds=60)
        assert worker.due_runs(clock.now()) == []
        work(run)
    assert states() == {"blocked": 3}


def test_a_yes_counts_once(some, planned, request_of):
    some(3)
    run = planned()
    same = read(run)
    assert runs.start(run, now=clock.now(), request=request_of())
    assert not runs.start(same, now=clock.now(), request=request_of())
    assert entries() == ["bulk.wrap"]


def test_an_old_plan_is_not_done(some, planned, at, request_of):
    some(3)
    run = planned()
    at.advance(seconds=timing().bulk_plan_lives + 1)
    assert not runs.start(run, now=clock.now(), request=request_of())


def test_a_plan_of_nothing_cannot_be_done(some, planned, request_of):
    some(0, 2)
    run = planned()
    assert (run.state, run.count) == ("ready", 0)
    assert not runs.start(run, now=clock.now(), request=request_of())


def test_of_nothing_no_run_is_made(chosen):
    assert chosen() is None
    assert not BulkRun.objects.exists()


def test_who_chooses_too_many_is_told(some, chosen, monkeypatch):
    some(4)
    monkeypatch.setattr(runs, "MOST", 3)
    with pytest.raises(runs.TooMany):
        chosen()
    assert not BulkRun.objects.exists()


def test_what_another_run_is_about_to_do_is_known(some, started, chosen):
    toys = some(2)
    first = started()
    second = chosen()
    waiting = runs.waiting_elsewhere(second).values_list("work_id", flat=True)
    assert set(waiting) == {toy.pk for toy in toys}
    assert not runs.waiting_elsewhere(first).exists()


def test_what_is_read_first_is_read_piece_by_piece_and_waits_for_its_time(
    some, chosen, at, monkeypatch
):
    some(3)
    pieces = iter([0, 30, 0, None])

    def piece(run, keep, now):
        assert keep()
        wait = next(pieces)
        return None if wait is None else now + timing().delta("sweep_every") * (wait > 0)

    act = acts._acts[NAME]
    monkeypatch.setattr(acts, "_acts", {NAME: replace(act, read=piece)})
    run = chosen()
    work(run)
    assert read(run).state == "reading"
    assert worker.due_runs(clock.now()) == []
    at.advance(seconds=timing().sweep_every)
    assert worker.due_runs(clock.now()) == [run.pk]
    work(run)
    assert (read(run).state, read(run).count) == ("ready", 3)


def test_what_a_reading_found_is_why_it_is_left_out(some, chosen, monkeypatch):
    toys = some(2)

    def found(run, keep, now):
        run.items.filter(work_id=toys[0].pk).update(reason="gone")

    act = acts._acts[NAME]
    monkeypatch.setattr(acts, "_acts", {NAME: replace(act, read=found)})
    run = chosen()
    work(run)
    assert {(g.outcome, g.reason, g.count) for g in runs.groups(run)} == {
        ("planned", "", 1),
        ("left_out", "gone", 1),
    }


@pytest.mark.parametrize("count", [60, 400])
def test_a_plan_takes_as_many_queries_for_few_as_for_many(some, chosen, count):
    some(count, 3)
    run = chosen()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        work(run)
    assert read(run).count == count
    assert len(asked) <= 25


def test_another_comercio_sees_nothing_of_a_run(some, planned, cast):
    some(2)
    run = planned()
    with scope(cast.other.pk):
        assert not BulkRun.objects.filter(pk=run.pk).exists()
        assert not BulkItem.objects.exists()


def test_a_run_belongs_to_one_comercio(some, act, cast, toys):
    """A worker opens the scope of the run's own organization."""
    some(2)
    other = casting.make_integration(cast.other)
    with scope(cast.organization.pk):
        run = runs.choose(act, Toy.objects.all(), by=cast.editor, now=clock.now())
    work(run)
    with scope(other.organization_id):
        assert not BulkRun.objects.exists()
    with scope(cast.organization.pk):
        assert read(run).count == 2
