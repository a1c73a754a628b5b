"""What a merchant does from the order's page about a draft that is wrong, or of no sale."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from integrations.configuration.tasks import read_again_what_orders_wait_for
from integrations.documents.models import Document
from integrations.scoping.context import scope
from tests.confirming import word_in
from tests.documents.changing import again, emit, in_alegra, line

pytestmark = pytest.mark.django_db
RETURNED = 10


@pytest.fixture
def get(cast, login):
    def read(name, *args, role="editor", user=None, slug=None):
        url = reverse(name, args=[slug or cast.organization.slug, *args])
        answer = login(user or cast.member(role)).get(url, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return body.decode()

    return read


@pytest.fixture
def post(cast, login):
    def send(name, order, /, role="editor", **data):
        url = reverse(name, args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).post(url, data, follow=True).content.decode()

    return send


@pytest.fixture
def returned(engine):
    order = engine.order()
    engine.run()
    again(engine, order, status=RETURNED)
    return order


@pytest.fixture
def changed(engine):
    order = engine.order()
    engine.run()
    again(engine, order, total=79_900, lines=[line(quantity=1)])
    return order


@pytest.fixture
def wrong(engine):
    engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = engine.order(total=159_800)
    engine.run()
    engine.switch(rounding={"at": "line", "how": "half_even"}, decimal_precision=2)
    read_again_what_orders_wait_for()
    assert engine.problems(order) == {"total_differs"}
    return order


def states(order) -> list[str]:
    with scope(order.organization_id):
        rows = Document.objects.filter(order=order).order_by("cycle")
        return list(rows.values_list("state", flat=True))


def row_of(page, order) -> dict[str, str]:
    rows = csv.DictReader(page.lstrip("\ufeff").splitlines(), delimiter=";")
    return next(row for row in rows if row["Pedido"] == order.number)


def test_the_draft_of_a_returned_order_is_deleted_from_its_page(engine, returned, get, post):
    page = get("order", returned.pk)
    assert "No lo emitas ni lo cobres: bórralo con «Borrar borrador»" in page
    assert reverse("order_remove", args=["hogar-andino", returned.pk]) in page
    asked = get("order_remove", returned.pk)
    assert "sin número (id" in asked
    assert "159.800" in asked
    assert "El pedido se devolvió." in asked
    assert "M•••• E•••• R•••• P••••" in asked, "the client of Alegra's is masked"
    assert len(engine.invoices()) == 1
    told = post("order_remove", returned, confirmed=word_in(asked))
    assert "Borramos el borrador en Alegra" in told
    assert "Borrando el borrador" in told
    assert "No borrarlo" in told
    assert "Está bien así" not in told
    engine.run()
    assert engine.invoices() == []
    page = get("order", returned.pk)
    assert "Anulada" in page
    assert "Se borró su borrador: el pedido se devolvió" in page
    assert "Diana Ospina pidió borrar el borrador" in page
    assert "Borrar el borrador" in page, "its step"
    assert "Se borró su borrador" in get("history")
    row = row_of(get("history_export"), returned)
    assert (row["Estado"], row["Cambió"]) == ("Anulada", "")
    open_now, solved = get("attention").split("Resueltas hoy")
    assert returned.number not in open_now
    assert "Diana Ospina la resolvió" in solved


def test_the_yes_is_to_what_was_shown_and_nothing_else(engine, returned, get, post):
    asked = get("order_remove", returned.pk)
    [row] = engine.invoices()
    items = [{"id": row["items"][0]["id"], "price": 1000, "quantity": 1, "tax": []}]
    in_alegra(engine, "PUT", returned, items=items)
    told = post("order_remove", returned, confirmed=word_in(asked))
    assert "Cambió en Alegra mientras tanto" in told
    assert "1.000" in told
    engine.run()
    assert len(engine.invoices()) == 1


def test_without_a_yes_nothing_is_deleted(engine, returned, post):
    assert "Todavía no se borró nada" in post("order_remove", returned)
    engine.run()
    assert len(engine.invoices()) == 1


def test_what_was_emitted_in_alegra_is_shown_so_and_cannot_be_deleted(engine, returned, get, post):
    asked = get("order_remove", returned.pk)
    emit(engine, returned)
    shown = get("order_remove", returned.pk)
    assert "Ya no es un borrador, así que no se borra" in shown
    assert "btn-danger" not in shown
    assert "Ya no es un borrador" in post("order_remove", returned, confirmed=word_in(asked))
    engine.run()
    assert len(engine.invoices()) == 1


def test_emitted_after_the_yes_the_page_says_why_it_stayed(engine, returned, get, post):
    asked = get("order_remove", returned.pk)
    post("order_remove", returned, confirmed=word_in(asked))
    emit(engine, returned)
    engine.run()
    page = get("order", returned.pk)
    assert "En Alegra ya está en la DIAN: no se borra." in page
    assert "Borrar borrador" not in page
    assert "nota crédito" in page


def test_a_person_may_think_better_of_it(engine, returned, get, post):
    asked = get("order_remove", returned.pk)
    post("order_remove", returned, confirmed=word_in(asked))
    told = post("order_keep_draft", returned)
    assert "El borrador se queda en Alegra." in told
    assert "decidió no borrar el borrador" in told
    engine.run()
    assert len(engine.invoices()) == 1
    assert engine.problems(returned) == {"reversed_after"}


def test_while_alegra_does_not_answer_nothing_is_offered(engine, returned, get):
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 503})
    assert "No pudimos leerlo en Alegra" in get("order_remove", returned.pk)


@pytest.mark.parametrize("role", ["viewer", "accountant"])
def test_who_may_not_edit_deletes_nothing(engine, returned, get, login, cast, role):
    address = reverse("order_remove", args=[cast.organization.slug, returned.pk])
    assert address not in get("order", returned.pk, role=role)
    url = reverse("order_remove", args=[cast.organization.slug, returned.pk])
    assert login(cast.member(role)).post(url, {"confirmed": "x"}).status_code == 403
    slug = cast.other.slug
    url = reverse("order_remove", args=[slug, returned.pk])
    assert login(cast.outsider).post(url, {"confirmed": "x"}).status_code == 404


def test_the_draft_of_a_changed_order_is_replaced_from_its_page(engine, changed, get, post):
    page = get("order", changed.pk)
    assert "Reemplazar" in page
    assert "Está bien así" in page
    asked = get("order_remove", changed.pk)
    assert "Borrarlo y crear otro" in asked
    post("order_remove", changed, confirmed=word_in(asked))
    engine.run(2)
    [row] = engine.invoices()
    assert float(row["total"]) == 79_900
    assert states(changed) == ["withdrawn", "created"]
    page = get("order", changed.pk)
    assert "Cuadra al peso" in page
    assert "pidió borrar el borrador y crear otro" in page


def test_a_changed_draft_that_somebody_deleted_is_made_anew(engine, changed, get, post):
    in_alegra(engine, "DELETE", changed)
    engine.later(600)
    asked = get("order_remove", changed.pk)
    assert "No hay qué borrar. Se puede crear otro de una vez." in asked
    post("order_create_anew", changed)
    engine.run()
    assert states(changed) == ["withdrawn", "created"]
    assert len(engine.invoices()) == 1


def test_a_wrong_draft_is_deleted_and_made_anew_from_its_page(engine, wrong, get, post):
    assert "Crear de nuevo" in get("order", wrong.pk)
    asked = get("order_remove", wrong.pk)
    post("order_remove", wrong, confirmed=word_in(asked))
    engine.run(2)
    assert states(wrong) == ["withdrawn", "created"]
    assert len(engine.invoices()) == 1
    assert "Cuadra al peso" in get("order", wrong.pk)


def test_a_void_one_is_made_anew_at_once(engine, wrong, get, post):
    engine.as_person("POST", f"/invoices/{engine.document(wrong).alegra_id}/void", {})
    asked = get("order_remove", wrong.pk)
    assert "Anulada" in asked
    post("order_create_anew", wrong)
    engine.run()
    assert states(wrong) == ["withdrawn", "created"]


@pytest.mark.parametrize(
    ("act", "data", "state", "label"),
    [
        ("order_dismiss", {"reason": "Se perdió"}, "dismissed", "No facturar y borrar el borrador"),
        ("order_external", {"number": "FEHA 4318"}, "external", "y borrar el borrador"),
    ],
)
def test_a_wrong_draft_is_deleted_with_the_decision_about_its_order(
    engine, wrong, post, act, data, state, label
):
    asked = post(act, wrong, **data)
    assert label in asked
    if state == "external":
        data = {**data, "confirmed": word_in(asked)}
    told = post(act, wrong, **data, deletes_it="1")
    assert "Borrando el borrador" in told
    engine.run()
    assert engine.invoices() == []
    assert states(wrong) == [state]


def test_an_accountant_names_the_other_document_and_leaves_the_draft(engine, wrong, post):
    asked = post("order_external", wrong, role="accountant", number="FEHA 4318")
    assert "borrar el borrador" not in asked
    told = post(
        "order_external", wrong, role="accountant", number="FEHA 4318", deletes_it="1",
        confirmed=word_in(asked),
    )  # fmt: skip
    assert "sigue en Alegra" in told
    engine.run()
    assert len(engine.invoices()) == 1
    assert states(wrong) == ["blocked"]


def test_nothing_invites_to_emit_it(engine, returned, get):
    assert returned.number in get("attention")
    assert "Emítela" not in get("order", returned.pk)
    assert "Devuelta después" in get("history")
    assert row_of(get("history_export"), returned)["Cambió"] == "Estado"
