"""What was sent, or may have been, is neither changed nor let go before it was looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.alegra import errors
from integrations.configuration.models import DocumentSettings
from integrations.connections import pauses
from integrations.connections.models import AlegraCompany, Credential
from integrations.documents import acts, step_rows
from integrations.documents.correcting import correct
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.issue import issue_document
from integrations.documents.models import Document, DocumentAttempt
from integrations.documents.steps import contact as contact_step
from integrations.documents.steps import make
from integrations.orders.models import Order
from integrations.sending import causes, create_once, rows, steps, sweep, turns
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping.timing import MAX_SENDS, MAX_SENDS_AN_HOUR, timing

pytestmark = pytest.mark.django_db

CREATE = {"method": "POST", "path": "/invoices", "times": 1}
LOST = {**CREATE, "fault": "reset_before_commit"}


def change(document, **columns):
    Document.objects.filter(pk=document.pk).update(**columns)


def proven_absent(engine, **changes):
    """An order whose one send was lost and looked for twice: it waits to be sent again."""
    engine.switch(LOST)
    order = engine.order(**changes)
    engine.run()
    engine.later(timing().first_look_up + 1)
    engine.later(timing().between_look_ups + 1)
    document = engine.document(order)
    assert (document.state, document.sends) == ("pending", 1)
    return order


def refuse_creation(patched, error):
    def create(client, body):
        raise error

    patched.setattr(FAR_SIDES["invoice"], "create", create)


def test_a_resend_is_the_same_document_though_the_kind_was_changed(engine, inside):
    order = proven_absent(engine)
    sent = engine.document(order)
    DocumentSettings.objects.update(kind="remission", mode="definitive")
    engine.later(120)
    document = engine.document(order)
    assert (document.state, document.kind) == ("created", "invoice")
    assert document.payload == sent.payload
    assert (len(engine.invoices()), len(engine.remissions())) == (1, 0)


def test_a_resend_into_closed_books_is_held(engine, inside):
    order = proven_absent(engine)
    AlegraCompany.objects.update(books_closed_until="2026-11-20")
    engine.later(24 * 3600)
    assert engine.document(order).state == "pending"
    assert engine.invoices() == []


def test_an_order_returned_before_its_resend_ends(engine, inside):
    order = proven_absent(engine, number=777)
    engine.told(number=777, status=10, updated="2026-11-20T20:00:00Z")
    issue_document(order, now=engine.at.now())
    engine.later(120)
    document = engine.document(order)
    assert (document.state, document.reason) == ("skipped", "returned")
    assert engine.invoices() == []


def test_an_order_returned_after_a_send_that_arrived_all_the_same_is_adopted(engine, inside):
    engine.switch({**CREATE, "fault": "status_after_commit", "status": 429})
    order = engine.order(number=778)
    engine.run()
    engine.told(number=778, status=10, updated="2026-11-20T20:00:00Z")
    issue_document(order, now=engine.at.now())
    engine.later(120)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize("status", [403, 400])
def test_a_refused_look_up_neither_thaws_the_document_nor_shortens_the_search(
    engine, inside, cast, status
):
    engine.switch(
        {**CREATE, "fault": "answer_lost_after_commit"},
        {"fault": "status", "method": "GET", "path": "/invoices", "times": 1, "status": status,
         "body": {"message": "No"}},
    )  # fmt: skip
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up + 1)
    document = engine.document(order)
    assert (document.state, document.may_be_there) == ("blocked", True)
    acts.retry(document, by=cast.editor)
    assert engine.document(order).state == "unconfirmed"


def test_correcting_the_buyer_does_not_send_what_may_be_there(engine, inside, cast):
    order = proven_absent(engine)
    document = engine.document(order)
    now = engine.at.now()
    assert document.transition(State.BLOCKED, now=now, why=Why.PROBLEM, next_attempt_at=None)
    with pytest.raises(acts.NotPossible, match="puede estar"):
        correct(order, changes={"city": "Cali"}, by=cast.editor)
    engine.later(120)
    assert engine.document(order).state == "blocked"


def test_a_send_that_never_left_is_dated_anew_on_the_day_it_leaves(engine, inside, monkeypatch):
    order = engine.order()
    with monkeypatch.context() as patched:
        refuse_creation(patched, errors.NotSent("no connection"))
        engine.run()
    document = engine.document(order)
    assert (document.state, document.sends, document.payload) == ("pending", 0, None)
    engine.later(24 * 3600)
    assert [row["date"] for row in engine.invoices()] == ["2026-11-21"]


def test_our_own_pace_does_not_thaw_what_an_earlier_send_froze(engine, inside, monkeypatch):
    order = proven_absent(engine)
    sent = engine.document(order)
    with monkeypatch.context() as patched:
        refuse_creation(patched, errors.BudgetExhausted(1.0))
        engine.later(120)
    document = engine.document(order)
    assert (document.state, document.sends) == ("pending", 1)
    assert (document.payload, document.doc_date) == (sent.payload, sent.doc_date)


def test_what_is_sent_while_midnight_passes_is_looked_for_under_its_own_date(
    engine, inside, monkeypatch
):
    engine.at.at = engine.at.at.replace(day=21, hour=4, minute=59, second=59)
    digest = create_once.digest

    def slowly(payload):
        engine.at.advance(seconds=5)
        return digest(payload)

    monkeypatch.setattr(create_once, "digest", slowly)
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.doc_date.isoformat() == document.payload["date"] == "2026-11-20"
    for _ in range(6):
        engine.later(timing().between_look_ups + 1)
    assert len(engine.invoices()) == 1


def test_a_row_whose_worker_dies_over_every_send_comes_to_an_end(engine, inside):
    order = engine.order()
    for _ in range(MAX_SENDS_AN_HOUR):
        document = engine.document(order)
        change(document, state="pending", next_attempt_at=engine.at.now(), lease_until=None)
        document = engine.document(order)
        assert rows.claim(document, engine.at.now())
        lost_send(document, engine.at.now())
    change(document, lease_until=None, next_attempt_at=engine.at.now())
    engine.run()
    assert engine.invoices() == []
    assert engine.document(order).next_attempt_at > engine.at.now() + timedelta(minutes=50)


def test_giving_up_after_twelve_sends_is_taken_back_by_a_persons_retry(engine, inside, cast):
    engine.switch({**CREATE, "fault": "reset_before_commit"})
    order = engine.order()
    engine.run()
    for hours in range(1, MAX_SENDS):
        lost_send(engine.document(order), engine.at.now() - timedelta(hours=hours))
    look_in_vain(engine)
    assert engine.problems(order) == {"gave_up"}
    acts.retry(engine.document(order), by=cast.editor)
    look_in_vain(engine)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def look_in_vain(engine) -> None:
    for _ in range(4):
        engine.later(timing().between_look_ups + 1)


def lost_send(document, at) -> None:
    """A send over which a worker died."""
    step = steps.begin(document, step_rows.begin(document, "create", input={}), now=at)
    DocumentAttempt.objects.create(
        organization_id=document.organization_id, step=step, call_id="x", method="POST",
        generation=document.generation, path="/invoices", started_at=at, deadline_at=at,
    )  # fmt: skip


def test_looking_early_does_not_bring_the_last_look_forward(engine, inside, cast):
    engine.switch({**LOST})
    order = engine.order()
    engine.run()
    acts.look_now(engine.document(order), by=cast.editor)
    engine.run()
    document = engine.document(order)
    settled = timing().delta("first_look_up") + timing().delta("between_look_ups")
    assert document.probes == 1
    assert document.next_attempt_at >= document.sent_at + settled


def test_a_cure_that_comes_while_a_row_is_being_blocked_is_not_missed(engine, inside, monkeypatch):
    order = engine.order(
        lines=[{"id_product": 2, "id_variant": 22, "name": "Faja", "quantity": 1, "price": 159800}]
    )
    build = make.build

    def build_then_link(facts):
        result = build(facts)
        if result.problems and "22" not in engine.items:
            engine.link("2", "22", rate="19")
            variant = Order.objects.get(pk=order.pk).lines.get().variant
            release("product_unlinked", variant.subject_key, integration=engine.integration)
        return result

    monkeypatch.setattr(make, "build", build_then_link)
    engine.run()
    engine.later(31)
    assert engine.document(order).state == "created"


def test_a_failure_of_ours_after_the_answer_does_not_stop_the_line(engine, inside, monkeypatch):
    close = causes.close_problems
    fail = [True]

    def sometimes(*args, **named):
        if args[0].alegra_id and fail and fail.pop():
            raise RuntimeError("deadlock detected")
        return close(*args, **named)

    monkeypatch.setattr(causes, "close_problems", sometimes)
    first, second = engine.order(), engine.order()
    engine.run()
    assert engine.document(first).state == "unconfirmed"
    assert engine.document(second).state == "created"
    engine.later(timing().first_look_up + 1)
    assert engine.document(first).state == "created"
    assert len(engine.invoices()) == 2


def test_a_refusal_of_the_old_token_does_not_pause_the_new_one(engine, inside):
    old = Credential.objects.get()
    Credential.objects.filter(pk=old.pk).update(validated_at=engine.at.now())
    assert not pauses.pause_credential(old, code="unauthorized", now=engine.at.now())
    assert Credential.objects.get().state == "valid"


def test_a_slow_alegra_is_not_taken_for_a_dead_worker(engine, inside, monkeypatch):
    """Search and creation of a contact take longer together than a lease."""
    create = contact_step.contacts.contacts.create

    def slowly(client, body):
        engine.at.advance(seconds=25)
        made = create(client, body)
        engine.at.advance(seconds=40)
        sweep.sweep()
        return made

    monkeypatch.setattr(contact_step.contacts.contacts, "create", slowly)
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "created"
    # Claimed once: nobody took it for abandoned.
    assert engine.document(order).generation == 1


def test_a_write_ahead_that_took_too_long_sends_nothing_and_says_so(engine, inside, monkeypatch):
    commit = steps.begin

    def slowly(work, step, *, now):
        begun = commit(work, step, now=now)
        if step.name == "create":
            monkeypatch.setattr(steps, "begin", commit)
            engine.at.advance(seconds=timing().lease - timing().call)
        return begun

    monkeypatch.setattr(steps, "begin", slowly)
    order = engine.order()
    turns.serve(engine.integration.credential.alegra_user_id)
    assert engine.calls("POST", "/invoices") == 0
    engine.later(1)
    assert engine.calls("POST", "/invoices") == 1
    tried = DocumentAttempt.objects.filter(step__name="create", method="POST").order_by("id")
    assert [row.outcome for row in tried] == ["internal", "ok"]
    told = [row.why for row in engine.document(order).changes.order_by("id")]
    assert told.count("not_sent") == 1
    document = engine.document(order)
    assert (document.state, document.sends, document.failures) == ("created", 1, 0)
    assert len(engine.invoices()) == 1


def test_a_pace_that_runs_out_after_a_day_is_no_failed_search(engine, inside, monkeypatch):
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    Credential.objects.update(state="paused")
    engine.at.advance(hours=30)
    Credential.objects.update(state="valid")
    engine.switch({"fault": "rate_limited", "method": "GET", "path": "/invoices", "times": 1})
    engine.run()
    assert engine.document(order).state == "unconfirmed"
    engine.later(120)
    assert engine.document(order).state == "created"
