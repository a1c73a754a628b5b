"""The shop's own e-mail, typed for buyers who gave none, is not sent as theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents.correcting import correct
from integrations.scoping.context import scope

pytestmark = pytest.mark.django_db

NOTE = "El correo del pedido es de la tienda o se repite en muchos compradores"


def buyers(engine, count: int, email: str) -> list:
    orders = [
        engine.order(customer={"documentNumber": str(52_998_200 + place), "email": email})
        for place in range(count)
    ]
    engine.run(2)
    return orders


def emails(engine, orders) -> list:
    """What Alegra has of the client of each order."""
    by_marker = {row["_marker"]: str(row["client"]["id"]) for row in engine.invoices()}
    contacts = {str(row["id"]): row["email"] for row in engine.ledger()["contacts"]}
    return [contacts[by_marker[engine.document(order).marker]] for order in orders]


def page_of(cast, login, order) -> str:
    url = reverse("order", args=[cast.organization.slug, order.pk])
    return login(cast.editor).get(url).content.decode()


def test_of_twelve_buyers_with_one_e_mail_the_later_ones_go_without_it(engine, cast, login):
    orders = buyers(engine, 12, "ventas@tienda.example.com")
    assert [engine.document(order).state for order in orders] == ["created"] * 12
    assert emails(engine, orders)[-1] is None
    assert NOTE in page_of(cast, login, orders[-1])


def test_a_family_shares_its_e_mail(engine, cast, login):
    orders = buyers(engine, 4, "familia@example.com")
    assert emails(engine, orders) == ["familia@example.com"] * 4
    assert NOTE not in page_of(cast, login, orders[-1])


def test_one_buyer_with_many_orders_keeps_the_e_mail(engine):
    orders = [engine.order() for _ in range(7)]
    engine.run(2)
    assert set(emails(engine, orders)) == {"marta.rojas@example.com"}


@pytest.mark.parametrize("whose", ["login", "member"])
def test_an_e_mail_of_who_works_here_is_the_shops_from_the_first_order_on(engine, cast, whose):
    email = engine.company["alegra_user"] if whose == "login" else cast.editor.email.upper()
    orders = buyers(engine, 1, email)
    assert emails(engine, orders) == [None]


def test_what_a_person_corrected_is_sent(engine, cast):
    orders = buyers(engine, 12, "ventas@tienda.example.com")
    order = engine.told(
        customer={"documentNumber": "52998299", "email": "ventas@tienda.example.com"}
    )
    with scope(cast.organization.pk):
        correct(order, changes={"email": "ana@example.com"}, by=cast.editor)
    again = engine.order(
        number=int(order.number),
        customer={"documentNumber": "52998299", "email": "ventas@tienda.example.com"},
    )
    engine.run()
    assert emails(engine, [orders[-1], again]) == [None, "ana@example.com"]
