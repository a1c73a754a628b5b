"""*Emitir* many: what is chosen is read in Alegra before it is planned, and emitted as planned."""

from __future__ import annotations

from collections import Counter

import pytest

from integrations.connections.models import Credential
from integrations.documents import emitting_many
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.bulk import acts, runs, worker
from integrations.sending.bulk.models import BulkRun
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.documents.changing import again, emit, in_alegra
from tests.documents.emitting import living_by_the_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(), at, monkeypatch)


@pytest.fixture
def request_of(rf, cast):
    request = rf.post("/")
    request.user = cast.accountant
    return request


@pytest.fixture
def made(engine):
    """made(4) → four orders with their drafts, verified."""

    def make(count):
        orders = [engine.order() for _ in range(count)]
        while states(engine)["created"] < count:
            engine.later(1)
        return orders

    return make


@pytest.fixture
def choose(engine, cast):
    def make():
        with scope(cast.organization.pk):
            act = acts.named(emitting_many.NAME)
            return runs.choose(act, Document.objects.all(), by=cast.accountant, now=clock.now())

    return make


@pytest.fixture
def plan(engine, choose):
    """Choose all, let a worker read and plan; why each is left out, and how many go."""

    def make():
        engine.at.advance(seconds=1)
        run = choose()
        work_off(engine, run)
        return told(run)

    return make


def work_off(engine, run, times=10):
    for _ in range(times):
        if not worker.work_off(run.pk):
            engine.at.advance(seconds=timing().chosen_again)


def told(run):
    with scope(run.organization_id):
        run = BulkRun.objects.get(pk=run.pk)
        assert run.state == "ready"
        why = {g.reason: g.count for g in runs.groups(run) if g.outcome == "left_out"}
        assert run.count == run.items.filter(outcome="planned").count()
        return run.count, why


def states(engine):
    with scope(engine.integration.organization_id):
        return Counter(Document.objects.values_list("state", flat=True))


def newest(cast):
    with scope(cast.organization.pk):
        return BulkRun.objects.order_by("-pk").first()


def lists_read(engine):
    return sum(path.endswith("/invoices") for method, path in engine.asked() if method == "GET")


def test_what_people_did_in_alegra_is_read_before_the_plan(engine, made, plan):
    orders = made(5)
    items = [{"id": engine.items["11"], "price": 100, "quantity": 1}]
    in_alegra(engine, "PUT", orders[0], items=items)
    in_alegra(engine, "DELETE", orders[1])
    emit(engine, orders[2])
    again(engine, orders[3], status=10)
    assert plan() == (1, {"edited": 1, "deleted": 1, "emitted": 1, "returned": 1})


def test_thirty_are_read_with_one_call(engine, made, plan):
    made(32)
    before = lists_read(engine)
    assert plan() == (32, {})
    assert lists_read(engine) - before == 2


def test_what_was_read_since_it_was_chosen_is_not_read_again(engine, made, choose):
    made(3)
    engine.at.advance(seconds=1)
    run = choose()
    with scope(run.organization_id):
        Document.objects.update(last_read_at=clock.now())
    before = len(engine.asked())
    work_off(engine, run)
    assert told(run) == (3, {})
    assert len(engine.asked()) == before


def test_where_alegra_does_not_answer_nothing_of_it_is_planned(engine, made, plan):
    made(3)
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/invoices", "status": 503, "times": 99}
    )
    assert plan() == (0, {"unread": 3})


def test_after_one_failure_it_is_read_again(engine, made, plan):
    made(3)
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/invoices", "status": 503, "times": 2}
    )
    assert plan() == (3, {})


def test_a_paused_login_is_not_used(engine, made, plan):
    made(2)
    with scope(engine.integration.organization_id):
        Credential.objects.update(state=Credential.State.PAUSED)
    before = len(engine.asked())
    assert plan() == (0, {"held_credential": 2})
    assert len(engine.asked()) == before


def test_the_planned_ones_are_emitted_and_no_other(engine, made, plan, cast, request_of):
    orders = made(25)
    in_alegra(engine, "DELETE", orders[7])
    assert plan() == (24, {"deleted": 1})
    run = newest(cast)
    with scope(cast.organization.pk):
        assert runs.start(run, now=clock.now(), request=request_of)
    stamps = engine.calls("POST", "/invoices/stamp")
    for _ in range(40):
        worker.work_off(run.pk)
        engine.later(2)
    run = newest(cast)
    assert (run.state, states(engine)) == ("ended", {"issued": 24, "blocked": 1})
    emitted = [row for row in engine.invoices() if row["status"] != "draft"]
    assert len(emitted) == 24
    # Ten with one call.
    assert engine.calls("POST", "/invoices/stamp") - stamps == 3


def test_one_that_is_edited_after_the_plan_is_not_emitted(engine, made, plan, cast, request_of):
    orders = made(4)
    assert plan() == (4, {})
    run = newest(cast)
    items = [{"id": engine.items["11"], "price": 100, "quantity": 1}]
    in_alegra(engine, "PUT", orders[1], items=items)
    with scope(cast.organization.pk):
        assert runs.start(run, now=clock.now(), request=request_of)
    for _ in range(20):
        worker.work_off(run.pk)
        engine.later(2)
    assert newest(cast).state == "ended"
    assert len([row for row in engine.invoices() if row["status"] != "draft"]) == 3
    assert engine.document(orders[1]).state != "issued"


@pytest.mark.parametrize(("count", "first"), [(11, "/invoices"), (3, "/invoices/stamp")])
def test_many_let_a_new_order_go_first_and_few_do_not(
    engine, made, plan, cast, request_of, count, first
):
    made(count)
    assert plan() == (count, {})
    run = newest(cast)
    with scope(cast.organization.pk):
        assert runs.start(run, now=clock.now(), request=request_of)
    worker.work_off(run.pk)
    engine.order()
    before = len(engine.asked())
    engine.run()
    sent = [path for method, path in engine.asked()[before:] if method == "POST"]
    assert sent[0].endswith(first)
