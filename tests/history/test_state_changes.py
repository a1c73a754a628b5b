"""*Paso a paso* says what a rule decided and what an order waited for, when it was so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.documents.models import Document
from integrations.orders.models import OrderStatusTime
from integrations.scoping.context import scope
from integrations.sending import causes
from integrations.sending.problem_kinds import Found
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule
from tests import cast as casting
from tests.confirming import word_in
from tests.history.factories import NOW, make_document, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast, login):
    """told(order) → the text of its page's timeline."""

    def get(order) -> str:
        with clock.frozen(NOW + timedelta(hours=2)):
            url = reverse("order", args=[cast.organization.slug, order.pk])
            body = login(cast.member("editor")).get(url).content.decode()
        return body[body.index("Paso a paso") :]

    return get


@pytest.fixture
def order(cast):
    return make_order(casting.make_integration(cast.organization))


@pytest.fixture
def inside(cast):
    with scope(cast.organization.pk):
        yield


def test_an_order_left_out_first_did_not_reach_its_trigger_when_it_arrived(order, inside, told):
    document = make_document(order, State.SKIPPED, reason="test")
    later = NOW + timedelta(hours=1)
    assert document.transition(State.PENDING, now=later, why=Why.DECIDED, reason="")
    text = told(order)
    assert text.index("Omitida") < text.index("Llegó a su disparador")


def test_what_it_waited_for_is_named_and_that_it_came(order, inside, told):
    document = make_document(order, State.PENDING)
    at = NOW + timedelta(minutes=5)
    assert document.transition(State.BLOCKED, now=at, why=Why.PROBLEM)
    causes.open_problems(
        document, [Found("product_unlinked", "501/9001", {"name": "Faja"})], now=at
    )
    assert "Ya está lo que le faltaba" not in told(order)
    with clock.frozen(NOW + timedelta(hours=1)):
        release("product_unlinked", "501/9001", integration=order.integration, by="Diana Ospina")
    text = told(order)
    assert text.index("Productos sin vincular") < text.index("Ya está lo que le faltaba")
    assert "Por Diana Ospina" in text


def test_nothing_is_said_for_the_time_before_the_rows(order, inside, told):
    document = make_document(order, State.PENDING)
    document.changes.all().delete()
    assert "disparador" not in told(order)


@pytest.mark.parametrize("act", ["order_dismiss", "order_external"])
def test_an_order_that_a_person_brings_back_reached_its_trigger_once(
    cast, login, settings, order, inside, told, act
):
    settings.ALEGRA_URL = "http://127.0.0.1:9/api"  # nobody answers there
    TriggerRule.objects.create(
        integration=order.integration, family="cod", status="delivered", changed_at=NOW
    )
    OrderStatusTime.objects.create(order=order, status="delivered", at=NOW, seen_at=NOW)
    make_document(order, State.PENDING, created_at=NOW - timedelta(minutes=9))
    client = login(cast.member("editor"))
    url, back = (
        reverse(name, args=[cast.organization.slug, order.pk]) for name in (act, "order_restore")
    )
    typed = {"reason": "Se pagó en la tienda", "number": "FEHA 4318"}
    with clock.frozen(NOW):
        asked = client.post(url, typed, follow=True).content.decode()
        if act == "order_external":
            client.post(url, {**typed, "confirmed": word_in(asked)})
        client.post(back)
    assert Document.objects.get().state == State.PENDING
    text = told(order)
    assert "deshizo la decisión" in text
    assert text.count("Llegó a su disparador") == 1


def test_what_is_left_out_says_so_and_why(order, inside, told):
    document = make_document(order, State.PENDING)
    later = NOW + timedelta(minutes=5)
    assert document.transition(State.SKIPPED, now=later, why=Why.DECIDED, reason="cancelled")
    text = told(order)
    assert text.index("Llegó a su disparador") < text.index("Omitida")
    assert "Se canceló antes de documentarse" in text
    assert "Se decidió" not in text


@pytest.mark.parametrize("before", ["", State.SKIPPED])
def test_what_is_only_asked_was_not_decided(order, inside, told, before):
    document = make_document(order, State.SKIPPED if before else State.BLOCKED)
    if before:
        later = NOW + timedelta(minutes=5)
        assert document.transition(State.BLOCKED, now=later, why=Why.DECIDED, reason="")
    else:
        document.changes.all().delete()
        document.changes.create(
            organization_id=document.organization_id,
            at=NOW,
            to_state=State.BLOCKED,
            why=Why.DECIDED,
        )
    text = told(order)
    assert "Hace falta una respuesta antes de documentarlo." in text
    assert "ecidió" not in text
