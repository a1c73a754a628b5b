import base64
import time

import pytest

from integrations.simulators.mastershop.site import build_site
from integrations.simulators.server import Server

from .mastershop_world import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def wait_for(condition, seconds=5):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.02)
    return False


def ledger(world):
    return world.control("GET", "ledger").body["businesses"][0]


def test_a_company_gets_a_business_and_a_key(world):
    made = world.control("POST", "companies", {"name": "Otra"}).body
    assert made["business_id"] != 7331
    assert made["mastershop_url"].endswith("/api")
    assert world.api("GET", "/products?limit=1", key=made["mastershop_key"]).status == 200


def test_asked_again_for_a_business_the_same_is_answered(world):
    again = world.control("POST", "companies", {"business_id": 7331}).body
    assert again["mastershop_key"] == world.key
    wrong = {"business_id": 7331, "mastershop_key": "otra"}
    assert world.control("POST", "companies", wrong).status == 400


def test_a_company_can_be_made_without_products(world):
    made = world.control("POST", "companies", {"business_id": 9, "catalogue": "empty"}).body
    shown = world.api("GET", "/products", key=made["mastershop_key"]).body
    assert shown["resultsCount"] == {"totalProducts": 0}


def test_the_ledger_tells_orders_and_what_was_sent(world):
    number = world.order(send=True, trap="discount")["id_order"]
    business = ledger(world)
    assert business["business_id"] == 7331
    order = business["orders"][0]
    assert (order["id_order"], order["id_status"], order["_trap"]) == (number, 8, "discount")
    assert [event["status"] for event in business["events"]] == [200, 200]
    assert "received" in business["events"][0]["answer"]


def test_the_ledger_holds_no_key_and_no_secret(world):
    world.order(send=True)
    text = str(world.control("GET", "ledger").body)
    assert world.key not in text
    assert "secreto-de-prueba" not in text
    assert "/webhooks/" not in text


def test_calls_are_logged_by_business(world):
    world.api("GET", "/products?limit=1")
    world.api("GET", "/products", key="mala")
    calls = world.control("GET", "calls").body
    assert [(call["user"], call["status"]) for call in calls] == [("7331", 200), ("", 403)]


def test_reset_forgets_orders_and_switches_but_no_business(world):
    world.order(send=True)
    world.facts(order_detail="b")
    world.control("POST", "reset")
    business = ledger(world)
    assert (business["orders"], business["events"], business["movements"]) == ([], [], [])
    assert world.control("GET", "switches").body["facts"]["order_detail"] == "a"
    assert world.api("GET", "/products?limit=1").status == 200
    world.order(send=True)
    assert len(world.listener.deliveries) == 4


def test_a_number_is_never_given_twice_even_after_a_reset(world):
    first = world.order()["id_order"]
    world.control("POST", "reset")
    assert world.order()["id_order"] > first


def test_a_number_is_given_again_only_where_the_fact_says_so(world):
    number = world.order(order={"external_order_id": "A"})["id_order"]
    same = {"business_id": 7331, "order": {"id_order": number, "external_order_id": "B"}}
    assert world.control("POST", "orders", same).status == 400
    assert world.api("GET", f"/orders/{number}").body["external_order_id"] == "A"
    world.facts(numbers_again=True)
    assert world.order(order=same["order"])["id_order"] == number
    assert world.api("GET", f"/orders/{number}").body["external_order_id"] == "B"


def test_what_is_held_survives_a_restart(world, tmp_path):
    number = world.order()["id_order"]
    world.server.stop()
    again = build_site(tmp_path, control=True, alegra_url="")
    assert again.records.order(7331, number)["status"] == 8
    assert again.records.business_of_key(world.key) == 7331
    again.close()


def test_an_unknown_switch_is_refused(world):
    assert world.control("POST", "switches", {"facts": {"raro": 1}}).status == 400
    assert world.control("POST", "switches", {"facts": {"signature": "md5"}}).status == 400


def test_a_webhook_must_be_an_address(world):
    answer = world.control("POST", "businesses/7331/webhook", {"url": "file:///etc/passwd"})
    assert answer.status == 400
    assert world.control("POST", "businesses/1/webhook", {"url": None}).status == 400


def test_traffic_flows_by_itself_until_stopped(world):
    asked = {"business_id": 7331, "per_minute": 60, "mix": {"trap": 0, "prepaid": 0}}
    assert world.control("POST", "traffic", asked).body["per_minute"] == 60
    assert wait_for(lambda: len(ledger(world)["orders"]) >= 2)
    assert world.control("POST", "traffic/stop", {"business_id": 7331}).body == {"traffic": {}}
    time.sleep(0.1)
    count = len(ledger(world)["orders"])
    time.sleep(1.4)
    orders = ledger(world)["orders"]
    assert len(orders) == count
    assert {order["_source"] for order in orders} == {"traffic"}
    assert {order["order_transaction"]["payment_method"] for order in orders} == {"cod"}
    assert world.listener.seen("eventName")[:2] == [
        "Pedido Pendiente",
        "Cambio de Estado del Pedido",
    ]


def test_traffic_walks_its_orders_to_the_door(world, monkeypatch):
    quick = tuple((status, n * 0.03) for n, status in enumerate((2, 3, 4, 6, 8)))
    monkeypatch.setattr("integrations.simulators.mastershop.traffic._PACE", quick)
    mix = {"trap": 0, "cancelled": 0, "returned": 0}
    world.control("POST", "traffic", {"business_id": 7331, "per_minute": 60, "mix": mix})
    assert wait_for(
        lambda: ledger(world)["orders"] and ledger(world)["orders"][0]["id_status"] == 8
    )
    history = ledger(world)["orders"][0]["_history"]
    assert [step["status"] for step in history] == [1, 2, 3, 4, 6, 8]


@pytest.mark.parametrize(
    "asked",
    [
        {"per_minute": 0},
        {"per_minute": 61},
        {"per_minute": "x"},
        {"mix": {"raro": 1}},
        {"mix": [1]},
    ],
)
def test_wrong_traffic_is_refused(world, asked):
    assert world.control("POST", "traffic", {"business_id": 7331, **asked}).status == 400


def test_without_control_interface_the_page_asks_for_the_key(tmp_path):
    server = Server("127.0.0.1", 0)
    site = build_site(tmp_path, control=False, alegra_url="")
    server.start(site)
    world = World.__new__(World)
    world.server = server
    try:
        key = site.make_company({"business_id": 5, "name": "Cerrada"})["mastershop_key"]
        site.make_company({"business_id": 6, "name": "Ajena"})
        assert world.call("GET", "/_control/ledger").status == 404
        assert world.call("GET", "/").status == 401
        basic = base64.b64encode(f"x:{key}".encode()).decode()
        page = world.call("GET", "/", headers={"Authorization": f"Basic {basic}"})
        assert "Cerrada" in page.body
        assert "Ajena" not in page.body
    finally:
        server.stop()
