"""What held an emission is cured: the same draft goes on to the DIAN, and one that is left out
after all keeps nobody else waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from integrations.alegra.client import AlegraClient
from integrations.connections.models import AlegraCompany
from integrations.documents import emission
from integrations.documents.models import Document
from integrations.sending import causes, confirm, healing, trying
from integrations.sending.about import about
from integrations.sending.again import send_again
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.documents.emitting import legal, living_by_the_clock, stamps, states

pytestmark = pytest.mark.django_db
EXPIRED = {"fault": "stamp_refused", "body": "AEP1005: vencido"}


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(), at, monkeypatch)


def ask_for(engine, *orders) -> None:
    for order in orders:
        assert emission.ask(engine.document(order), by="Ana", now=clock.now())


@pytest.fixture
def without_certificate(engine, inside):
    """Three drafts that a person wants emitted, and a certificate that has expired."""
    engine.switch(EXPIRED)
    orders = [engine.order() for _ in range(3)]
    engine.run()
    ask_for(engine, *orders)
    engine.run()
    assert states(engine) == {"blocked": 3}
    engine.switch()
    return orders


def tried(engine, orders):
    """The one that is sent to try it."""
    engine.at.advance(seconds=200)
    assert trying.try_due(clock.now()) == 1
    [one] = [each for each in orders if engine.document(each).state != State.BLOCKED]
    return one


def go_on_trying(engine) -> None:
    for _ in range(4):
        engine.at.advance(seconds=1000)
        trying.try_due(clock.now())
        engine.run()
        engine.later(20)


def test_one_that_is_tried_and_left_out_lets_another_be_tried(engine, without_certificate):
    one = tried(engine, without_certificate)
    engine.order(number=one.number, status=10, updated="2026-11-21T10:00:00Z")
    engine.run()
    document = engine.document(one)
    assert (document.state, document.emit_since) == (State.CREATED, None)
    assert "certificate" not in engine.problems(one)
    go_on_trying(engine)
    assert states(engine) == {"created": 1, "issued": 2}
    assert legal(engine) == 2


def test_one_that_is_tried_and_taken_back_lets_another_be_tried(engine, without_certificate):
    engine.at.at = datetime(2026, 11, 21, 4, 55, tzinfo=UTC)
    one = tried(engine, without_certificate)
    # Read, and held until midnight is over.
    engine.run()
    assert engine.problems(one) == {"certificate"}
    assert emission.take_back(engine.document(one), by="Ana", now=clock.now())
    assert engine.problems(one) == set()
    go_on_trying(engine)
    assert states(engine) == {"created": 1, "issued": 2}


@pytest.mark.parametrize("cure", ["release", "again"])
@pytest.mark.parametrize("wanted", [True, False])
def test_a_blocked_draft_whose_cure_came_is_emitted_where_it_is_wanted(
    engine, inside, cast, cure, wanted
):
    order = engine.order()
    engine.run()
    if wanted:
        ask_for(engine, order)
    document = engine.document(order)
    problem = about(document, "gave_up")
    assert document.transition(State.BLOCKED, now=clock.now(), why=Why.PROBLEM)
    causes.open_problems(document, [problem], now=clock.now())
    if cure == "again":
        assert send_again(document, by=cast.owner)
    else:
        released = release(problem.code, problem.subject_key, integration=document.integration)
        assert released == 1
    engine.run()
    engine.later(60)
    assert states(engine) == ({"issued": 1} if wanted else {"created": 1})
    assert (stamps(engine), len(engine.invoices())) == (1 if wanted else 0, 1)


@pytest.mark.parametrize("cure", ["release", "again"])
def test_a_month_that_was_closed_since_keeps_no_cured_draft_from_its_emission(
    engine, inside, cast, cure
):
    """It gets the date of its emission, which is in an open month."""
    order = engine.order()
    engine.run()
    ask_for(engine, order)
    document = engine.document(order)
    problem = about(document, "gave_up")
    assert document.transition(State.BLOCKED, now=clock.now(), why=Why.PROBLEM)
    causes.open_problems(document, [problem], now=clock.now())
    engine.at.advance(days=15)
    AlegraCompany.objects.update(books_closed_until=date(2026, 11, 30))
    if cure == "again":
        assert send_again(document, by=cast.owner)
    else:
        release(problem.code, problem.subject_key, integration=document.integration)
    engine.run()
    engine.later(60)
    assert engine.document(order).state == State.ISSUED
    assert engine.invoices()[0]["date"] == "2026-12-05"


def test_a_date_that_was_not_renewed_is_not_believed(build_engine, at, monkeypatch):
    """The intention to renew it names today, although the call for it failed."""
    engine = living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)
    at.at = datetime(2026, 11, 21, 4, 57, 30, tzinfo=UTC)
    order, verify = engine.order(), confirm.answered

    def over_midnight(*args, **more):
        at.at = datetime(2026, 11, 21, 5, 2, 1, tzinfo=UTC)
        return verify(*args, **more)

    monkeypatch.setattr(confirm, "answered", over_midnight)
    engine.switch({"fault": "status", "status": 500, "method": "PUT", "times": 1})
    engine.run()
    document = engine.document(order)
    assert (document.state, document.doc_date) == (State.CREATED, date(2026, 11, 21))
    assert engine.invoices()[0]["date"] == "2026-11-20"
    engine.later(45)
    assert engine.document(order).state == State.ISSUED
    assert engine.invoices()[0]["date"] == "2026-11-21"
    assert stamps(engine) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_one_over_which_workers_died_three_times_is_read_before_anything_else(
    engine, inside, monkeypatch, arrived
):
    """Set aside while its call may have arrived: tried again by itself, it is emitted once."""
    order = engine.order()
    engine.run()
    ask_for(engine, order)
    Document.objects.update(deaths=2)
    exchange = AlegraClient._exchange

    def dies(client, call, request):
        if call.path != "/invoices/stamp":
            return exchange(client, call, request)
        monkeypatch.setattr(AlegraClient, "_exchange", exchange)
        if arrived:
            exchange(client, call, request)
        raise SystemExit

    monkeypatch.setattr(AlegraClient, "_exchange", dies)
    with pytest.raises(SystemExit):
        engine.run()
    engine.later(timing().slot_lease + timing().stamp_call)
    assert (states(engine), engine.problems(order)) == ({"blocked": 1}, {"poison"})
    engine.at.advance(seconds=timing().own_fault_rest + 1)
    assert healing.try_due(clock.now()) == 1
    engine.run()
    engine.later(60)
    assert states(engine) == {"issued": 1}
    assert engine.problems(order) == set()
    assert (stamps(engine), legal(engine)) == (1, 1)


def test_a_refused_date_that_tells_the_whole_invoice_is_a_refusal(engine, inside):
    """The words of an answer that repeats the invoice are not those of a lost one."""
    order = engine.order()
    engine.run()
    engine.at.advance(days=3)
    told = {"code": 400, "message": "La fecha no sirve", "invoice": engine.invoices()[0]}
    engine.switch({"fault": "status", "status": 400, "method": "PUT", "body": told})
    ask_for(engine, order)
    engine.run()
    document = engine.document(order)
    assert (document.state, document.failures) == (State.BLOCKED, 0)
    assert "La fecha no sirve" in str(document.problems.get(closed_at=None).params)
    assert stamps(engine) == 0
