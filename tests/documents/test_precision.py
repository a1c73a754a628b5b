"""The account's decimals were lowered: the first wrong total holds the rest until they are back."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.alegra import company as alegra_company
from integrations.configuration import company_facts
from integrations.configuration.tasks import read_again_what_orders_wait_for
from integrations.connections.clients import alegra_client
from integrations.connections.models import AlegraCompany, Integration
from integrations.documents.models import Document
from integrations.timekeeping import clock
from tests.cast import make_integration

pytestmark = pytest.mark.django_db

# With whole pesos its base and its IVA cannot add up to it.
UNREACHABLE = {
    "total": 45900,
    "lines": [{"id_product": 1, "id_variant": 11, "name": "T", "quantity": 1, "price": 45900}],
}


@pytest.fixture
def company(engine, inside):
    """The row as it is now."""
    return lambda: AlegraCompany.objects.get(pk=engine.integration.company_id)


def reason(engine) -> str:
    return Integration.objects.get(pk=engine.integration.pk).paused_reason


def test_one_wrong_draft_is_the_most(engine, inside):
    engine.switch(decimal_precision=0)
    orders = [engine.order(**UNREACHABLE) for _ in range(6)]
    engine.run()
    engine.later(60)
    assert len(engine.invoices()) == 1
    assert engine.problems(orders[0]) == {"total_differs"}
    assert {engine.document(order).state for order in orders[1:]} == {"pending"}
    assert reason(engine) == "precision"
    assert engine.calls("GET", "/company") == 1


def test_the_rest_leaves_by_itself_once_the_precision_is_back(engine, inside):
    engine.switch(decimal_precision=0)
    orders = [engine.order(**UNREACHABLE) for _ in range(3)]
    engine.run()
    read_again_what_orders_wait_for()
    assert reason(engine) == "precision"
    engine.switch(decimal_precision=2)
    read_again_what_orders_wait_for()
    assert reason(engine) == ""
    engine.run()
    assert [engine.document(order).state for order in orders] == ["blocked", "created", "created"]
    assert len(engine.invoices()) == 3


def test_every_integration_of_the_company_is_held(engine, inside, cast):
    other = make_integration(
        cast.organization, company=engine.integration.company,
        credential=engine.integration.credential, business_id="99",
    )  # fmt: skip
    engine.switch(decimal_precision=0)
    engine.order(**UNREACHABLE)
    engine.run()
    assert Integration.objects.get(pk=other.pk).paused_reason == "precision"


def test_a_total_that_is_wrong_for_another_reason_holds_nobody(engine, inside, company):
    engine.switch(tax_omitted="item")
    first = engine.order()
    engine.switch({"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices"})
    engine.run()
    engine.switch()
    # Somebody changes the draft in Alegra before it is found.
    Document.objects.filter(order=first).update(
        built={**engine.document(first).built, "value": "1"}
    )
    engine.later(120)
    assert engine.problems(first) == {"total_differs"}
    assert engine.calls("GET", "/company") == 1
    assert company().total_doubted_at is None
    assert reason(engine) == ""
    second = engine.order()
    engine.run()
    assert engine.document(second).state == "created"


def test_nothing_leaves_while_the_company_cannot_be_read(engine, inside, company):
    engine.switch(
        {"fault": "status", "status": 503, "method": "GET", "path": "/company"},
        decimal_precision=0,
    )
    orders = [engine.order(**UNREACHABLE) for _ in range(3)]
    engine.run()
    for _ in range(4):
        engine.later(30)
    assert len(engine.invoices()) == 1
    assert company().total_doubted_at is not None
    integration = Integration.objects.select_related("company", "credential").get()
    assert "leemos otra vez la precisión" in integration.hold(clock.now()).sentence
    engine.switch(decimal_precision=2)
    engine.later(600)
    assert company().total_doubted_at is None
    assert [engine.document(order).state for order in orders] == ["blocked", "created", "created"]


def test_a_company_that_cannot_be_read_is_asked_less_and_less(engine, inside, company):
    """Every document of it would ask, and the round of every two minutes."""
    random.seed(7)
    fault = {"fault": "status", "status": 503, "method": "GET", "path": "/company"}
    engine.switch(fault)
    company_facts.doubt(company(), now=clock.now())
    credential = engine.integration.credential
    asked = []
    with alegra_client(credential) as client:
        for _half_a_minute in range(120):
            before = engine.calls("GET", "/company")
            assert company_facts.is_settled(company(), credential, client) is False
            asked.append(engine.calls("GET", "/company") - before)
            engine.at.advance(seconds=30)
        assert 4 <= sum(asked) <= 30
        assert sum(asked[:20]) > sum(asked[-20:]) > 0
        engine.switch()
        engine.at.advance(seconds=600)
        assert company_facts.is_settled(company(), credential, client) is True
    assert (company().asking_failures, company().asking_until) == (0, None)


def test_a_reading_that_began_before_the_wrong_total_does_not_settle_it(engine, inside, company):
    with alegra_client(engine.integration.credential) as client:
        began = clock.now()
        found = alegra_company.read(client)
    engine.at.advance(seconds=1)
    company_facts.doubt(company(), now=clock.now())
    company_facts.note(company(), found, began=began)
    assert company().total_doubted_at is not None
    company_facts.note(company(), found, began=clock.now())
    assert company().total_doubted_at is None


def test_only_one_worker_reads_the_company(engine, inside, company):
    company_facts.doubt(company(), now=clock.now())
    AlegraCompany.objects.update(asking_until=clock.now() + timedelta(seconds=30))
    with alegra_client(engine.integration.credential) as client:
        row, credential = company(), engine.integration.credential
        assert company_facts.is_settled(row, credential, client) is False
        assert engine.calls("GET", "/company") == 0
        engine.at.advance(seconds=31)
        assert company_facts.is_settled(row, credential, client) is True


def test_after_a_while_one_document_goes_first_and_the_others_wait_for_its_total(
    engine, inside, company
):
    with company_facts.alone_unless_trusted(company().pk) as first:
        order = engine.order()
        engine.run()
        assert first
        assert engine.document(order).state == "pending"
        assert engine.invoices() == []
    engine.later(1)
    assert engine.document(order).state == "created"
    # Its total was right: several at once.
    with company_facts.alone_unless_trusted(company().pk):
        other = engine.order()
        engine.run()
        assert engine.document(other).state == "created"
    engine.at.advance(seconds=16)
    with (
        company_facts.alone_unless_trusted(company().pk) as first,
        company_facts.alone_unless_trusted(company().pk) as second,
    ):
        assert (first, second) == (True, False)


def test_who_goes_first_and_dies_is_waited_for_no_longer_than_a_lease(engine, inside):
    AlegraCompany.objects.update(trying_until=clock.now() + timedelta(seconds=60))
    order = engine.order()
    engine.run()
    assert engine.invoices() == []
    engine.later(61)
    assert engine.document(order).state == "created"


def test_a_precision_that_is_too_low_holds_also_after_another_pause_was_lifted(engine, inside):
    AlegraCompany.objects.update(precision=0)
    order = engine.order()
    engine.run()
    assert engine.invoices() == []
    assert engine.document(order).state == "pending"


def test_a_person_sees_why_and_tries_again(engine, inside, cast, login):
    engine.switch(decimal_precision=0)
    orders = [engine.order(**UNREACHABLE) for _ in range(2)]
    engine.run()
    client = login(cast.member("editor"))
    slug, pk = cast.organization.slug, engine.integration.pk
    place = client.get(reverse("integration", args=[slug, pk])).content.decode()
    again = reverse("settings_refresh", args=[slug, pk])
    assert "Ponle 2 decimales en Alegra, en Configuración › Empresa" in place
    assert again in place
    assert "Probar otra vez" in place
    page = client.get(reverse("order", args=[slug, orders[1].pk])).content.decode()
    assert "La precisión decimal de Alegra es menor que 2. Ponle 2 decimales en Alegra" in page
    still = client.post(again, follow=True).content.decode()
    assert "Tu cuenta de Alegra redondea a pesos enteros" in still
    engine.switch(decimal_precision=2)
    done = client.post(again, follow=True).content.decode()
    assert "los pedidos salen solos" in done
    engine.run()
    assert engine.document(orders[1]).state == "created"
