"""What people do with an order: one click, one question, one sentence about what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.documents.models import Document
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests import cast as casting
from tests.confirming import word_in
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _half_past_ten():
    with clock.frozen(NOW):
        yield


@pytest.fixture(autouse=True)
def _nobody_answers(settings):
    """What is asked of Alegra here stays unanswered."""
    settings.ALEGRA_URL = "http://127.0.0.1:9/api"


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def post(cast, login):
    """post("order_retry", order, role="editor", number="…") → the page one lands on."""

    def send(name, order, /, role="editor", **data):
        url = reverse(name, args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).post(url, data, follow=True)

    return send


def state_of(order) -> str:
    with scope(order.organization_id):
        return Document.objects.get(order=order).state


ACTS = [
    "order_retry",
    "order_look_now",
    "order_approve",
    "order_emit_again",
    "order_do_not_emit",
    "order_correct",
    "order_external",
    "order_dismiss",
    "order_restore",
    "order_same_buyer",
]


@pytest.mark.parametrize("name", ACTS)
def test_a_viewer_changes_nothing(post, shop, name):
    order = make_order(shop)
    make_document(order, State.BLOCKED)
    response = post(name, order, role="viewer", number="1", reason="x")
    assert response.status_code == 403
    assert state_of(order) == State.BLOCKED


def test_an_accountant_names_documents_and_takes_it_back_and_does_nothing_else(post, shop):
    order = make_order(shop)
    make_document(order, State.BLOCKED)
    for name in ("order_retry", "order_correct", "order_dismiss", "order_restore"):
        assert post(name, order, role="accountant", reason="x").status_code == 403
    asked = post("order_external", order, role="accountant", number="FEHA 1").content.decode()
    word = word_in(asked)
    post("order_external", order, role="accountant", number="FEHA 1", confirmed=word)
    assert state_of(order) == State.EXTERNAL
    assert post("order_restore", order, role="accountant").status_code == 200
    assert state_of(order) != State.EXTERNAL


@pytest.mark.parametrize(
    "name", ["order_retry", "order_look_now", "order_approve", "order_restore", "order_same_buyer"]
)
def test_an_act_is_never_done_by_following_a_link(cast, login, shop, name):
    url = reverse(name, args=[cast.organization.slug, make_order(shop).pk])
    assert login(cast.owner).get(url).status_code == 405


def test_retry_sends_a_blocked_order_again_and_closes_its_cause(post, shop):
    order = make_order(shop)
    cause = make_problem(order, "rejected", "f", {"message": "no"})
    body = post("order_retry", order).content.decode()
    assert "El pedido sale otra vez ahora." in body
    assert state_of(order) == State.PENDING
    with scope(order.organization_id):
        assert Cause.objects.get(pk=cause.pk).state == "solved"


def test_a_retry_that_comes_too_late_says_so(post, shop):
    order = make_order(shop)
    make_document(order, State.PENDING, failures=1, lease_until=NOW + timedelta(minutes=1))
    assert "Mientras tanto ya salió." in post("order_retry", order).content.decode()


def test_retry_never_sends_what_may_exist(post, shop):
    order = make_order(shop)
    make_document(order, State.UNCONFIRMED, state_since=NOW, payload={}, sends=1)
    assert "reintentar podría duplicarlo" in post("order_retry", order).content.decode()
    assert state_of(order) == State.UNCONFIRMED


def test_retrying_an_order_without_a_document_says_why_not(post, shop):
    body = post("order_retry", make_order(shop)).content.decode()
    assert "Este pedido todavía no tiene documento." in body


def test_looking_now_makes_the_next_look_due(post, shop):
    order = make_order(shop)
    make_document(
        order, State.UNCONFIRMED, next_attempt_at=NOW + timedelta(hours=1), payload={}, sends=1
    )
    assert "Lo buscamos ya en Alegra." in post("order_look_now", order).content.decode()
    with scope(order.organization_id):
        assert Document.objects.get(order=order).next_attempt_at == NOW


def test_an_order_with_a_document_elsewhere_is_never_sent(post, shop):
    order = make_order(shop)
    asked = post("order_external", order, number="FEHA 4318").content.decode()
    assert "Nadie ha comprobado ese número en Alegra." in asked
    body = post("order_external", order, number="FEHA 4318", confirmed=word_in(asked))
    body = body.content.decode()
    assert state_of(order) == State.EXTERNAL
    assert "Lo documentaste con «FEHA 4318»: desde aquí no se envía nada." in body


def test_the_number_of_the_other_document_is_compulsory(post, shop):
    order = make_order(shop)
    make_document(order, State.BLOCKED)
    body = post("order_external", order, number=" ").content.decode()
    assert "Escribe el número del documento." in body
    assert "$\u00a0174.900" in body
    assert state_of(order) == State.BLOCKED


@pytest.mark.parametrize("name", ["order_external", "order_dismiss"])
def test_the_questions_name_the_buyer_and_no_more(cast, login, shop, name):
    order = make_order(shop)
    make_problem(order, "product_unlinked", "501/9001", {"product": "Termo"})
    url = reverse(name, args=[cast.organization.slug, order.pk])
    text = login(cast.owner).get(url).content.decode()
    assert "Yuliana Restrepo" in text
    assert "***4455" in text
    assert "1020334455" not in text


def test_what_is_in_alegra_is_not_put_aside(post, shop):
    order = make_order(shop)
    make_document(order, State.CREATED, alegra_id="9", built={}, sends=1, payload={})
    body = post("order_external", order, number="1").content.decode()
    assert "Este pedido ya tiene su documento en Alegra." in body
    assert state_of(order) == State.CREATED


def test_not_invoicing_needs_a_reason_and_can_be_undone(post, shop):
    order = make_order(shop)
    make_document(order, State.BLOCKED)
    assert "Escribe la razón." in post("order_dismiss", order).content.decode()
    body = post("order_dismiss", order, reason="Se perdió en el envío").content.decode()
    assert "No se factura: Se perdió en el envío." in body
    assert state_of(order) == State.DISMISSED
    assert "Deshecho." in post("order_restore", order).content.decode()
    assert state_of(order) != State.DISMISSED


# --- Corregir datos -------------------------------------------------------------------------
BUYER = {
    "who": "buyer",
    "doc_type": "CC",
    "doc_number": "1020334455",
    "name": "Yuliana Restrepo",
    "email": "yuliana@example.com",
    "city": "Medellín",
    "department": "Antioquia",
}


_SHOWN = ("doc_number", "email", "phone", "city")


def corrected(order):
    with scope(order.organization_id):
        return effective_buyer(Order.objects.get(pk=order.pk))


def test_a_correction_is_the_orders_alone_and_builds_it_again(post, shop):
    order = make_order(shop, buyer_doc_number="abc")
    make_problem(order, "identity_wrong", order.number, {"order": order.number, "why": "falta"})
    told = {**BUYER, "doc_type": "NIT", "doc_number": "900123456-8", "name": "El Trapiche S.A.S."}
    body = post("order_correct", order, **told).content.decode()
    assert "Guardado. El pedido se arma otra vez y sale solo." in body
    assert corrected(order).doc_number == "900123456-8"
    assert state_of(order) == State.PENDING
    with scope(order.organization_id):
        assert Order.objects.get(pk=order.pk).buyer_doc_number == "abc"
        assert "900123456" not in str(AuditEntry.objects.get(action="order.correct").after)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"doc_type": "NIT", "doc_number": "900123456-1"}, "El dígito de verificación"),
        ({"doc_number": "12345"}, "secuencia inventada"),
        ({"doc_number": "3005550142"}, "es el teléfono del comprador"),
        ({"doc_number": "3124445566"}, "parece un teléfono"),
        ({"name": "Variedades La Esquina S.A.S."}, "El nombre es de una empresa"),
        ({"doc_type": ""}, "Elige el tipo de documento."),
        ({"name": ""}, "Escribe el nombre"),
        ({"email": "sin-arroba"}, "Al correo le falta algo"),
        ({"city": "Macondo"}, "No encontramos ese municipio"),
        ({"phone": "555 01 42"}, "No es un celular ni un fijo"),
        ({"who": "otro"}, "Elige una."),
    ],
)
def test_what_cannot_stand_on_a_document_is_refused_and_kept_as_typed(
    post, shop, changes, sentence
):
    order = make_order(shop)
    body = post("order_correct", order, **{**BUYER, "name": "Otro Nombre", **changes})
    text = body.content.decode()
    assert sentence in text
    typed = next((changes[each] for each in _SHOWN if changes.get(each)), "")
    assert f'value="{typed}"' in text if typed else "No se guardó" in text
    assert corrected(order).corrected == frozenset()


def test_nobody_is_corrected_to_the_shop_itself(post, shop):
    order = make_order(shop)
    told = {**BUYER, "doc_type": "NIT", "doc_number": shop.company.nit}
    text = post("order_correct", order, **told).content.decode()
    assert "es el NIT de tu propia empresa" in text
    assert corrected(order).corrected == frozenset()


def test_what_was_received_and_left_alone_is_not_judged_again(post, shop):
    order = make_order(shop, buyer_email="sin-arroba", ship_city="Macondo")
    told = {**BUYER, "email": "sin-arroba", "city": "Macondo", "name": "Otra Persona"}
    assert "Guardado." in post("order_correct", order, **told).content.decode()
    assert corrected(order).name == "Otra Persona"


def test_an_order_may_go_to_the_unidentified_customer(post, shop):
    order = make_order(shop)
    post("order_correct", order, who="unidentified")
    assert corrected(order).unidentified
    post("order_correct", order, **BUYER)
    assert not corrected(order).unidentified


def test_telephone_and_address_are_corrected_and_what_was_received_stays(post, shop):
    order = make_order(shop)
    told = {**BUYER, "phone": "604 555 0142", "address": "Calle 9 # 1-2"}
    post("order_correct", order, **told)
    buyer = corrected(order)
    assert (buyer.phone, buyer.address) == ("604 555 0142", "Calle 9 # 1-2")
    with scope(order.organization_id):
        assert Order.objects.get(pk=order.pk).buyer_phone != buyer.phone


def test_what_was_typed_is_kept_for_the_unidentified_customer_too(post, shop):
    order = make_order(shop)
    post("order_correct", order, **{**BUYER, "who": "unidentified", "address": "Calle 9"})
    buyer = corrected(order)
    assert buyer.unidentified
    assert buyer.address == "Calle 9"


def test_a_doubtful_name_goes_only_once_somebody_says_that_it_is_right(post, shop):
    order = make_order(shop, buyer_name="José Portero")
    told = {**BUYER, "name": "José Portero"}
    text = post("order_correct", order, **told).content.decode()
    assert "no parecen de un nombre" in text
    assert "Así se llama" in text
    assert corrected(order).corrected == frozenset()
    assert "Guardado." in post("order_correct", order, **told, name_is_right="on").content.decode()
    assert corrected(order).called == "José Portero"
    assert "name" in corrected(order).corrected


def test_the_name_that_was_cut_is_proposed_and_what_arrived_stands_beside(cast, login, shop):
    order = make_order(shop, buyer_name="Laura Gómez (portería)")
    url = reverse("order_correct", args=[cast.organization.slug, order.pk])
    text = login(cast.editor).get(url).content.decode()
    assert 'value="Laura Gómez"' in text
    assert "<strong>Laura Gómez (portería)</strong>" in text
    assert "Así se llama" not in text


def test_the_form_shows_what_arrived(cast, login, shop):
    order = make_order(shop)
    url = reverse("order_correct", args=[cast.organization.slug, order.pk])
    response = login(cast.editor).get(url)
    assert "Llegó:" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert login(cast.viewer).get(url).status_code == 403


# --- Emitir ---------------------------------------------------------------------------------
def remission(shop, **fields):
    order = make_order(shop, **fields)
    make_document(order, State.AWAITING_APPROVAL, kind="remission")
    return order


def test_a_remission_goes_when_it_is_approved(post, shop):
    order = remission(shop)
    assert "La remisión sale ahora." in post("order_approve", order).content.decode()
    assert state_of(order) == State.PENDING
    assert "Mientras tanto ya salió." in post("order_approve", order).content.decode()


def test_many_are_shown_with_their_sum_before_they_go(cast, login, shop):
    orders = [remission(shop, total=100_000), remission(shop, total=50_000)]
    other = make_order(shop)
    make_document(other, State.CREATED)
    client = login(cast.editor)
    url = reverse("history_approve", args=[cast.organization.slug])
    ticked = [str(order.pk) for order in [*orders, other]]
    asked = client.post(url, {"pedido": ticked}).content.decode()
    assert "Emitir 2 remisiones" in asked
    assert "Suman $\u00a0150.000" in asked
    assert "1 de las elegidas ya no espera aprobación" in asked
    assert {state_of(order) for order in orders} == {State.AWAITING_APPROVAL}
    body = client.post(url, {"pedido": ticked, "confirmado": "1"}, follow=True).content.decode()
    assert "2 remisiones salen ahora." in body
    assert {state_of(order) for order in orders} == {State.PENDING}
    assert state_of(other) == State.CREATED


def test_an_order_of_another_organization_cannot_hide_among_the_ticked(cast, login, shop):
    mine = remission(shop)
    foreign = remission(casting.make_integration(cast.other))
    client = login(cast.editor)
    url = reverse("history_approve", args=[cast.organization.slug])
    for ticked in ([mine.pk, foreign.pk], ["x"], ["²"], ["9" * 30]):
        data = {"pedido": ticked, "confirmado": "1"}
        assert client.post(url, data).status_code == 404
    assert state_of(mine) == State.AWAITING_APPROVAL
    assert state_of(foreign) == State.AWAITING_APPROVAL


def test_ticking_nothing_says_so(cast, login, shop):
    url = reverse("history_approve", args=[cast.organization.slug])
    body = login(cast.editor).post(url, {}, follow=True).content.decode()
    assert "Ninguna de las elegidas espera aprobación." in body


def test_only_editors_find_something_to_tick(cast, login, shop):
    remission(shop)
    url = reverse("history", args=[cast.organization.slug])
    assert 'name="pedido"' in login(cast.editor).get(url).content.decode()
    assert 'name="pedido"' not in login(cast.accountant).get(url).content.decode()
