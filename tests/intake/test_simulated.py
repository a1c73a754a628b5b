"""The pull against the simulated MasterShop, under every shape its order detail may have."""

from __future__ import annotations

import pytest
import requests

from integrations.connections.models import Integration
from integrations.intake.pull import pull
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope
from integrations.simulators.local import start_local
from tests.intake.conftest import make_integration

BUSINESS = 7331


@pytest.fixture(scope="module")
def simulators(tmp_path_factory):
    running = start_local(tmp_path_factory.mktemp("simulators"))
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
    [after] = rows(Integration)
    assert after.pulled_until is not None
    if detail != "missing":
        assert after.business_id == str(BUSINESS)
        assert {stored.verdict for stored in rows(OrderEvent)} <= {"applied", "ignored"}
        with scope(trial.organization_id):
            assert all(order.lines.exists() for order in found)
