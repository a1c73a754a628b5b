"""The demo from outside: what scripts may rely on, over HTTP only."""

from __future__ import annotations

import os
import stat
import time

import pytest
import requests

from tests.flows.live import LivePortal


def test_the_file_for_scripts_has_what_was_promised(portal):
    demo = portal.demo
    assert stat.S_IMODE((portal.var / "demo.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(portal.var.stat().st_mode) == 0o700
    assert demo.keys() == {
        *("portal_url", "login_url", "mail_dir", "admin", "users", "organization"),
        "integrations",
    }
    assert demo["portal_url"] == f"http://localhost:{portal.port}"
    mine = {user["role"] for user in demo["users"] if user["organization"] == demo["organization"]}
    assert mine == {"owner", "editor", "accountant", "viewer"}
    assert any(user["organization"] != demo["organization"] for user in demo["users"])
    assert [(each["document_kind"], each["mode"]) for each in demo["integrations"]] == [
        ("invoice", "draft"),
        ("remission", "definitive"),
        ("invoice", "definitive"),
    ]


@pytest.mark.parametrize("kind", ["invoice", "remission"])
def test_an_integration_says_all_that_is_needed_to_drive_it(portal, kind):
    integration = portal.integration(kind)
    assert integration.keys() == {
        *("id", "name", "document_kind", "mode", "webhook_url", "webhook_secret", "business_id"),
        *("alegra_url", "alegra_user", "alegra_token", "mastershop_url", "mastershop_key"),
        *("warehouse_id", "urls", "products"),
    }
    assert integration["alegra_url"].endswith("/api/v1")
    assert portal.alegra("GET", "/company", kind=kind)["decimalPrecision"]
    answer = requests.get(
        integration["mastershop_url"] + "/warehouses",
        headers={"ms-api-key": integration["mastershop_key"]},
        timeout=10,
    )
    assert answer.status_code == 200
    for iva in ("19", "5", "exempt", "excluded"):
        assert len(portal.products(iva=iva, kind=kind)) >= 2
    assert len(portal.products(iva=None, linked=False, kind=kind)) >= 2


def test_everybody_of_the_demo_signs_in(portal):
    for role in ("owner", "editor", "accountant", "viewer", "outsider"):
        session = portal.login(role)
        answer = session.get("/comercios/", allow_redirects=True)
        assert answer.status_code == 200
        assert "/c/" in answer.url


def test_the_pages_named_in_the_file_are_there(portal):
    session = portal.login("owner")
    for integration in portal.demo["integrations"]:
        for name, url in integration["urls"].items():
            assert session.get(url, allow_redirects=False).status_code == 200, name


def test_another_comercio_sees_none_of_them(portal):
    session = portal.login("outsider")
    for url in portal.integration()["urls"].values():
        assert session.get(url, allow_redirects=False).status_code == 404


def test_a_delivered_cod_order_becomes_one_draft_invoice(portal):
    body = portal.order(700_001)
    for _ in range(3):
        assert portal.post_event(body).status_code == 200
    invoice = portal.wait_for_document(700_001)
    assert invoice["status"] == "draft"
    assert float(invoice["total"]) == 50_000
    assert invoice["_marker"]
    time.sleep(1)
    assert len(portal.documents(700_001)) == 1


def test_a_prepaid_order_in_transit_becomes_a_remission(portal):
    portal.post_order(
        700_002,
        kind="remission",
        id_status=6,
        order_transaction={"payment_method": "prepaid"},
    )
    remission = portal.wait_for_document(700_002, kind="remission")
    assert float(remission["total"]) == 50_000


def test_a_prepaid_order_first_seen_as_delivered_becomes_one_invoice(portal):
    """Its trigger, *en tránsito*, was passed before anybody told."""
    body = portal.order(700_005, order_transaction={"payment_method": "prepaid"})
    assert portal.post_event(body).status_code == 200
    assert float(portal.wait_for_document(700_005)["total"]) == 50_000
    assert portal.post_event({**body, "eventName": "Pedido Entregado"}).status_code == 200
    time.sleep(1)
    assert len(portal.documents(700_005)) == 1


def test_an_unsigned_event_is_refused(portal):
    assert portal.post_event(portal.order(700_003), secret=None).status_code == 401
    assert portal.post_event(portal.order(700_003), secret="otro").status_code == 401


def test_a_killed_worker_comes_back_and_goes_on(portal):
    portal.kill_worker()
    portal.post_order(700_004)
    assert portal.wait_for_document(700_004)["status"] == "draft"


@pytest.mark.skipif(
    "EXPECT_VENDOR" in os.environ, reason="starting and stopping is the same on every database"
)
def test_an_empty_portal_starts_stops_and_leaves_nothing_behind():
    with LivePortal(empty=True) as portal:
        assert portal.demo["users"] == portal.demo["integrations"] == []
        assert portal.demo["admin"] is None
        assert requests.get(portal.demo["login_url"], timeout=10).status_code == 200
        pids = portal.pids()
        assert pids.keys() == {"up", "web", "worker", "beat", "simulators"}
        assert portal.stop() == 0
        for pid in pids.values():
            assert not _runs(pid)
        # Another child that ends takes the run with it, and says which.
        portal.start()
        portal.kill("beat")
        assert portal.process.wait(timeout=20) == 1
        assert "beat ended by itself" in portal.said()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
