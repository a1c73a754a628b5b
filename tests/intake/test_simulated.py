"""Intake against the simulated MasterShop: its pull under every shape of the order detail, and
events that leave out what the order read by number tells."""

from __future__ import annotations

import pytest
import requests

from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.connections.source_read import SourceRead
from integrations.intake import tasks
from integrations.intake.pull import pull
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope
from integrations.simulators.local import start_local
from tests.intake.conftest import make_integration
from tests.simulators.mastershop_world import listen

BUSINESS = 7331


@pytest.fixture(scope="module")
def simulators():
    running = start_local()
    yield running
    running.stop()


@pytest.fixture
def control(simulators):
    def asked(path, body):
        answer = requests.post(
            f"{simulators.mastershop_root}/_control/{path}", json=body, timeout=10
        )
        assert answer.status_code < 300, answer.text
        return answer.json()

    asked("reset", {})
    return asked


@pytest.fixture
def trial(cast, simulators, control, settings):
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url
    settings.TIMING_DIVISOR = 1000.0
    made = control("companies", {"business_id": BUSINESS, "name": "Hogar Andino"})
    found = make_integration(
        cast.organization,
        business_id=None,
        key=made["mastershop_key"],
        key_last4=made["mastershop_key"][-4:],
    )
    with scope(found.organization_id):
        Integration.objects.update(mode="trial")
    return found


@pytest.mark.parametrize("detail", ["a", "b", "missing"])
def test_orders_no_event_told_are_found_whatever_the_detail_looks_like(
    trial, control, rows, detail
):
    control("switches", {"facts": {"order_detail": detail}})
    for _ in range(3):
        control("orders", {"business_id": BUSINESS, "id_status": 8})
    assert pull(trial.pk)
    found = rows(Order)
    assert len(found) == 3
    assert [order.needs_detail for order in found] == [detail == "missing"] * 3
    assert rows(SourceRead)[0].read_at is not None
    if detail != "missing":
        assert rows(SourceAccount)[0].business_id == str(BUSINESS)
        assert {stored.verdict for stored in rows(OrderEvent)} <= {"applied", "ignored"}
        with scope(trial.organization_id):
            assert all(order.lines.exists() for order in found)


@pytest.fixture
def listener():
    heard, web = listen()
    yield heard
    web.shutdown()
    web.server_close()


@pytest.mark.parametrize(
    "facts",
    [
        {"partial_events": 1},
        {"partial_events": 0.5},
        {"partial_events": 0.5, "payment_method_in_event": False, "order_detail": "b"},
        {"payment_method_in_event": False},
        {},
    ],
)
@pytest.mark.parametrize("events", [["partial_before"], ["partial_after"], None])
def test_whatever_events_leave_out_the_order_ends_whole(
    trial, control, post, rows, listener, facts, events
):
    control("switches", {"facts": facts})
    told = {"status": 8, "send": True, "webhook_url": listener.url, "prepaid": False}
    told |= {"events": events} if events else {"walk": True}
    made = control("orders", {"business_id": BUSINESS, **told})
    for body in listener.bodies:
        assert post(trial, body).status_code == 200
        tasks.interpret_waiting()
    [order] = rows(Order)
    assert (order.status, order.rank_max, order.family) == ("delivered", 8, "cod")
    assert order.total == made["order"]["order_transaction"]["total"]
    # Where the gateway names contraentrega, nobody is asked for the method.
    assert order.method in ("cod", "")
    assert not order.needs_detail
    with scope(trial.organization_id):
        assert order.lines.count() == len(made["order"]["order_items"])
        assert order.document is not None


@pytest.mark.parametrize("detail", ["a", "b", "missing"])
def test_a_number_that_comes_again_is_another_sale_by_every_way(trial, control, rows, detail):
    control("switches", {"facts": {"order_detail": detail, "numbers_again": True}})
    names = [("2026-11-01T14:05:12Z", "Rosa Amelia Cano"), ("2026-11-07T09:30:00Z", "Luis Díaz")]
    for created, name in names:
        told = {
            "id_order": 88001,
            "date_created_order": created,
            "customer": {"full_name": name, "documentNumber": str(1051721975 + len(name))},
        }
        control("orders", {"business_id": BUSINESS, "status": 8, "order": told})
        assert pull(trial.pk)
        with scope(trial.organization_id):
            SourceRead.objects.update(passes={})
    assert [(order.number, order.buyer_name) for order in rows(Order)] == [
        ("88001", name) for _created, name in names
    ]
    assert pull(trial.pk)
    assert len(rows(Order)) == 2
