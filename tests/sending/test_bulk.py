"""An act on many works: planned, frozen by ids, worked off, stopped. Its worker may die."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection, connections
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from integrations.audit.models import AuditEntry
from integrations.scoping.context import scope
from integrations.sending.bulk import acts, runs, worker
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests import cast as casting
from tests.sending.toy.models import Toy

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def act(monkeypatch):
    made = acts.Act(
        name=NAME, work=Toy, plan=plan, do=wrap, pesos="order__total_pesos",
        under_way=Q(state__in=[State.PENDING, State.SENDING]), take_back=unwrap,
    )  # fmt: skip
    monkeypatch.setattr(acts, "_acts", {NAME: made})
    return made


@pytest.fixture
def request_of(rf, cast):
    def make(user=None):
        request = rf.post("/")
        request.user = user or cast.editor
        return request

    return make


@pytest.fixture
def inside(cast):
    with scope(cast.organization.pk):
        yield


@pytest.fixture
def some(toys):
    """some(7, 2) → seven toys that may be wrapped, and two that may not."""

    def make(count, big=0):
        texts = ["small"] * count + ["big"] * big
        return [toys.make(text, State.BLOCKED) for text in texts]

    return make


@pytest.fixture
def chosen(act, cast, inside):
    def choose(by=None):
        return runs.choose(act, Toy.objects.all(), by=by or cast.editor, now=clock.now())

    return choose


@pytest.fixture
def planned(chosen):
    def make():
        run = chosen()
        work(run)
        return read(run)

    return make


@pytest.fixture
def started(planned, request_of):
    def make():
        run = planned()
        assert runs.start(run, now=clock.now(), request=request_of())
        return run

    return make


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
