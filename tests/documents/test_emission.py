"""A definitive invoice is created as a draft, verified, and emitted before the DIAN by its id."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from integrations.alegra.client import AlegraClient
from integrations.connections.models import Integration
from integrations.documents import emission
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests.documents.emitting import legal, living_by_the_clock, stamps, states


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)


def read_together(engine) -> int:
    """Calls that read invoices by many ids."""
    return sum(asked == ("GET", "/api/v1/invoices") for asked in engine.asked())


def test_a_lone_one_goes_in_the_same_turn(engine):
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.state == State.ISSUED
    assert document.number
    assert document.cufe
    assert document.issued_at
    assert document.legal_state in ("accepted", "accepted_obs")
    assert engine.calls("POST", "/invoices/stamp") == 1
    assert engine.steps(order) == {
        "contact": "done", "create": "done", "verify": "done", "emit": "done", "dian": "done",
    }  # fmt: skip


def test_full_tens_share_a_call(engine):
    for _ in range(30):
        engine.order()
    for _ in range(12):
        engine.later(5)
    assert states(engine) == {"issued": 30}
    assert engine.calls("POST", "/invoices/stamp") == 3


def test_the_first_order_of_a_burst_waits_for_those_that_are_told_after_it(engine):
    first = engine.order()
    engine.kept_event()
    engine.run()
    assert engine.document(first).state == State.CREATED
    for _ in range(9):
        engine.order()
    for _ in range(3):
        engine.later(5)
    assert states(engine) == {"issued": 10}
    assert engine.calls("POST", "/invoices/stamp") == 1


def test_an_order_that_nobody_follows_waits_no_longer_than_for_a_group(engine):
    first = engine.order()
    engine.kept_event()
    engine.run()
    engine.at.advance(seconds=8)
    engine.kept_event()
    engine.later(3)
    assert engine.document(first).state == State.ISSUED


def test_drafts_that_another_worker_holds_are_no_companions(engine):
    for _ in range(9):
        engine.order()
    engine.kept_event()
    engine.run()
    assert states(engine) == {"created": 9}
    with scope(engine.integration.organization_id):
        Document.objects.update(lease_until=clock.now() + timedelta(seconds=50))
    tenth = engine.order()
    engine.run()
    assert engine.document(tenth).state == State.CREATED
    assert engine.calls("POST", "/invoices/stamp") == 0


def test_a_draft_waits_for_nobody_once_its_time_is_over(engine):
    first = engine.order()
    late = engine.order()
    with scope(engine.integration.organization_id):
        # Due, and never served: another worker has it for the whole time.
        Document.objects.filter(order=late).update(lease_until=clock.now() + timedelta(hours=1))
    engine.run()
    assert engine.document(first).state == State.CREATED
    engine.later(12)
    assert engine.document(first).state == State.ISSUED


@pytest.mark.parametrize("shape", ["data", "invoices"])
def test_the_dian_rejects_one_of_a_group(engine, shape):
    orders = [engine.order() for _ in range(3)]
    engine.switch({"fault": "stamp_rejected", "times": 1}, stamp_answer=shape)
    engine.run()
    assert states(engine) == {"issued": 2, "rejected": 1}
    assert engine.calls("POST", "/invoices/stamp") == 1
    [document] = [each for each in map(engine.document, orders) if each.state == State.REJECTED]
    assert document.legal_state == "rejected"
    assert document.legal_words
    assert document.emit_since is None


@pytest.mark.parametrize("shape", ["data", "invoices"])
def test_a_refusal_before_the_dian_keeps_the_draft(engine, shape):
    order = engine.order()
    engine.switch({"fault": "stamp_refused", "times": 1}, stamp_answer=shape)
    engine.run()
    assert engine.document(order).state == State.BLOCKED
    assert engine.invoices()[0]["status"] == "draft"
    for _ in range(5):
        engine.later(600)
    assert engine.calls("POST", "/invoices/stamp") == 1


def test_what_the_dian_has_in_process_is_followed_for_days(engine):
    order = engine.order()
    engine.switch({"fault": "stamp_pending", "seconds": 5 * 24 * 3600})
    engine.run()
    document = engine.document(order)
    assert document.state == State.EMITTING
    assert document.legal_state == "waiting"
    for _ in range(4):
        engine.later(24 * 3600)
    assert engine.document(order).state == State.EMITTING
    assert engine.problems(order) == set()
    engine.later(25 * 3600)
    assert engine.document(order).state == State.ISSUED
    assert engine.calls("POST", "/invoices/stamp") == 1


def test_those_in_process_are_read_together(engine):
    for _ in range(5):
        engine.order()
    engine.switch({"fault": "stamp_pending", "seconds": 30})
    engine.run()
    assert states(engine) == {"emitting": 5}
    before = read_together(engine)
    engine.later(31)
    assert states(engine) == {"issued": 5}
    assert read_together(engine) - before == 1


def test_a_draft_stays_one_until_a_person_asks(build_engine, at, monkeypatch):
    engine = living_by_the_clock(build_engine(), at, monkeypatch)
    order = engine.order()
    engine.run()
    engine.later(3600)
    document = engine.document(order)
    assert document.state == State.CREATED
    assert engine.calls("POST", "/invoices/stamp") == 0
    with scope(engine.integration.organization_id):
        assert emission.ask(document, by="Ana", now=clock.now())
    engine.run()
    document = engine.document(order)
    assert document.state == State.ISSUED
    assert document.emit_by == "Ana"


def test_a_wish_is_taken_back(build_engine, at, monkeypatch):
    engine = living_by_the_clock(build_engine(), at, monkeypatch)
    order = engine.order()
    engine.run()
    document = engine.document(order)
    with scope(engine.integration.organization_id):
        assert emission.ask(document, by="Ana", now=clock.now())
        assert emission.take_back(document, by="Ana", now=clock.now())
        assert not emission.take_back(document, by="Ana", now=clock.now())
    engine.later(60)
    assert engine.document(order).state == State.CREATED
    assert engine.calls("POST", "/invoices/stamp") == 0


def test_a_draft_of_another_day_gets_the_date_of_today(build_engine, at, monkeypatch):
    engine = living_by_the_clock(build_engine(), at, monkeypatch)
    order = engine.order()
    engine.run()
    engine.at.advance(days=3)
    with scope(engine.integration.organization_id):
        assert emission.ask(engine.document(order), by="Ana", now=clock.now())
    engine.run()
    document = engine.document(order)
    assert document.state == State.ISSUED
    [invoice] = engine.invoices()
    assert (invoice["date"], invoice["dueDate"]) == ("2026-11-23", "2026-11-23")
    assert document.doc_date == date(2026, 11, 23)


def test_nothing_is_emitted_around_midnight(engine):
    engine.at.at = datetime(2026, 11, 21, 4, 57, 50, tzinfo=UTC)
    order = engine.order()
    engine.switch({"fault": "latency", "path": "/invoices", "method": "POST", "seconds": 0})
    engine.at.advance(seconds=15)
    engine.run()
    assert engine.document(order).state == State.CREATED
    engine.later(230)
    assert engine.document(order).state == State.CREATED
    engine.later(10)
    assert engine.document(order).state == State.ISSUED
    assert engine.invoices()[0]["date"] == "2026-11-21"


# --- Right before the call -------------------------------------------------------------------


@pytest.fixture
def drafts(build_engine, at, monkeypatch):
    """Three drafts of an hour ago, which a person may have touched since."""
    engine = living_by_the_clock(build_engine(), at, monkeypatch)
    orders = [engine.order() for _ in range(3)]
    engine.run()
    engine.later(3600)
    assert states(engine) == {"created": 3}
    return engine, orders


def ask_for(engine, orders) -> None:
    with scope(engine.integration.organization_id):
        for order in orders:
            assert emission.ask(engine.document(order), by="Ana", now=clock.now())


def test_drafts_of_another_hour_are_read_with_one_call_and_emitted_with_one(drafts):
    engine, orders = drafts
    before = read_together(engine)
    ask_for(engine, orders)
    engine.run()
    assert states(engine) == {"issued": 3}
    # Before the call and after it.
    assert read_together(engine) - before == 2
    assert stamps(engine) == 1


def test_what_a_person_changed_or_deleted_is_left_out(drafts):
    engine, (changed, deleted, right) = drafts
    ask_for(engine, (changed, deleted, right))
    [line] = [row["items"][0] for row in engine.invoices()][:1]
    body = {"items": [{"id": line["id"], "price": 1000, "quantity": 1}]}
    engine.as_person("PUT", f"/invoices/{engine.document(changed).alegra_id}", body)
    engine.as_person("DELETE", f"/invoices/{engine.document(deleted).alegra_id}")
    engine.run()
    assert engine.document(right).state == State.ISSUED
    assert engine.problems(changed) == {"total_differs"}
    assert engine.problems(deleted) == {"gone"}
    assert states(engine) == {"issued": 1, "blocked": 2}
    assert legal(engine) == 1


def test_one_that_a_person_emitted_meanwhile_is_followed_and_not_sent(drafts):
    engine, (first, *_others) = drafts
    ask_for(engine, [first])
    by_hand = {"stamp": {"generateStamp": True}}
    today = {"date": "2026-11-20", "dueDate": "2026-11-20"}
    engine.as_person("PUT", f"/invoices/{engine.document(first).alegra_id}", today)
    engine.as_person("POST", f"/invoices/{engine.document(first).alegra_id}/open", by_hand)
    engine.run()
    assert engine.document(first).state == State.ISSUED
    assert stamps(engine) == 0


def test_a_draft_whose_order_was_returned_meanwhile_is_not_emitted(drafts):
    engine, (first, *_others) = drafts
    ask_for(engine, [first])
    engine.order(number=first.number, status=10, updated="2026-11-21T10:00:00Z")
    engine.run()
    document = engine.document(first)
    assert (document.state, document.emit_since, document.next_attempt_at) == (
        "created",
        None,
        None,
    )
    assert (stamps(engine), legal(engine)) == (0, 0)


def test_one_that_the_dian_did_not_answer_for_is_read_before_it_is_sent_again(engine):
    order = engine.order()
    engine.switch({"fault": "stamp_failed_with_draft", "times": 1})
    engine.run()
    document = engine.document(order)
    assert (document.state, stamps(engine)) == ("created", 1)
    engine.as_person(
        "POST", f"/invoices/{document.alegra_id}/open", {"stamp": {"generateStamp": True}}
    )
    engine.later(600)
    assert engine.document(order).state == State.ISSUED
    assert (stamps(engine), legal(engine)) == (1, 1)


def test_a_pause_holds_an_emission_and_its_end_lets_it_go(drafts):
    engine, orders = drafts
    ask_for(engine, orders)
    with scope(engine.integration.organization_id):
        rows = Integration.objects.filter(pk=engine.integration.pk)
        rows.update(paused_reason=Integration.Pause.STAFF)
        engine.run()
        assert stamps(engine) == 0
        rows.update(paused_reason="")
    engine.later(60)
    assert states(engine) == {"issued": 3}


def test_two_workers_share_no_group_out_between_them(drafts):
    """Another worker claimed one of the last few a moment ago: whoever comes last takes all."""
    engine, orders = drafts
    ask_for(engine, orders)
    with scope(engine.integration.organization_id):
        theirs = engine.document(orders[0])
        assert theirs.lease.acquire(theirs, now=clock.now())
        engine.run()
        assert stamps(engine) == 0
        theirs.lease.release(theirs)
    engine.later(5)
    assert states(engine) == {"issued": 3}
    assert stamps(engine) == 1


def test_a_definitive_one_whose_order_is_right_again_goes(engine):
    with scope(engine.integration.organization_id):
        rows = Integration.objects.filter(pk=engine.integration.pk)
        order = engine.order()
        with_a_hold = {"paused_reason": Integration.Pause.STAFF}
        emitted = AlegraClient._exchange

        def pause_then(client, call, request):
            if call.path == "/invoices":
                rows.update(**with_a_hold)
            return emitted(client, call, request)

        AlegraClient._exchange = pause_then
        try:
            engine.run()
        finally:
            AlegraClient._exchange = emitted
        assert engine.document(order).state == State.CREATED
        engine.order(number=order.number, total=170000, updated="2026-11-21T10:00:00Z")
        rows.update(paused_reason="")
        engine.later(60)
        document = engine.document(order)
        assert (document.state, document.emit_since is None) == (State.CREATED, False)
        assert engine.steps(order)["emit"] == "skipped"
        engine.order(number=order.number, updated="2026-11-22T10:00:00Z")
        engine.run()
    assert engine.document(order).state == State.ISSUED


def test_companions_that_our_pace_put_off_are_waited_for(engine):
    """New buyers come back with the next minute: a draft goes with them, not alone before."""
    first, second = engine.order(), engine.order(customer={"documentNumber": "52998999"})
    put_off = {"next_attempt_at": clock.now() + timedelta(seconds=40), "needs_contact": True}
    with scope(engine.integration.organization_id):
        Document.objects.filter(order=second).update(**put_off)
    engine.run()
    engine.later(20)
    assert engine.document(first).state == State.CREATED
    engine.later(21)
    assert states(engine) == {"issued": 2}
    assert stamps(engine) == 1


def test_the_page_shows_what_is_to_come_and_what_the_dian_answered(drafts, cast, login):
    engine, (order, *_others) = drafts
    address = reverse("order", args=[cast.organization.slug, order.pk])
    client = login(cast.owner)
    assert "Emitir ante la DIAN" not in client.get(address).content.decode()
    ask_for(engine, [order])
    page = client.get(address).content.decode()
    assert "4. Emitir ante la DIAN" in page
    assert "5. Respuesta de la DIAN" in page
    engine.run()
    page = client.get(address).content.decode()
    assert page.index("4. Emitir ante la DIAN") < page.index("5. Respuesta de la DIAN")
    assert "La DIAN la aceptó" in page
