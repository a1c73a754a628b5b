"""A lost answer never doubles a document: it is looked for, adopted, or proven absent.

Rows F8–F10, F15, F17, F18 and F25–F28 of the failure matrix, seen in the far side's ledger.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from integrations.alegra.wire import encode
from integrations.documents import acts
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending import lost_answer, rows, sweep, turns
from integrations.sending.frozen import thaw
from integrations.sending.states import State, Why
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db

CREATE = {"method": "POST", "path": "/invoices", "times": 1}


def settle(engine, looks: int = 4) -> None:
    for _ in range(looks):
        engine.later(timing().between_look_ups + 1)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "answer_lost_after_commit"},
        {"fault": "answer_cut"},
        {"fault": "status_after_commit", "status": 500, "body": "<html>oops</html>"},
        {"fault": "status_after_commit", "status": 502},
        {"fault": "status_after_commit", "status": 504},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('status', '')}",
)
def test_an_answer_lost_after_the_commit_is_verified_and_adopted(engine, fault):
    engine.switch({**CREATE, **fault})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "unconfirmed"

    settle(engine)
    document = engine.document(order)
    assert document.state == "created"
    (invoice,) = engine.invoices()
    assert document.alegra_id == str(invoice["id"])
    assert engine.calls("POST", "/invoices") >= 1


@pytest.mark.parametrize("fault", ["reset_before_commit", "hang"])
def test_a_request_that_never_arrived_is_sent_again_after_two_empty_looks(engine, settings, fault):
    settings.TIMING_DIVISOR = 20
    engine.switch({**CREATE, "fault": fault, "seconds": 3})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "unconfirmed"
    engine.later(timing().first_look_up + 0.1)
    # One empty look proves nothing: Alegra may still be writing.
    assert (engine.document(order).state, engine.document(order).probes) == ("unconfirmed", 1)
    assert engine.invoices() == []

    settle(engine, looks=8)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_document_that_shows_late_is_found_by_the_second_look(engine):
    engine.switch(
        {**CREATE, "fault": "answer_lost_after_commit"},
        list_delay_seconds=0,
    )
    order = engine.order()
    engine.run()
    engine.switch({"fault": "status", "status": 503, "method": "GET", "path": "/invoices",
                   "times": 1})  # fmt: skip
    engine.later(timing().first_look_up + 1)
    assert engine.document(order).state == "unconfirmed"
    settle(engine, looks=6)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_look_up_that_fails_never_leads_to_a_send(engine):
    engine.switch(
        {**CREATE, "fault": "answer_lost_after_commit"},
        {"fault": "status", "status": 500, "method": "GET", "path": "/invoices", "times": 5},
    )
    order = engine.order()
    engine.run()
    posts = engine.calls("POST", "/invoices")
    for _ in range(4):
        engine.later(timing().back_off_cap)
        assert engine.calls("POST", "/invoices") == posts
    engine.switch()
    # However long the last pause was drawn.
    engine.later(timing().back_off_cap)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_lists_without_observations_are_read_one_by_one(engine):
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"}, list_has_observations=False)
    other = engine.order()
    order = engine.order()
    engine.run()
    settle(engine)
    assert engine.document(order).state == "created"
    assert engine.document(other).state == "created"
    assert len(engine.invoices()) == 2


@pytest.mark.parametrize(
    ("fault", "reads"), [("answer_lost_after_commit", 1), ("reset_before_commit", 0)]
)
def test_what_is_known_to_be_another_orders_is_not_read_again(engine, fault, reads):
    """Neither to find ours nor to prove that it is absent."""
    for _ in range(4):
        engine.order()
    engine.run()
    engine.switch({**CREATE, "fault": fault}, list_has_observations=False)
    order = engine.order()
    engine.run()
    settle(engine)
    assert engine.document(order).state == "created"
    assert engine.calls("GET", "/invoices/") == reads


def test_a_lost_answer_is_looked_for_before_new_orders_are_sent(engine):
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    lost = engine.order()
    engine.run()
    before = len(engine.asked())
    engine.order()
    engine.later(timing().first_look_up + 1)
    assert engine.document(lost).state == "created"
    asked = engine.asked()[before:]
    assert asked.index(("GET", "/api/v1/invoices")) < asked.index(("POST", "/api/v1/invoices"))


def test_a_429_after_the_commit_does_not_double(engine):
    engine.switch({**CREATE, "fault": "status_after_commit", "status": 429})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "pending"
    settle(engine)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_400_after_the_commit_is_adopted_on_the_persons_retry(engine, cast):
    engine.switch(
        {**CREATE, "fault": "status_after_commit", "status": 400, "body": {"message": "No."}}
    )
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"rejected"}
    with scope(cast.organization.pk):
        acts.retry(engine.document(order), by=cast.editor)
    engine.run()
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_the_search_uses_the_date_of_the_send_not_of_today(engine):
    # 23:59 in Bogotá.
    engine.at.at = engine.at.at.replace(day=21, hour=4, minute=59)
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    settle(engine)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_worker_that_died_after_its_write_ahead_is_taken_for_a_lost_answer(engine, cast):
    order = engine.order()
    now = engine.at.now()
    with scope(cast.organization.pk):
        document = engine.document(order)
        assert rows.claim(document, now)
        document.move(
            State.SENDING, now=now, why=Why.SENT, keep_lease=True, sent_at=now, sends=1,
            doc_date=now.date(),
        )  # fmt: skip
    engine.at.advance(seconds=timing().lease + 1)
    sweep.sweep()
    document = engine.document(order)
    assert document.state == "unconfirmed"
    assert document.deaths == 1
    settle(engine, looks=8)
    assert len(engine.invoices()) == 1


def test_a_worker_that_died_before_its_write_ahead_only_frees_the_row(engine, cast):
    order = engine.order()
    with scope(cast.organization.pk):
        document = engine.document(order)
        rows.claim(document, engine.at.now())
    engine.later(timing().lease + 1)
    assert engine.document(order).state == "created"


def test_a_row_that_kills_its_worker_three_times_is_set_aside(engine, cast):
    order = engine.order()
    for _ in range(3):
        with scope(cast.organization.pk):
            document = engine.document(order)
            assert rows.claim(document, engine.at.now())
        engine.at.advance(seconds=timing().lease + 1)
        sweep.sweep()
    assert engine.problems(order) == {"poison"}


def test_two_workers_never_hold_the_same_row(engine, cast):
    order = engine.order()
    with scope(cast.organization.pk):
        first = engine.document(order)
        second = engine.document(order)
        assert rows.claim(first, engine.at.now())
        assert not rows.claim(second, engine.at.now())
        engine.at.advance(seconds=timing().lease + 1)
        second = engine.document(order)
        assert rows.claim(second, engine.at.now())
        with pytest.raises(rows.LeaseLost):
            rows.renew(first, engine.at.now())


def test_retry_is_closed_while_the_answer_is_looked_for(engine, cast):
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    with scope(cast.organization.pk), pytest.raises(acts.NotPossible, match="duplicar"):
        acts.retry(engine.document(order), by=cast.editor)


def type_in(engine, simulators, order, **changes) -> None:
    """Somebody enters what was sent once more in Alegra."""
    with scope(engine.integration.organization_id):
        payload = Document.objects.get(order_id=order.pk).payload
    answer = requests.post(
        simulators.alegra_url + "/invoices", data=encode({**thaw(payload), **changes}), timeout=10,
        auth=(engine.company["alegra_user"], engine.company["alegra_token"]),
    )  # fmt: skip
    assert answer.ok, answer.text


def test_a_document_alike_without_our_marker_is_a_question(engine, simulators):
    engine.switch({**CREATE, "fault": "reset_before_commit"})
    order = engine.order()
    engine.run()
    type_in(engine, simulators, order, observations="hecha a mano")
    settle(engine)
    assert engine.problems(order) == {"look_alike"}
    assert len(engine.invoices()) == 1


def test_two_with_our_marker_are_a_question_and_none_is_chosen(engine, simulators):
    """Whoever duplicates a document in Alegra duplicates its marker."""
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    type_in(engine, simulators, order)
    settle(engine)
    document = engine.document(order)
    assert (engine.problems(order), document.alegra_id) == ({"two_found"}, "")
    with scope(engine.integration.organization_id):
        (problem,) = document.problems.filter(closed_at=None)
    assert sorted(problem.params["ids"]) == sorted(str(row["id"]) for row in engine.invoices())


def test_what_was_read_before_the_send_proves_nothing_of_it(engine):
    """A turn reads a day once for all its rows; a row sent since then is looked for anew."""
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    with scope(engine.integration.organization_id):
        document = Document.objects.get(order_id=order.pk)
        far = FAR_SIDES[document.kind]
        key = (Document, document.company_id, document.kind, document.doc_date)
        with turns.Turn(document.alegra_user) as turn:
            before = document.sent_at - timedelta(seconds=1)
            turn.scans[key] = lost_answer.Scan(before, [])
            decided = lost_answer.before_resending(turn, document, far)
            assert set(turn.scans) == {key}
    (invoice,) = engine.invoices()
    assert decided is not None
    assert [row.id for row in turn.scans[key].rows] == [str(invoice["id"])]
