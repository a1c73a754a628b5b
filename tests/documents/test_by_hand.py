"""What people made in Alegra while an order waited is asked about, and asked once."""

from __future__ import annotations

import pytest
import requests
from django.urls import reverse

from integrations.alegra.wire import encode
from integrations.connections.models import Integration
from integrations.documents import acts
from integrations.documents.steps import contact as contact_step
from integrations.sending.frozen import thaw
from tests.documents.engine import full_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def type_by_hand(engine, simulators, like, path="/invoices", **changes):
    """A person types in Alegra what an order's document would hold; the new row."""
    body = {**thaw(like.payload), "observations": "A mano", **changes}
    auth = (engine.company["alegra_user"], engine.company["alegra_token"])
    answer = requests.post(
        simulators.alegra_url + path,
        data=encode(body),
        headers={"Content-Type": "application/json"},
        auth=auth,
        timeout=10,
    )
    assert answer.ok, answer.text
    return answer.json()


@pytest.fixture
def waiting(engine):
    """An order of a known buyer that waits for two days; the document of another one of hers."""
    first = engine.order()
    engine.run()
    Integration.objects.update(paused_reason="staff")
    order = engine.order()
    engine.at.advance(hours=1)
    return order, engine.document(first)


def let_go(engine, *, hours):
    engine.at.advance(hours=hours)
    Integration.objects.update(paused_reason="")
    engine.later(1)


def test_an_order_that_waited_for_days_is_compared_with_what_was_made_by_hand(
    engine, simulators, waiting
):
    order, like = waiting
    made = type_by_hand(engine, simulators, like, date="2026-11-20")
    let_go(engine, hours=48)
    assert engine.problems(order) == {"look_alike"}
    problem = engine.document(order).problems.get()
    assert problem.params["other"] == str(made["id"])
    assert problem.params["name"].endswith("del 20/11/2026 por $\xa0159.800")
    assert len(engine.invoices()) == 2


def test_who_says_that_it_is_the_orders_own_finds_its_number_typed(
    engine, simulators, waiting, cast, login
):
    order, like = waiting
    made = type_by_hand(engine, simulators, like, date="2026-11-20", status="open")
    let_go(engine, hours=48)
    address = reverse("order_external", args=[cast.organization.slug, order.pk])
    number = full_number(made)
    assert f'value="{number}"' in login(cast.accountant).get(address).content.decode()


def test_the_button_that_denies_it_says_so(engine, simulators, waiting, cast, login):
    order, like = waiting
    type_by_hand(engine, simulators, like, date="2026-11-20")
    let_go(engine, hours=48)
    address = reverse("order", args=[cast.organization.slug, order.pk])
    text = login(cast.editor).get(address).content.decode()
    assert "No es el de este pedido</button>" in text
    assert "Reintentar" not in text


def test_what_a_person_denied_is_not_asked_about_again(engine, simulators, waiting, cast):
    order, like = waiting
    type_by_hand(engine, simulators, like, date="2026-11-20")
    let_go(engine, hours=48)
    acts.retry(engine.document(order), by=cast.editor, denies=True)
    engine.run()
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 3


def test_a_retry_of_many_denies_nothing(engine, simulators, waiting, cast):
    order, like = waiting
    type_by_hand(engine, simulators, like, date="2026-11-20")
    let_go(engine, hours=48)
    acts.retry(engine.document(order), by=cast.editor)
    engine.run()
    assert engine.problems(order) == {"look_alike"}
    assert len(engine.invoices()) == 2


def test_an_order_that_waited_for_hours_is_sent_without_a_question(engine, simulators, waiting):
    order, like = waiting
    type_by_hand(engine, simulators, like, date="2026-11-20")
    before = engine.calls("GET", "/invoices")
    let_go(engine, hours=8)
    assert engine.document(order).state == "created"
    assert engine.calls("GET", "/invoices") == before


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "2026-11-18", "dueDate": "2026-11-18"},
        {"observations": "[MS1-AAAAAAAAAAAAAAAA]"},
    ],
    ids=["before it was due", "another comercio's of ours"],
)
def test_what_cannot_be_the_orders_own_is_no_question(engine, simulators, waiting, changes):
    order, like = waiting
    type_by_hand(engine, simulators, like, **changes)
    let_go(engine, hours=48)
    assert engine.document(order).state == "created"


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_plan_without_remissions_does_not_hold_an_invoice(engine, waiting, status):
    order, _like = waiting
    engine.switch({"fault": "status", "status": status, "method": "GET", "path": "/remissions"})
    let_go(engine, hours=48)
    assert engine.document(order).state == "created"


def test_what_was_voided_since_is_no_question(engine, simulators, waiting):
    order, like = waiting
    made = type_by_hand(engine, simulators, like, date="2026-11-20", status="open")
    engine.as_person("POST", f"/invoices/{made['id']}/void", {})
    let_go(engine, hours=48)
    assert engine.document(order).state == "created"


def test_a_list_without_observations_does_not_turn_ours_into_questions(engine, simulators, waiting):
    order, like = waiting
    type_by_hand(engine, simulators, like, observations="[MS1-AAAAAAAAAAAAAAAA]")
    engine.switch(list_has_observations=False)
    let_go(engine, hours=48)
    assert engine.document(order).state == "created"


def test_after_a_lost_answer_a_denied_look_alike_lets_the_order_be_sent(engine, simulators, cast):
    engine.switch({"fault": "reset_before_commit", "method": "POST", "path": "/invoices",
                   "times": 1})  # fmt: skip
    order = engine.order()
    engine.run()
    type_by_hand(engine, simulators, engine.document(order))
    for _ in range(4):
        engine.later(80)
    assert engine.problems(order) == {"look_alike"}
    acts.retry(engine.document(order), by=cast.editor, denies=True)
    for _ in range(5):
        engine.later(80)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 2


def test_an_order_returned_while_its_client_was_made_keeps_its_page(
    engine, waiting, cast, login, monkeypatch
):
    order, _like = waiting
    resolve = contact_step.contacts.resolve_contact

    def meanwhile(*args, **choices):
        found = resolve(*args, **choices)
        engine.order(number=int(order.number), status=10, updated="2026-11-22T21:00:00Z")
        return found

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", meanwhile)
    let_go(engine, hours=48)
    document = engine.document(order)
    assert (document.state, document.reason) == ("skipped", "returned")
    page = login(cast.editor).get(reverse("order", args=[cast.organization.slug, order.pk]))
    assert page.status_code == 200
    assert "Se devolvió antes de documentarse" in page.content.decode()
