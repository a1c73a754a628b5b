"""What arrived and became no order can be seen by a person, with what to do about it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.intake import tasks
from integrations.orders.models import Order


@pytest.fixture
def page(cast, integration, login):
    def shown(role="viewer"):
        url = reverse("left_out", args=[cast.organization.slug, integration.pk])
        return login(cast.member(role)).get(url).content.decode()

    return shown


def take(post, integration, body, status=200):
    assert post(integration, body).status_code == status
    tasks.interpret_waiting()


def test_an_order_number_nobody_can_keep_is_shown_with_what_to_do(
    integration, post, event, page, rows, cast, login
):
    take(post, integration, event(id_order="9" * 70))
    assert rows(Order) == []
    text = page()
    assert "Ignorado" in text
    assert "más de 64 signos" in text
    assert "tráela por su número" in text
    # The list of integrations says that there is something to see.
    listed = login(cast.owner).get(reverse("integrations", args=[cast.organization.slug]))
    assert reverse("left_out", args=[cast.organization.slug, integration.pk]) in (
        listed.content.decode()
    )


def test_each_kind_of_delivery_without_an_order_says_why(integration, post, event, page):
    take(post, integration, b"<html>", status=400)
    take(post, integration, event(id_business=999), status=403)
    take(post, integration, event(id_order=None))
    text = page()
    for word in ("Ilegible", "De otro negocio", "Ignorado", "no trae un número utilizable"):
        assert word in text


def test_orders_and_movements_of_stock_are_not_among_them(integration, post, event, page):
    take(post, integration, event())
    take(post, integration, event(7))
    take(post, integration, event() | {"eventName": "Movimiento de inventario", "movementId": 5})
    assert "No llegó nada así." in page()


def test_what_a_delivery_holds_is_not_shown(integration, post, event, page):
    take(post, integration, event(id_order="9" * 70, eventName="luz.pena@example.com"))
    text = page()
    for secret in ("luz.pena@example.com", "52998117", "Luz Dary"):
        assert secret not in text


def test_each_row_shows_what_finds_the_order_in_mastershop(integration, post, event, page):
    take(post, integration, event(id_order="9" * 70, external_order_id="#T-1044"))
    text = page()
    assert "9" * 40 + "…" in text
    assert "9" * 41 not in text
    assert "#T-1044" in text
    assert "174.900" in text


def test_a_number_that_none_can_be_is_shown_as_it_came(integration, post, event, page):
    take(post, integration, event(id_order="0"))
    text = page()
    assert "no trae un número utilizable" in text
    assert ">0</b>" in text


def test_an_email_in_the_place_of_a_reference_is_not_shown(integration, post, event, page):
    take(post, integration, event(id_order="0", external_order_id="luz.pena@example.com"))
    assert "luz.pena" not in page()


@pytest.mark.parametrize(("days", "said"), [(1, True), (4, False)])
def test_what_needs_attention_mentions_the_new_ones(
    integration, post, event, cast, login, at, days, said
):
    take(post, integration, event(id_order=None))
    at.advance(days=days)
    url = reverse("attention", args=[cast.organization.slug])
    text = login(cast.member("viewer")).get(url).content.decode()
    assert ("Llegó 1 evento de MasterShop sin pedido" in text) is said
    link = reverse("left_out", args=[cast.organization.slug, integration.pk])
    assert (link in text) is said
