"""A document that is wrong, or that somebody deleted in Alegra, leaves nobody without a way on."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.configuration.tasks import read_again_what_orders_wait_for
from integrations.documents.models import Document
from integrations.scoping.context import scope
from tests.confirming import word_in
from tests.documents.engine import full_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast, login):
    """post("order_dismiss", order, reason="…") → the page one lands on, as text."""

    def send(name, order, /, role="editor", **data):
        url = reverse(name, args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).post(url, data, follow=True).content.decode()

    return send


@pytest.fixture
def page(cast, login):
    def get(order, role="editor"):
        url = reverse("order", args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).get(url).content.decode()

    return get


@pytest.fixture
def wrong(engine):
    """An order whose draft Alegra keeps with another total than was sent."""
    engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = engine.order(total=159_800)
    engine.run()
    engine.switch(rounding={"at": "line", "how": "half_even"}, decimal_precision=2)
    # What the wrong total held goes on.
    read_again_what_orders_wait_for()
    assert engine.problems(order) == {"total_differs"}
    return order


@pytest.fixture
def gone(engine, alegra, wrong, post):
    """The same, deleted in Alegra since, and read again there."""
    alegra("DELETE", f"/invoices/{engine.document(wrong).alegra_id}")
    post("order_retry", wrong)
    engine.later(600)
    assert engine.problems(wrong) == {"gone"}
    return wrong


def newest(order) -> Document:
    with scope(order.organization_id):
        return Document.objects.select_related("replaces").filter(order=order).latest("cycle")


def test_what_is_wrong_or_gone_is_not_said_to_agree(engine, alegra, wrong, post, page):
    told = page(wrong)
    assert "No cuadra" in told
    assert "Cuadra al peso" not in told
    alegra("DELETE", f"/invoices/{engine.document(wrong).alegra_id}")
    post("order_dismiss", wrong, reason="Se perdió")
    assert "Cuadra al peso" not in page(wrong)


def test_a_wrong_draft_is_dismissed_only_with_the_word_that_it_stays(engine, wrong, post, page):
    assert "No facturar" in page(wrong)
    asked = post("order_dismiss", wrong, reason="Se perdió")
    assert "El borrador que se creó para este pedido sigue en Alegra." in asked
    assert "Puedes borrarlo o dejarlo allá." in asked
    assert engine.document(wrong).state == "blocked"
    body = post("order_dismiss", wrong, reason="Se perdió", leaves_it="1")
    assert "No se factura: Se perdió." in body
    assert "El documento que se creó aquí quedó en Alegra" in body
    assert engine.document(wrong).state == "dismissed"
    assert len(engine.invoices()) == 1


def test_a_wrong_draft_deleted_meanwhile_is_dismissed_without_a_question(
    engine, alegra, wrong, post
):
    alegra("DELETE", f"/invoices/{engine.document(wrong).alegra_id}")
    body = post("order_dismiss", wrong, reason="Se perdió")
    assert "No se factura: Se perdió." in body
    assert "quedó en Alegra" not in body


def test_a_wrong_draft_that_cannot_be_read_is_said_to_stay(engine, wrong, post):
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 503})
    asked = post("order_dismiss", wrong, reason="Se perdió")
    assert "No pudimos leer en Alegra el documento" in asked
    assert engine.document(wrong).state == "blocked"


def test_a_missing_document_of_a_company_that_cannot_be_read_is_not_believed(engine, gone, post):
    engine.switch({"fault": "status", "method": "GET", "path": "/company", "status": 503})
    assert "No pudimos leer en Alegra" in post("order_dismiss", gone, reason="Se perdió")
    assert "no se crea otro" in post("order_create_anew", gone)
    assert engine.invoices() == []


def test_a_wrong_draft_may_stand_beside_the_document_that_a_person_made(engine, wrong, post):
    asked = post("order_external", wrong, role="accountant", number="FEHA 4318")
    assert "El borrador que se creó para este pedido sigue en Alegra." in asked
    assert 'value="FEHA 4318"' in asked
    assert "Alegra no conoce ese número." in asked
    body = post(
        "order_external", wrong, role="accountant", number="FEHA 4318", leaves_it="1",
        confirmed=word_in(asked),
    )  # fmt: skip
    assert "Lo documentaste con «FEHA 4318»" in body
    assert "quedó en Alegra" in body
    assert engine.document(wrong).state == "external"


@pytest.mark.parametrize("status", [8, 9])
def test_what_was_put_aside_is_read_again_when_it_is_taken_back(engine, wrong, post, status):
    """Also of an order that was cancelled meanwhile: its draft is there all the same."""
    post("order_dismiss", wrong, reason="Se perdió", leaves_it="1")
    engine.told(number=int(wrong.number), status=status, updated="2026-11-21T10:00:00Z")
    post("order_restore", wrong)
    engine.run()
    beside = {"reversed_after"} if status == 9 else set()
    assert engine.problems(wrong) == {"total_differs"} | beside
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize(
    ("act", "data", "state"),
    [
        ("order_dismiss", {"reason": "Se perdió"}, "dismissed"),
        ("order_external", {"number": "FEHA 4318"}, "external"),
    ],
)
def test_a_deleted_document_is_put_aside_at_once(engine, gone, post, page, act, data, state):
    assert "Reintentar solo vuelve a leerlo: nunca crea otro." in page(gone)
    asked = post(act, gone, **data)
    if state == "external":
        # Alegra does not know that number.
        post(act, gone, **data, confirmed=word_in(asked))
    assert engine.document(gone).state == state


MISSING = {"code": 404, "message": "No se encontró"}
NO_DOCUMENT = {
    "fault": "status", "method": "GET", "path": "/invoices/", "status": 404, "body": MISSING,
}  # fmt: skip
ANOTHER = {"id": "9", "name": "Otra S.A.S.", "identification": "901222333", "decimalPrecision": "2"}


@pytest.mark.parametrize(
    "company",
    [
        pytest.param({"status": 404, "body": MISSING}, id="suspended"),
        pytest.param({"status": 503}, id="down"),
        pytest.param({"status": 200, "body": ANOTHER}, id="another company"),
    ],
)
def test_a_document_is_called_gone_only_where_its_company_answers(
    engine, wrong, post, page, company
):
    of_company = {"fault": "status", "method": "GET", "path": "/company", **company}
    engine.switch(NO_DOCUMENT, of_company)
    post("order_retry", wrong)
    engine.later(30)
    assert "gone" not in engine.problems(wrong)
    engine.switch()
    engine.later(24 * 3600)
    assert engine.problems(wrong) == {"total_differs"}
    assert len(engine.invoices()) == 1


def test_a_document_is_called_gone_only_when_it_is_missing_twice(engine, wrong, post):
    engine.switch({**NO_DOCUMENT, "times": 1})
    post("order_retry", wrong)
    engine.later(30)
    assert engine.problems(wrong) == {"total_differs"}


def test_retrying_a_deleted_document_never_makes_another(engine, gone, post):
    post("order_retry", gone)
    engine.later(600)
    assert engine.problems(gone) == {"gone"}
    assert engine.invoices() == []


def test_a_person_has_a_deleted_document_made_again_under_another_marker(engine, gone, post, page):
    assert "Crear de nuevo" in page(gone)
    assert "Se crea otro documento ahora." in post("order_create_anew", gone)
    engine.run()
    first, second = engine.ledger()["invoices"]
    assert first["_deleted_at"]
    assert not second.get("_deleted_at")
    assert first["_marker"] != second["_marker"]
    document = newest(gone)
    assert (document.state, document.cycle) == ("created", 1)
    assert document.alegra_id == str(second["id"])
    assert document.replaces.state == "withdrawn"
    told = page(gone)
    # What happened to the first one is still told.
    assert "Se borró en Alegra" in told
    assert "pidió crear otro documento" in told


def test_nothing_is_made_again_while_the_first_cannot_be_read(engine, gone, post):
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 500})
    assert "no se crea otro" in post("order_create_anew", gone)
    assert newest(gone).cycle == 0


def test_what_is_wrong_but_there_is_not_made_again(engine, wrong, post):
    assert "El documento sigue en Alegra: no se crea otro." in post("order_create_anew", wrong)
    assert newest(wrong).cycle == 0


def test_the_order_cancelled_meanwhile_is_not_made_again(engine, gone, post):
    engine.told(number=int(gone.number), status=9, updated="2026-11-21T10:00:00Z")
    body = post("order_create_anew", gone)
    assert "Hoy este pedido no se documenta: Se canceló antes de documentarse." in body
    assert newest(gone).cycle == 0


def test_what_was_sent_a_moment_ago_may_not_be_shown_yet(engine, alegra, wrong, post):
    with scope(wrong.organization_id):
        document = engine.document(wrong)
        Document.objects.filter(pk=document.pk).update(sent_at=engine.at.now())
    alegra("DELETE", f"/invoices/{document.alegra_id}")
    assert "Alegra puede tardar en mostrarlo" in post("order_create_anew", wrong)


def test_one_typed_by_hand_after_the_deletion_is_asked_about(engine, alegra, gone, post):
    item = next(iter(engine.items.values()))
    client = engine.ledger()["contacts"][-1]["id"]
    made = alegra(
        "POST", "/invoices",
        date="2026-11-20", dueDate="2026-11-20", client={"id": client}, status="open",
        paymentForm="CASH", paymentMethod="CASH",
        items=[{"id": item, "price": 159_800, "quantity": 1, "tax": []}],
    )  # fmt: skip
    post("order_create_anew", gone)
    engine.run()
    assert full_number(made) in {row.params["number"] for row in _open(gone)}
    assert len(engine.invoices()) == 1


def _open(order):
    with scope(order.organization_id):
        return list(newest(order).problems.filter(closed_at=None))
