"""An answer about who the buyer is can be taken back until the document exists."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS
from integrations.documents.correcting import correct
from integrations.documents.models import DocumentProblem
from integrations.orders.buyer import effective_buyer, received_buyer
from integrations.orders.models import Order
from integrations.scoping.context import scope

pytestmark = pytest.mark.django_db

ASKED = {
    "name_of_another": ("its_name", {"full_name": "Mesa Dorada", "documentType": "NIT",
                                     "documentNumber": "901234561-3"}),
    "identity_ambiguous": ("cc", {"documentType": "", "documentNumber": "900559088"}),
    "identity_wrong": ("unidentified", {"documentType": "NIT", "documentNumber": "901234561-7"}),
}  # fmt: skip


@pytest.fixture
def shop(engine):
    with scope(engine.integration.organization_id):
        yield engine


def asked_and_answered(shop, code):
    value, customer = ASKED[code]
    order = shop.order(customer=customer)
    shop.run()
    assert shop.problems(order) == {code}
    found = DocumentProblem.objects.get(code=code, closed_at=None)
    answer(shop.integration, QUESTIONS[code], order.number, value, params=found.params)
    return order


@pytest.mark.parametrize("code", ASKED)
def test_taken_back_the_buyer_is_as_received_and_is_asked_about_again(shop, cast, login, code):
    order = asked_and_answered(shop, code)
    assert effective_buyer(Order.objects.get(pk=order.pk)).corrected
    client = login(cast.member("editor"))
    url = reverse("order_answer", args=[cast.organization.slug, order.pk])
    client.post(url, {"pregunta": code, "respuesta": "_otra_vez"})
    assert not Answer.objects.exists()
    assert not effective_buyer(Order.objects.get(pk=order.pk)).corrected
    shop.run()
    assert (shop.problems(order), shop.invoices()) == ({code}, [])
    # Answered anew it leaves.
    found = DocumentProblem.objects.get(code=code, closed_at=None)
    value, _customer = ASKED[code]
    answer(shop.integration, QUESTIONS[code], order.number, value, params=found.params)
    shop.run()
    assert len(shop.invoices()) == 1


def test_what_a_person_typed_stays_when_an_answer_is_taken_back(shop, cast, login):
    order = asked_and_answered(shop, "name_of_another")
    correct(order, changes={"email": "compras@example.com"}, by=cast.owner)
    client = login(cast.member("editor"))
    url = reverse("order_answer", args=[cast.organization.slug, order.pk])
    client.post(url, {"pregunta": "name_of_another", "respuesta": "_otra_vez"})
    buyer = effective_buyer(Order.objects.get(pk=order.pk))
    assert (buyer.email, buyer.corrected) == ("compras@example.com", {"email"})


def test_what_was_sent_keeps_its_buyer(shop, cast, login):
    order = asked_and_answered(shop, "name_of_another")
    shop.run()
    client = login(cast.member("editor"))
    url = reverse("order_answer", args=[cast.organization.slug, order.pk])
    client.post(url, {"pregunta": "name_of_another", "respuesta": "_otra_vez"})
    assert Answer.objects.exists()
    found = Order.objects.get(pk=order.pk)
    assert effective_buyer(found) != received_buyer(found)
