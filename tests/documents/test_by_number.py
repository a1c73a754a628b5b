"""*Ya tiene documento*: what Alegra has under a number is shown beside the order before saving."""

from __future__ import annotations

import pytest
import requests
from django.urls import reverse

from integrations.connections.models import Integration
from integrations.scoping.context import scope
from tests.documents.engine import full_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(engine, cast, login):
    """ask("FE 318") → the page after *Comprobar en Alegra*; the order waits meanwhile."""
    with scope(engine.integration.organization_id):
        Integration.objects.update(paused_reason="staff")
    order = engine.order()
    address = reverse("order_external", args=[cast.organization.slug, order.pk])
    client = login(cast.accountant)

    def posted(number, **more):
        answer = client.post(address, {"number": number, "check": "1", **more})
        assert engine.document(order).state == "pending"
        return answer.content.decode()

    return posted


def open_invoice(engine, simulators, *, price):
    """An invoice typed by hand and emitted, so that it has a number."""
    auth = (engine.company["alegra_user"], engine.company["alegra_token"])
    item = next(iter(engine.items.values()))
    client = engine.ledger()["contacts"][0]["id"]
    body = {
        "date": "2026-11-20", "dueDate": "2026-11-20", "client": {"id": client}, "status": "open",
        "items": [{"id": item, "price": price, "quantity": 1}],
    }  # fmt: skip
    answer = requests.post(f"{simulators.alegra_url}/invoices", json=body, auth=auth, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


@pytest.mark.parametrize(("price", "said"), [(159_800, "El mismo total"), (1_000, "Otro total")])
def test_a_number_that_alegra_knows_is_shown_with_client_and_total(
    engine, simulators, ask, price, said
):
    made = open_invoice(engine, simulators, price=price)
    number = full_number(made)
    page = ask(f"{number[:2].lower()} {number[2:]}")
    assert number in page
    assert made["client"]["name"] in page
    assert said in page
    # What was typed is still there to be saved.
    assert f'value="{number[:2].lower()} {number[2:]}"' in page


def test_a_number_that_alegra_does_not_know_may_still_be_saved(ask):
    assert "Alegra no tiene ninguna factura ni remisión con ese número" in ask("FE 999999")
    assert "Alegra no tiene ninguna" in ask("???")


def test_a_plan_without_remissions_still_shows_the_invoice(engine, simulators, ask):
    made = open_invoice(engine, simulators, price=159_800)
    engine.switch({"fault": "status", "status": 402, "method": "GET", "path": "/remissions"})
    assert "El mismo total" in ask(full_number(made))
    # Nobody could look among the remissions.
    assert "No pudimos comprobarlo en Alegra" in ask("FE 999999")
    engine.switch({"fault": "status", "status": 402, "method": "GET"})
    assert "No pudimos comprobarlo en Alegra" in ask(full_number(made))


def test_when_alegra_does_not_answer_the_page_says_so_and_keeps_the_number(engine, ask):
    engine.switch({"fault": "status", "status": 503, "method": "GET"})
    page = ask("FE 318")
    assert "No pudimos comprobarlo en Alegra" in page
    assert 'value="FE 318"' in page
