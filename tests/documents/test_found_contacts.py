"""A contact that was in Alegra before is the buyer, or a person says whether it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents import acts
from integrations.documents.buyer_answers import same_buyer
from integrations.documents.correcting import correct
from integrations.documents.steps import contact as contact_step
from integrations.scoping.context import scope
from tests.documents.test_another_client import BUYER, api
from tests.documents.test_contacts import clients, contact_calls, fill, store

pytestmark = pytest.mark.django_db

COMPANY = {"name": "Inversiones Rojas SAS", "nameObject": None, "kindOfPerson": "LEGAL_ENTITY"}


def named(first: str, last: str) -> dict:
    return {"nameObject": {"firstName": first, "lastName": last}}


@pytest.fixture(params=[False, True], ids=["searched", "indexed"])
def found(request, engine):
    """store(…) → the id of a contact that somebody made; known by a search or by the index."""

    def make(number: str = BUYER, **changes) -> str:
        key = store(engine, number, **changes)
        if request.param:
            fill(engine)
        return key

    return make


def notes(engine, order) -> list[str]:
    return engine.document(order).built["notes"]


def test_a_company_for_a_person_is_asked_about(engine, found):
    found(**COMPANY)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"contact_other_kind"}
    assert engine.invoices() == []


def test_a_person_for_a_company_is_asked_about(engine, found):
    found("900559088", identificationObject={"type": "NIT", "number": "900559088"},
          **named("Marta", "Rojas"))  # fmt: skip
    order = engine.order(
        customer={"documentType": "NIT", "documentNumber": "900559088-2",
                  "full_name": "Comercial Rojas SAS"}
    )  # fmt: skip
    engine.run()
    assert engine.problems(order) == {"contact_other_kind"}


def test_no_name_in_common_is_asked_about_and_nobody_is_named(engine, found):
    found(**named("Pedro", "Castellanos"))
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"contact_other_name"}
    with scope(engine.integration.organization_id):
        problem = engine.document(order).problems.get(closed_at=None)
    for word in ("Pedro", "Castellanos", "Rojas", BUYER):
        assert word not in str(problem.params)


def test_an_order_that_comes_to_the_question_as_it_is_answered_does_not_wait_for_it(
    engine, found, cast, monkeypatch
):
    found(**named("Pedro", "Castellanos"))
    first = engine.order()
    engine.run()
    look_at = contact_step.look_at

    def answered_meanwhile(*told):
        look = look_at(*told)
        monkeypatch.undo()
        assert same_buyer(engine.document(first), by=cast.editor) == 1
        return look

    monkeypatch.setattr(contact_step, "look_at", answered_meanwhile)
    second = engine.order()
    engine.run()
    engine.later(1)
    assert [engine.document(order).state for order in (first, second)] == ["created", "created"]


@pytest.mark.parametrize(
    ("first", "last"), [("ROJAS PINTO", "MARTA ELENA"), ("Márta Eléna", "de Rojas y Pinto")]
)
def test_another_order_of_the_same_words_is_the_same_buyer(engine, found, first, last):
    key = found(**named(first, last))
    order = engine.order()
    engine.run()
    assert clients(engine) == [key]
    assert notes(engine, order) == []


def test_the_same_person_under_another_spelling_is_noted_on_the_page(engine, found, cast, login):
    key = found(**named("Martha", "Rojas"))
    order = engine.order()
    engine.run()
    assert clients(engine) == [key]
    page = login(cast.viewer).get(reverse("order", args=[cast.organization.slug, order.pk]))
    assert "En Alegra su nombre está escrito de otra manera." in page.content.decode()
    # Never its name: other documents stand on it.
    (contact,) = [row for row in engine.ledger()["contacts"] if str(row["id"]) == key]
    assert contact["name"] == "Martha Rojas"


def test_what_says_neither_kind_nor_name_is_taken_for_the_buyer(engine, found):
    key = found(**named("X", "."))
    order = engine.order()
    engine.run()
    assert clients(engine) == [key]
    assert engine.document(order).state == "created"


def test_a_doubt_about_an_indexed_contact_costs_one_reading(engine):
    key = store(engine, BUYER, **named("Pedro", "Castellanos"))
    fill(engine)
    before = len(contact_calls(engine))
    engine.order()
    engine.run()
    assert contact_calls(engine)[before:] == [("GET", f"/contacts/{key}")]


def test_another_name_in_a_later_order_of_the_same_number_is_asked_about(engine):
    engine.order()
    engine.run()
    other = engine.order(customer={"full_name": "Pedro Castellanos Díaz"})
    engine.run()
    assert engine.problems(other) == {"contact_other_name"}


def say_same(cast, login, order) -> None:
    address = reverse("order_same_buyer", args=[cast.organization.slug, order.pk])
    page = login(cast.editor).get(reverse("order", args=[cast.organization.slug, order.pk]))
    assert address in page.content.decode()
    answer = login(cast.editor).post(address, follow=True)
    assert "Guardado. Ese contacto" in answer.content.decode()


def test_the_same_buyer_is_said_once_for_all_orders_under_that_name(engine, found, cast, login):
    key = found(**COMPANY)
    orders = [engine.order(), engine.order()]
    engine.run()
    say_same(cast, login, orders[0])
    engine.run()
    assert clients(engine) == [key, key]
    assert {engine.document(order).state for order in orders} == {"created"}
    later = engine.order()
    engine.run()
    assert engine.document(later).state == "created"
    # Of somebody else it was not said.
    stranger = engine.order(customer={"full_name": "Pedro Castellanos"})
    engine.run()
    assert engine.problems(stranger) == {"contact_other_kind"}


def test_correcting_the_number_or_mending_the_contact_lets_the_order_go(engine, found, cast):
    key = found(**named("Pedro", "Castellanos"))
    orders = [engine.order(), engine.order()]
    engine.run()
    with scope(cast.organization.pk):
        changes = {"doc_type": "CC", "doc_number": "52998118", "name": "Marta Elena Rojas Pinto"}
        correct(engine.told(number=int(orders[0].number)), changes=changes, by=cast.editor)
    engine.run()
    assert engine.document(orders[0]).state == "created"
    assert key not in clients(engine)
    proof = {"identificationObject": {"type": "CC", "number": BUYER}}
    api(
        engine,
        "PUT",
        f"/contacts/{key}",
        {**named("Marta", "Rojas"), **proof, "kindOfPerson": "PERSON_ENTITY", "type": ["client"]},
    )
    with scope(cast.organization.pk):
        acts.retry(engine.document(orders[1]), by=cast.editor)
    engine.run()
    assert engine.document(orders[1]).state == "created"
    assert key in clients(engine)


def test_the_unidentified_buyer_has_no_name_to_compare(engine):
    order = engine.order(customer={"documentNumber": ""})
    engine.run()
    assert engine.document(order).state == "created"
