"""A run is worked off piece by piece, may be stopped anywhere, and survives its worker."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connections

from integrations.sending.bulk import acts, runs, worker
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
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


def test_what_moved_on_meanwhile_is_left_alone_and_counted(some, started, at):
    first, second, *_rest = some(5)
    run = started()
    Toy.objects.filter(pk=first.pk).update(state=State.CREATED)
    Toy.objects.filter(pk=second.pk).update(text="big")
    work(run)
    assert outcomes(run) == {"asked": 3, "moved": 2}
    reasons = run.items.filter(outcome="moved").values_list("work_id", "reason")
    assert dict(reasons) == {first.pk: "moved", second.pk: "too_big"}
    assert finish(at, run).state == "ended"


def test_stopped_before_a_worker_came_nothing_is_done(some, started, at, request_of, cast):
    some(5)
    run = started()
    assert runs.stop(run, now=clock.now(), request=request_of(cast.owner))
    work(run)
    run = read(run)
    assert (run.state, run.stopped_by) == ("ended", str(cast.owner))
    assert (outcomes(run), states()) == ({"stopped": 5}, {"blocked": 5})
    assert entries() == ["bulk.wrap", "bulk.stop"]
    assert not runs.stop(run, now=clock.now(), request=request_of())


def test_stopped_in_the_middle_what_is_not_under_way_is_taken_back(
    some, started, at, request_of, monkeypatch
):
    toys = some(6)
    run = started()
    monkeypatch.setattr(worker, "BATCH", 4)
    with_stop(monkeypatch, after=4, stop=lambda: stop_elsewhere(run, request_of()))
    work(run)
    under_way = toys[0]
    Toy.objects.filter(pk=under_way.pk).update(state=State.SENDING)
    work(run)
    assert outcomes(run) == {"stopped": 5, "asked": 1}
    assert (states(), read(run).state) == ({"blocked": 5, "sending": 1}, "stopping")
    Toy.objects.filter(pk=under_way.pk).update(state=State.CREATED)
    run = finish(at, run)
    assert (run.state, outcomes(run)) == ("ended", {"stopped": 5, "done": 1})


def test_stopped_between_two_of_a_batch_the_next_one_is_not_asked(
    some, started, request_of, monkeypatch
):
    some(6)
    run = started()
    with_stop(monkeypatch, after=2, stop=lambda: stop_elsewhere(run, request_of()))
    work(run)
    assert outcomes(run) == {"asked": 2, "stopped": 4}
    work(run)
    assert outcomes(run) == {"stopped": 6}
    assert states() == {"blocked": 6}


def with_stop(monkeypatch, *, after, stop):
    done = iter(range(1, 100))
    act = acts._acts[NAME]

    def do(toy, run, now):
        is_done = act.do(toy, run, now)
        if next(done) == after:
            stop()
        return is_done

    monkeypatch.setattr(acts, "_acts", {NAME: replace(act, do=do)})


def stop_elsewhere(run, request):
    assert runs.stop(read(run), now=clock.now(), request=request)


def test_two_runs_over_the_same_works_do_each_once(some, planned, request_of, at):
    some(5)
    first, second = planned(), planned()
    assert (first.count, second.count) == (5, 5)
    for run in (first, second):
        assert runs.start(run, now=clock.now(), request=request_of())
    work(second)
    work(first)
    assert (outcomes(first), outcomes(second)) == ({"moved": 5}, {"asked": 5})
    assert states() == {"pending": 5}
    assert set(Toy.objects.values_list("generation", flat=True)) == {1}


def test_one_worker_has_a_run_at_a_time(some, started, monkeypatch):
    some(3)
    run = started()
    seen = []
    act = acts._acts[NAME]

    def do(toy, run, now):
        seen.append(worker.work_off(run.pk))
        return act.do(toy, run, now)

    monkeypatch.setattr(acts, "_acts", {NAME: replace(act, do=do)})
    work(run)
    assert seen == [False, False, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies_at", [1, 4, 6])
def test_a_worker_killed_in_the_middle_leaves_exactly_the_rest(
    dies_at, some, started, at, monkeypatch
):
    """SIGKILL of a real process while it is doing one of them: what came before stands, that one
    is rolled back, and who comes after does it and the rest."""
    toys = some(6, 1)
    run = started()
    connections.close_all()
    died = os.fork()
    if died == 0:
        act, done = acts._acts[NAME], iter(range(1, 100))

        def do(toy, run, now):
            act.do(toy, run, now)
            if next(done) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return True

        acts._acts[NAME] = replace(act, do=do)
        worker.work_off(run.pk)
        os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(died, 0)[1])
    assert states() == Counter(pending=dies_at - 1, blocked=8 - dies_at)
    work(run)
    assert states() == Counter(pending=dies_at - 1, blocked=8 - dies_at)  # the dead one has it
    at.advance(seconds=timing().bulk_lease)
    assert worker.due_runs(clock.now()) == [run.pk]
    work(run)
    planned = set(run.items.filter(outcome="asked").values_list("work_id", flat=True))
    assert planned == {toy.pk for toy in toys if toy.text == "small"}
    assert states() == {"pending": 6, "blocked": 1}
    assert set(Toy.objects.filter(state="pending").values_list("generation", flat=True)) == {1}
    run = finish(at, run)
    assert run.state == "ended"
    assert entries() == ["bulk.wrap"]
