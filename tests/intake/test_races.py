"""Many at once, each with a connection of its own: what the database alone can promise."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from integrations.connections.source_account import SourceAccount
from integrations.documents.issue import issue_document
from integrations.documents.models import Document
from integrations.intake.interpret import interpret
from integrations.mastershop.parser import parse_order
from integrations.orders.models import Order, OrderEvent
from integrations.orders.record import record_order
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock
from tests import cast as casting
from tests.intake.conftest import make_integration

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def integration():
    return make_integration(casting.make_organization("Hogar Andino", "hogar-andino"))


def at_once(number: int, act) -> list:
    """Call act(position) in so many threads, all released together."""
    gate = threading.Barrier(number)

    def run(position):
        try:
            gate.wait(30)
            return act(position)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_fifty_equal_deliveries_are_one_row_and_one_order(integration, post, event, rows):
    body = json.dumps(event()).encode()
    answers = at_once(50, lambda _: post(integration, body).status_code)
    assert answers == [200] * 50
    [stored] = rows(OrderEvent)
    assert stored.copies == 50
    at_once(8, lambda _: interpret(stored.pk))
    assert len(rows(Order)) == len(rows(Document)) == 1


def test_first_writers_of_one_order_all_succeed(integration, post, event, rows):
    for number in range(12):
        post(integration, event(notes=[f"copia {number}"]))
    waiting = [stored.pk for stored in rows(OrderEvent)]
    at_once(12, lambda position: interpret(waiting[position]))
    assert {stored.verdict for stored in rows(OrderEvent)} <= {"applied", "outdated"}
    assert len(rows(Order)) == len(rows(Document)) == 1


def test_orders_that_sell_the_same_new_things_do_not_lock_each_other_out(
    integration, post, event, rows
):
    sold = [
        {"id_product": number, "id_variant": 1, "name": "x", "quantity": 1, "price": 10}
        for number in range(1, 6)
    ]
    for number in range(10):
        items = sold if number % 2 else sold[::-1]
        post(integration, event(id_order=100 + number, order_items=items))
    waiting = [stored.pk for stored in rows(OrderEvent)]
    at_once(10, lambda position: interpret(waiting[position]))
    assert {stored.verdict for stored in rows(OrderEvent)} == {"applied"}
    with unscoped("counting"):
        assert Order.objects.count() == 10


def test_two_first_events_of_two_businesses_teach_one(integration, post, event, rows):
    with unscoped("forgetting the business"):
        SourceAccount.objects.update(business_id=None)
    answers = at_once(
        6, lambda position: post(integration, event(id_business=1 + position % 2)).status_code
    )
    assert sorted(set(answers)) == [200, 403]
    assert answers.count(200) == 3


def test_decisions_on_one_order_at_once_make_one_row(integration, event, rows):
    for number in range(1, 6):
        with scope(integration.organization_id):
            order = record_order(
                integration,
                parse_order(event(id_order=number)).order,
                now=clock.now(),
                signed=True,
                source="webhook",
            ).order

        def decide(_position, order=order):
            with scope(integration.organization_id):
                return issue_document(order, now=clock.now(), confirmed=True).pk

        assert len(set(at_once(6, decide))) == 1
    assert len(rows(Document)) == 5
