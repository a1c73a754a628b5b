"""What an order's page says of where its document is: what holds it, and what ends that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.connections.models import AlegraCompany
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.triggers.models import TriggerRule
from tests import cast as casting
from tests.history.factories import (
    BUILT,
    NOW,
    make_document,
    make_order,
    make_problem,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]


def test_while_the_answer_is_lost_retry_is_closed_and_says_why(page, shop):
    order = make_order(shop)
    make_document(
        order,
        State.UNCONFIRMED,
        sent_at=NOW - timedelta(seconds=5),
        next_attempt_at=NOW + timedelta(minutes=15),
        payload={},
        built=BUILT,
        sends=1,
    )
    body = page(order)
    assert "Verificando en Alegra" in body
    assert "se perdió a las 10:30" in body
    assert "Por eso Reintentar está cerrado." in body
    assert 'disabled aria-describedby="porque"' in body
    assert "la próxima a las 10:46" in body
    assert reverse("order_look_now", args=[shop.organization.slug, order.pk]) in body
    assert reverse("order_retry", args=[shop.organization.slug, order.pk]) not in body


@pytest.mark.parametrize(
    ("closed", "sentence"),
    [("2026-12-31", "Los libros están cerrados hasta el 31/12/2026."), ("2026-01-31", "En cola")],
)
def test_closed_books_are_the_reason_of_a_queued_order_and_lead_to_their_cure(
    page, shop, closed, sentence
):
    order = make_order(shop)
    make_document(order, State.PENDING, next_attempt_at=NOW)
    with scope(shop.organization_id):
        AlegraCompany.objects.filter(pk=shop.company_id).update(books_closed_until=closed)
    body = page(order)
    assert sentence in body
    cure = f'href="{reverse("settings", args=[shop.organization.slug, shop.pk])}"'
    assert (f"{cure}>Ver la configuración" in body) == (sentence != "En cola")


def test_a_document_that_keeps_its_date_is_held_by_the_books_of_that_date(page, shop):
    order = make_order(shop)
    sent = {"sends": 1, "payload": {"date": "2026-09-30"}, "doc_date": "2026-09-30"}
    make_document(order, State.PENDING, next_attempt_at=NOW, **sent)
    with scope(shop.organization_id):
        AlegraCompany.objects.filter(pk=shop.company_id).update(books_closed_until="2026-09-30")
    assert "Los libros están cerrados hasta el 30/09/2026." in page(order)


def test_a_queued_order_that_no_rule_speaks_of_any_more_leads_to_the_rules(page, shop):
    order = make_order(shop, decision="no_rule")
    make_document(order, State.PENDING, next_attempt_at=NOW)
    body = page(order)
    assert "Falta guardar la acción de esta forma de pago." in body
    assert reverse("actions", args=[shop.organization.slug, shop.pk]) in body


def test_who_may_not_cure_a_problem_is_not_sent_to_its_cure(page, shop):
    order = make_order(shop)
    make_problem(order, "product_unlinked", "501/9001", {"name": "Termo"})
    cure = "Vincular el producto"
    assert cure in page(order, "editor")
    assert cure not in page(order, "viewer")
    assert "Termo" in page(order, "viewer")


def test_every_problem_stands_with_its_cure(page, shop):
    order = make_order(shop)
    make_problem(order, "product_unlinked", "501/9001", {"name": "Termo"})
    make_problem(order, "identity_wrong", order.number, {"order": order.number, "why": "falta"})
    body = page(order)
    slug = shop.organization.slug
    assert "Termo no está vinculado con un producto de Alegra" in body
    assert reverse("products", args=[slug, shop.pk]) in body
    assert reverse("order_correct", args=[slug, order.pk]) in body


def test_who_may_not_correct_is_not_sent_there(page, shop):
    order = make_order(shop)
    make_problem(order, "identity_wrong", order.number, {"order": order.number, "why": "falta"})
    correct = reverse("order_correct", args=[shop.organization.slug, order.pk])
    assert correct in page(order, "editor")
    assert correct not in page(order, "accountant")
    assert correct not in page(order, "viewer")


def test_a_waiting_order_names_the_status_it_waits_for(page, shop, cast):
    with scope(cast.organization.pk):
        TriggerRule.objects.create(
            integration=shop, family="prepaid", status="in_transit", changed_at=NOW
        )
    order = make_order(shop, family="prepaid", status="pending", rank_max=2)
    assert "Se crea cuando el pedido llegue a «En Tránsito»." in page(order)


def test_a_past_order_leads_to_where_it_is_confirmed(page, shop):
    body = page(make_order(shop, decision="backlog"))
    assert "hasta que lo confirmes en los pedidos anteriores" in body
    assert reverse("backlog", args=[shop.organization.slug, shop.pk]) in body


@pytest.mark.parametrize("reason", ["zero_total", "currency"])
def test_an_order_left_out_for_what_it_says_is_not_promised_a_trigger(page, shop, reason):
    order = make_order(shop)
    make_document(order, State.SKIPPED, reason=reason)
    body = page(order)
    assert "Si más adelante llega a su disparador" not in body
    assert "Si ese dato cambia en MasterShop" in body


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("other_seller", "Mientras eso no cambie en la configuración, no se documenta."),
        ("never", "Mientras eso no cambie en la configuración, no se documenta."),
        ("old_sales", "Mientras eso no cambie en la configuración, no se documenta."),
        ("told_again", "Esta página no lleva documento: todo va en el del otro pedido."),
        ("backlog", "hasta que lo confirmes en los pedidos anteriores"),
    ],
)
def test_an_order_left_out_is_promised_only_what_will_be(page, shop, reason, says):
    order = make_order(shop, decision=reason)
    make_document(order, State.SKIPPED, reason=reason)
    body = page(order)
    assert "Si más adelante llega a su disparador" not in body
    assert says in body


def test_a_question_only_this_page_can_answer_says_what_to_do(page, shop):
    order = make_order(shop)
    make_problem(order, "claim", order.number, {"order": order.number})
    body = page(order)
    assert "Si no, decide: ya tiene documento, o no se factura." in body
    assert reverse("order_retry", args=[shop.organization.slug, order.pk]) not in body


def test_a_paused_order_says_what_holds_it_and_leads_to_the_cure(page, cast):
    shop = casting.make_integration(cast.organization)
    with scope(cast.organization.pk):
        shop.credential.state = "paused"
        shop.credential.save()
    order = make_order(shop)
    make_document(order, State.PENDING)
    body = page(order)
    assert "Alegra ya no acepta el token." in body
    assert reverse("integration_credentials", args=[cast.organization.slug, shop.pk]) in body


def test_a_transient_failure_says_when_it_tries_again(page, shop):
    order = make_order(shop)
    make_document(order, State.PENDING, failures=1, next_attempt_at=NOW + timedelta(minutes=15))
    body = page(order)
    assert "Reintenta 10:46" in body
    assert "Volvemos a intentar a las 10:46; no tienes que hacer nada." in body


def test_a_failure_that_passes_is_told_in_alegras_own_words(page, shop):
    order = make_order(shop)
    again = NOW + timedelta(minutes=15)
    said = "Estamos en mantenimiento."
    make_document(order, State.PENDING, failures=1, next_attempt_at=again, last_said=said)
    body = page(order)
    assert "Dijo: «Estamos en mantenimiento»." in body
    assert "Alegra no respondió" not in body


def test_an_error_told_inside_a_success_is_no_lost_answer(page, shop):
    order = make_order(shop)
    refusal = {"code": "plan", "subject_key": "x", "params": {}}
    said = "Tu suscripción ha vencido"
    make_document(order, State.UNCONFIRMED, sent_at=NOW, refusal=refusal, last_said=said)
    body = page(order)
    assert "Alegra respondió un error" in body
    assert said in body
    assert "se perdió" not in body
