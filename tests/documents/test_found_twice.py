"""Two documents in Alegra with one marker: a person says which is the order's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.documents.models import Document
from integrations.scoping.context import scope
from tests.confirming import word_in
from tests.documents.test_lost_answers import CREATE, settle, type_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(engine, simulators):
    engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    order = engine.order()
    engine.run()
    engine.switch()
    type_in(engine, simulators, order)
    settle(engine)
    assert engine.problems(order) == {"two_found"}
    return order


@pytest.fixture
def ids(engine, twice):
    with scope(twice.organization_id):
        return list(engine.document(twice).problems.get(closed_at=None).params["ids"])


@pytest.fixture
def get(cast, login):
    def read(name, *args, role="editor", **query):
        url = reverse(name, args=[cast.organization.slug, *args])
        return login(cast.member(role)).get(url, query, follow=True).content.decode()

    return read


@pytest.fixture
def post(cast, login):
    def send(name, order, role="editor", **data):
        url = reverse(name, args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).post(url, data, follow=True).content.decode()

    return send


def in_books(engine):
    return {str(row["id"]) for row in engine.invoices()}


def test_both_are_shown_as_alegra_has_them(engine, twice, ids, get):
    assert "Elegir el bueno" in get("order", twice.pk)
    page = get("order_found", twice.pk)
    for each in ids:
        assert f"(id {each})" in page
    assert page.count("Borrador") >= 2
    assert page.count("159.800") == 3, "the order and both"
    assert "M•••• E•••• R•••• P••••" in page
    assert engine.calls("DELETE", "/invoices/") == 0


def test_the_one_that_is_picked_is_the_orders_and_the_other_is_named(
    engine, twice, ids, get, post, cast
):
    asked = get("order_found", twice.pk)
    told = post("order_found", twice, bueno=ids[1], confirmed=word_in(asked))
    assert "Guardado. Lo leemos en Alegra" in told
    engine.run()
    document = engine.document(twice)
    assert (document.state, document.alegra_id) == ("created", ids[1])
    assert engine.problems(twice) == set()
    assert [each["id"] for each in document.doubles] == [ids[0]]
    page = get("order", twice.pk)
    assert f"Hay otro documento con la marca de este pedido: sin número (id {ids[0]})" in page
    assert "Diana Ospina dijo cuál es el documento del pedido" in page
    assert in_books(engine) == set(ids)
    with scope(twice.organization_id):
        assert AuditEntry.objects.get(action="document.choose_found").after["picked"] == ids[1]


def test_the_other_is_deleted_with_the_choice(engine, twice, ids, get, post):
    asked = get("order_found", twice.pk)
    post("order_found", twice, bueno=ids[0], borrar=ids[1], confirmed=word_in(asked))
    engine.run(2)
    document = engine.document(twice)
    assert (document.state, document.alegra_id, document.doubles) == ("created", ids[0], None)
    assert in_books(engine) == {ids[0]}


def test_the_other_is_deleted_later(engine, twice, ids, get, post):
    post("order_found", twice, bueno=ids[0], confirmed=word_in(get("order_found", twice.pk)))
    engine.run()
    asked = get("order_double", twice.pk, id=ids[1])
    assert "Borrar ese borrador" in asked
    post("order_double", twice, id=ids[1], confirmed=word_in(asked))
    engine.run()
    document = engine.document(twice)
    assert (document.state, document.alegra_id, document.doubles) == ("created", ids[0], None)
    assert in_books(engine) == {ids[0]}


def test_the_other_one_that_was_emitted_stays(engine, twice, ids, get, post):
    post("order_found", twice, bueno=ids[0], confirmed=word_in(get("order_found", twice.pk)))
    engine.run()
    asked = get("order_double", twice.pk, id=ids[1])
    post("order_double", twice, id=ids[1], confirmed=word_in(asked))
    engine.switch(stamp_old_date="accepted")
    engine.as_person("POST", "/invoices/stamp", {"ids": [ids[1]]})
    engine.run()
    document = engine.document(twice)
    assert (document.state, document.alegra_id, document.removal) == ("created", ids[0], None)
    assert in_books(engine) == set(ids)
    assert "hazle en Alegra una nota crédito" in get("order_double", twice.pk, id=ids[1])


def test_the_other_one_that_is_gone_is_named_no_more(engine, twice, ids, get, post):
    post("order_found", twice, bueno=ids[0], confirmed=word_in(get("order_found", twice.pk)))
    engine.run()
    engine.as_person("DELETE", f"/invoices/{ids[1]}")
    asked = get("order_double", twice.pk, id=ids[1])
    assert "Ya no está: quitar el aviso" in asked
    post("order_double", twice, id=ids[1], confirmed=word_in(asked))
    assert engine.document(twice).doubles is None


def test_chosen_twice_at_the_same_time_the_first_counts(engine, twice, ids, get, post):
    word = word_in(get("order_found", twice.pk))
    post("order_found", twice, bueno=ids[0], confirmed=word)
    told = post("order_found", twice, bueno=ids[1], confirmed=word, role="owner")
    assert "Mientras tanto ya se resolvió." in told
    engine.run()
    assert engine.document(twice).alegra_id == ids[0]


def test_the_choice_is_of_what_was_shown(engine, twice, ids, get, post):
    word = word_in(get("order_found", twice.pk))
    engine.as_person("DELETE", f"/invoices/{ids[1]}")
    told = post("order_found", twice, bueno=ids[1], confirmed=word)
    assert "Cambió en Alegra mientras tanto" in told
    assert engine.problems(twice) == {"two_found"}


def test_none_left_it_is_looked_for_and_made_once(engine, twice, ids, get, post):
    for each in ids:
        engine.as_person("DELETE", f"/invoices/{each}")
    assert "Buscarlo otra vez en Alegra" in get("order_found", twice.pk)
    post("order_retry", twice)
    for _ in range(6):
        engine.later(300)
    assert len(engine.invoices()) == 1
    assert engine.document(twice).state == "created"


def test_another_documents_id_is_not_taken(engine, twice, ids, get, post):
    other = engine.order()
    engine.run()
    theirs = engine.document(other).alegra_id
    word = word_in(get("order_found", twice.pk))
    assert "Todavía no se guardó nada" in post("order_found", twice, bueno=theirs, confirmed=word)
    assert engine.document(twice).alegra_id == ""


def test_put_aside_it_is_said_that_both_stay(engine, twice, post):
    asked = post("order_dismiss", twice, reason="Se perdió")
    assert "En Alegra hay más de un documento con la marca de este pedido." in asked
    assert "borrar el borrador" not in asked
    assert engine.document(twice).state == "blocked"
    post("order_dismiss", twice, reason="Se perdió", leaves_it="1")
    assert engine.document(twice).state == "dismissed"


def test_who_may_not_edit_chooses_nothing(engine, twice, ids, login, cast):
    for name in ("order_found", "order_double"):
        url = reverse(name, args=[cast.organization.slug, twice.pk])
        assert login(cast.accountant).post(url, {"bueno": ids[0]}).status_code == 403
        other = reverse(name, args=[cast.other.slug, twice.pk])
        assert login(cast.outsider).post(other, {"bueno": ids[0]}).status_code == 404
    with scope(twice.organization_id):
        assert Document.objects.get(order=twice).alegra_id == ""
