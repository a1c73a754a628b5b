"""*Paso a paso* says what a rule decided and what an order waited for, when it was so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.scoping.context import scope
from integrations.sending import causes
from integrations.sending.problem_kinds import Found
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from tests import cast as casting
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
    assert text.index("Se decidió sobre el pedido") < text.index("Llegó a su disparador")


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
