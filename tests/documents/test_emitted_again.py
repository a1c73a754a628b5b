"""A refused or rejected invoice is cured and emitted again: the same id, and never a second one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents import emission
from integrations.documents.correcting import correct
from integrations.sending.again import send_again
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests.documents.emitting import legal, living_by_the_clock, stamps

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)


def puts(engine) -> int:
    return sum(method == "PUT" and "/invoices/" in path for method, path in engine.asked())


@pytest.fixture
def rejected(engine, inside):
    engine.switch({"fault": "stamp_rejected", "times": 1})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == State.REJECTED
    return order


def test_a_rejected_one_is_corrected_on_its_page_and_emitted_again(engine, rejected, cast, login):
    before = engine.document(rejected)
    client = login(cast.owner)
    page = client.get(reverse("order", args=[cast.organization.slug, rejected.pk]))
    assert "Emitir de nuevo" in page.content.decode()
    correct(rejected, changes={"email": "marta.nueva@example.com"}, by=cast.owner)
    assert engine.document(rejected).state == State.REJECTED
    engine.at.advance(days=1)
    again = reverse("order_emit_again", args=[cast.organization.slug, rejected.pk])
    assert "sale otra vez a la DIAN" in client.post(again, follow=True).content.decode()
    engine.run()
    after = engine.document(rejected)
    assert after.state == State.ISSUED
    assert (after.alegra_id, after.marker) == (before.alegra_id, before.marker)
    assert engine.problems(rejected) == set()
    [invoice] = engine.invoices()
    assert invoice["date"] == "2026-11-21"
    assert after.marker in invoice["observations"]
    [contact] = [
        row for row in engine.ledger()["contacts"] if row.get("identification") == "52998117"
    ]
    assert contact["email"] == "marta.nueva@example.com"
    assert (stamps(engine), legal(engine)) == (2, 1)


def test_another_buyer_is_put_into_the_same_invoice(engine, rejected, cast):
    correct(
        rejected,
        changes={"name": "Comercial Andina SAS", "doc_type": "NIT", "doc_number": "900123456"},
        confirmed=frozenset({"name", "doc_number"}),
        by=cast.owner,
    )
    assert emission.ask(engine.document(rejected), by="Ana", now=clock.now())
    engine.run()
    assert engine.document(rejected).state == State.ISSUED
    [invoice] = engine.invoices()
    assert "Comercial Andina" in str(invoice["client"]["name"])
    # Only a buyer without NIT has the address of delivery printed: that of the first one goes.
    assert invoice["anotation"] is None
    assert puts(engine) == 1


def test_one_that_a_person_changed_in_alegra_is_not_overwritten(engine, rejected, cast):
    [invoice] = engine.invoices()
    lines = [{"id": invoice["items"][0]["id"], "price": 1000, "quantity": 3}]
    engine.as_person("PUT", f"/invoices/{invoice['id']}", {"items": lines})
    correct(rejected, changes={"doc_number": "52998118"}, by=cast.owner)
    assert emission.ask(engine.document(rejected), by="Ana", now=clock.now())
    engine.run()
    assert engine.document(rejected).state != State.ISSUED
    assert legal(engine) == 0
    assert engine.invoices()[0]["items"][0]["quantity"] == 3
    assert stamps(engine) == 1


def test_a_change_whose_answer_was_lost_is_made_once_more(engine, rejected, cast):
    correct(rejected, changes={"unidentified": "yes"}, by=cast.owner)
    fault = {"fault": "answer_lost_after_commit", "method": "PUT", "path": "/invoices", "times": 1}
    engine.switch(fault)
    assert emission.ask(engine.document(rejected), by="Ana", now=clock.now())
    engine.run()
    assert engine.document(rejected).state == State.CREATED
    engine.later(60)
    assert engine.document(rejected).state == State.ISSUED
    assert puts(engine) == 2
    assert legal(engine) == 1


def test_a_refusal_before_the_dian_is_cured_and_the_same_draft_emitted(engine, inside, cast):
    engine.switch({"fault": "stamp_refused", "times": 1})
    order = engine.order()
    engine.run()
    before = engine.document(order)
    assert before.state == State.BLOCKED
    assert send_again(before, by=cast.owner)
    engine.run()
    after = engine.document(order)
    assert (after.state, after.alegra_id) == (State.ISSUED, before.alegra_id)
    assert engine.calls("POST", "/invoices") - stamps(engine) == 1
    assert (stamps(engine), legal(engine), puts(engine)) == (2, 1, 0)


def test_a_rejected_one_whose_order_was_returned_is_not_emitted_again(
    engine, rejected, cast, login
):
    engine.order(number=rejected.number, status=10, updated="2026-11-21T10:00:00Z")
    again = reverse("order_emit_again", args=[cast.organization.slug, rejected.pk])
    page = login(cast.owner).post(again, follow=True).content.decode()
    assert "no se emite" in page
    assert engine.document(rejected).state == State.REJECTED
