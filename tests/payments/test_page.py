"""Where people see a payment: the order's page, *Por atender*, the file, and what they may do."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Integration
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(cast, login):
    """see("order", order.pk) → the page's text."""

    def get(name, *args, role="editor", **query) -> str:
        address = reverse(name, args=[cast.organization.slug, *args])
        response = login(cast.member(role)).get(address, query)
        assert response.status_code == 200
        text = html.unescape(b"".join(response).decode()).replace("\N{NO-BREAK SPACE}", " ")
        return re.sub(r"\s+", " ", text)

    return get


@pytest.fixture
def post(cast, login, books):
    def send(name, order, role="editor", **data) -> int:
        address = reverse(name, args=[cast.organization.slug, order.pk])
        status = login(cast.member(role)).post(address, data).status_code
        books.engine.run()
        return status

    return send


def test_a_draft_says_when_its_payment_is_registered_and_offers_nothing(books, see):
    order = books.engine.order()
    books.engine.run()
    text = see("order", order.pk)
    assert "Un borrador no lleva pago: se registra después de que la DIAN acepte la factura" in text
    assert "No registrar el pago" not in text
    with scope(order.organization_id):
        DocumentSettings.objects.update(register_payment="never")
    assert "El pago no se registra desde aquí" in see("order", order.pk)


def test_a_paid_invoice_says_where_when_and_how_much(books, see):
    order = books.issue()
    assert "El pago se registra en un momento" in see("order", order.pk)
    books.engine.run()
    text = see("order", order.pk)
    assert "Pago registrado en Billetera Mastershop el 20 nov 2026 por $ 159.800" in text
    for step in ("Leer lo que debe la factura", "Registrar el pago", "Verificar el pago"):
        assert step in text
    # The file says the same.
    assert "Pago registrado en Billetera Mastershop el 20 nov 2026" in see("history_export")


def test_one_that_is_held_says_by_what(books, see):
    order = books.issue()
    with scope(order.organization_id):
        Integration.objects.update(state=Integration.State.OFF)
    assert "El pago espera: La integración está apagada." in see("order", order.pk)
    books.engine.run()
    assert books.payments() == []


def test_an_issued_invoice_without_a_payment_says_so(books, see):
    with scope(books.engine.integration.organization_id):
        DocumentSettings.objects.update(register_payment="never")
    order = books.issue()
    assert "El pago de esta factura no se registra desde aquí" in see("order", order.pk)


def test_one_that_waits_for_a_person_is_on_every_screen_and_ends_there(books, see, post):
    order = books.issue()
    books.pay_by_hand(order, float(books.total(order)))
    books.engine.run()
    sentence = f"del pedido {order.number} ya está pagada en Alegra, y no desde aquí"
    assert sentence in see("order", order.pk)
    assert "El pago no se ha registrado: está por atender" in see("order", order.pk)
    assert sentence in see("attention")
    assert sentence in see("history_export")
    assert order.number in see("history", estado="por-atender")
    assert "El pago está bien así" in see("order", order.pk)
    assert post("order_payment_fine", order) == 302
    text = see("order", order.pk)
    assert "El pago lo registraron en Alegra, no desde aquí" in text
    assert order.number not in see("history", estado="por-atender")
    with scope(order.organization_id):
        assert not Cause.objects.open().exists()
    assert books.state(order) == State.EXTERNAL


def test_a_yes_says_what_it_registers(books, see, post):
    order = books.issue()
    books.pay_by_hand(order, 100_000)
    books.engine.run()
    text = see("order", order.pk)
    assert "ya tiene $ 100.000 pagados o abonados en Alegra" in text
    assert "Registrar lo que falta" in text
    assert post("order_payment_go", order) == 302
    assert books.state(order) == State.CREATED


def test_a_reason_is_asked_for_and_kept_with_who_said_it(books, see, post, cast):
    order = books.issue()
    books.pay_by_hand(order, 100_000)
    books.engine.run()
    assert post("order_payment_dismiss", order, reason="") == 200
    assert books.state(order) == State.BLOCKED
    assert post("order_payment_dismiss", order, reason="Se llevó en otra parte") == 302
    text = see("order", order.pk)
    assert "El pago no se registra: Se llevó en otra parte" in text
    assert "decidió no registrar el pago" in text
    with scope(order.organization_id):
        entry = AuditEntry.objects.get(action="payment.dismiss")
    assert (entry.after["text"], entry.actor) == ("Se llevó en otra parte", cast.editor)
    assert post("order_payment_restore", order) == 302
    assert set(books.problems(order)) == {"payment_partly"}


def test_the_accountant_says_what_is_registered_and_not_what_is_not(books, post):
    order = books.issue()
    books.pay_by_hand(order, 100_000)
    books.engine.run()
    assert post("order_payment_dismiss", order, role="accountant", reason="x") == 403
    assert post("order_payment_go", order, role="accountant") == 403
    assert post("order_payment_external", order, role="accountant", number="RC 701") == 302
    payment = books.payment(order)
    assert (payment.state, payment.reason_text) == (State.EXTERNAL, "RC 701")
    assert post("order_payment_restore", order, role="viewer") == 403
    assert post("order_payment_restore", order, role="accountant") == 302


def test_an_order_without_a_payment_says_so_kindly(books, post):
    order = books.engine.order()
    books.engine.run()
    assert post("order_payment_dismiss", order, reason="x") == 302
    assert post("order_payment_go", order) == 302
