from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.documents.models import Document
from integrations.intake.by_number import bring
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope

DETAIL = "https://prod.api.mastershop.com/api/orders/904417"


@pytest.fixture
def ask(keyed, login, cast):
    def asked(number="904417", who="editor"):
        page = reverse("order_bring", args=[cast.organization.slug, keyed.pk])
        return login(cast.member(who)).post(page, {"number": number})

    return asked


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_an_order_is_brought_and_goes_the_way_of_every_event(ask, source, event, rows):
    source.get(DETAIL, json=event())
    answer = ask("#904417")
    [order] = rows(Order)
    assert answer.url.endswith(f"/pedidos/{order.pk}/")
    assert len(rows(Document)) == 1
    assert rows(OrderEvent)[0].source == "number"
    assert rows(AuditEntry, action="order.bring")[0].after == {"number": "904417", "found": True}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"status": 404}, "no reconoce el pedido «904417»"),
        ({"status": 403}, "ya no acepta la llave"),
        ({"status": 503}, "no respondió"),
        ({"json": {"id_order": 1}}, "otro pedido"),
    ],
)
def test_what_cannot_be_brought_is_said_in_a_sentence(ask, source, rows, answer, sentence):
    source.get(DETAIL, **answer)
    assert sentence in said(ask())
    assert rows(Order) == []


@pytest.mark.parametrize("number", ["", "../products", "1/2", "a b", "x" * 65])
def test_what_is_no_order_number_is_never_asked_for(ask, source, number):
    answer = ask(number)
    assert answer.status_code == 302
    assert len(source.calls) == 0


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404)])
def test_who_may_not_edit_brings_nothing(ask, source, who, status):
    assert ask(who=who).status_code == status
    assert len(source.calls) == 0


def test_without_a_key_it_says_so(integration):
    with scope(integration.organization_id):
        assert "llave" in bring(integration, "1").sentence
