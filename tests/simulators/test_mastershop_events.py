import hashlib
import hmac

import pytest

from integrations.mastershop import signature
from integrations.mastershop.stock import parse_movement

from .mastershop_world import SECRET, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def test_one_change_sends_its_own_event_and_the_generic_one(world):
    made = world.order(status=8, send=True)
    assert world.listener.seen("eventName") == ["Pedido Entregado", "Cambio de Estado del Pedido"]
    assert world.listener.seen("id_status") == [8, 8]
    assert world.listener.seen("id_order") == [made["id_order"]] * 2
    assert [event["status"] for event in made["events"]] == [200, 200]


def test_cancelled_and_returned_have_the_generic_event_only(world):
    world.order(status=9, send=True)
    world.order(status=10, send=True)
    assert world.listener.seen("eventName") == ["Cambio de Estado del Pedido"] * 2


def test_nothing_is_sent_unless_asked(world):
    assert world.order(status=8)["events"] == []
    assert world.listener.deliveries == []


def test_a_walk_passes_every_status_in_its_time(world):
    world.order(walk=True, send=True)
    assert world.listener.seen("id_status")[::2] == [1, 2, 3, 4, 5, 6, 8]
    moments = world.listener.seen("date_update_order")
    assert moments == sorted(moments)
    assert len(set(moments)) == 7


def test_each_event_can_be_sent_twice_to_the_byte(world):
    world.order(send=True, events=["twice"])
    bodies = [raw for _, raw in world.listener.deliveries]
    assert len(bodies) == 4
    assert len(set(bodies)) == 2


def test_copies_repeat_every_event(world):
    world.order(send=True, copies=3)
    assert len(world.listener.deliveries) == 6


def test_in_transit_and_delivered_come_in_the_same_second(world):
    world.order(send=True, events=["same_second"])
    assert world.listener.seen("id_status") == [6, 6, 8, 8]
    assert len(set(world.listener.seen("date_update_order"))) == 1


def test_delivered_can_come_before_in_transit(world):
    made = world.order(send=True, events=["delivered_before_transit"])
    assert world.listener.seen("id_status") == [8, 8, 6, 6]
    moments = world.listener.seen("date_update_order")
    assert moments[0] > moments[-1]
    assert made["id_status"] == 8


def test_a_delivered_order_can_bounce_after_two_days(world):
    made = world.order(send=True, events=["bounce"])
    assert world.listener.seen("id_status") == [8, 8, 10]
    assert made["id_status"] == 10


def test_an_unknown_status_can_be_sent(world):
    world.order(send=True, events=["unknown_status"])
    assert world.listener.seen("id_status") == [99]
    world.order(send=True, trap="unknown_status")
    assert world.listener.seen("id_status") == [99, 99]


def test_the_split_event_makes_a_third_copy(world):
    world.order(send=True, events=["three_copies"])
    assert len(world.listener.deliveries) == 3


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Pedido En Reparto", "OUT_FOR_DELIVERY"),
        ("Pedido En Oficina", "AT_OFFICE"),
        ("Pedido con Novedad", "INCIDENT"),
    ],
)
def test_a_sub_state_stays_at_in_transit(world, name, code):
    world.order(send=True, events=[name])
    body = world.listener.bodies[0]
    assert body["id_status"] == 6
    assert body["carrier_status_info"]["carrier_status_code"] == code
    assert bool(body["carrier_novelty"]) == (code == "INCIDENT")


LEFT_OUT = {"order_items", "order_transaction", "id_business"}


def test_partial_events_come_before_and_after_full_ones(world):
    made = world.order(status=8, send=True, events=["partial_before", "partial_after"])
    bodies = world.listener.bodies
    assert [LEFT_OUT.isdisjoint(body) for body in bodies] == [
        True, False, False, False, False, True, True, True,
    ]  # fmt: skip
    assert [body["id_status"] for body in bodies] == [6, 8, 8, 3, 3, 6, 8, 8]
    assert made["id_status"] == 8


@pytest.mark.parametrize(("share", "least", "most"), [(0, 0, 0), (0.5, 8, 32), (1, 40, 40)])
def test_a_share_of_the_events_is_partial(world, share, least, most):
    world.facts(partial_events=share)
    for _ in range(20):
        world.order(status=6, send=True)
    partial = sum(LEFT_OUT.isdisjoint(body) for body in world.listener.bodies)
    assert least <= partial <= most


@pytest.mark.parametrize("share", [-0.1, 1.5, True, "half"])
def test_a_share_lies_between_none_and_all(world, share):
    told = world.control("POST", "switches", {"facts": {"partial_events": share}})
    assert told.status == 400


def test_events_can_leave_out_how_the_order_is_paid_and_the_order_read_by_number_does_not(world):
    world.facts(payment_method_in_event=False)
    number = world.order(status=6, send=True)["id_order"]
    paid = world.listener.bodies[0]["order_transaction"]
    assert "payment_method" not in paid
    assert paid["total"]
    assert world.api("GET", f"/orders/{number}").body["order_transaction"]["payment_method"]


def test_an_event_can_name_another_business(world):
    world.order(send=True, trap="other_business")
    assert world.listener.seen("id_business") == [7332, 7332]


def test_an_existing_order_takes_its_next_status(world):
    number = world.order(status=6)["id_order"]
    told = world.control("POST", f"orders/{number}/status", {"business_id": 7331, "status": 8})
    assert told.body["id_status"] == 8
    assert world.listener.seen("id_status") == [8, 8]


@pytest.mark.parametrize("kind", ["hex", "prefixed"])
def test_events_are_signed_as_the_portal_expects(world, kind):
    world.facts(signature=kind)
    world.order(send=True)
    headers, raw = world.listener.deliveries[0]
    given = headers["x-mastershop-signature"]
    digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    assert given == ("sha256=" if kind == "prefixed" else "") + digest
    assert signature.is_valid(given, raw, [SECRET])


def test_events_can_come_unsigned(world):
    world.facts(signature="none")
    world.order(send=True)
    assert "x-mastershop-signature" not in world.listener.deliveries[0][0]


def test_another_webhook_and_secret_can_be_named(world):
    world.control("POST", "businesses/7331/webhook", {"url": None})
    assert world.order(send=True)["events"] == []
    world.order(send=True, webhook_url=world.listener.url, secret="otro")
    headers, raw = world.listener.deliveries[0]
    assert signature.is_valid(headers["x-mastershop-signature"], raw, ["otro"])


def test_a_webhook_that_does_not_answer_is_noted(world):
    url = "http://127.0.0.1:9/"
    made = world.order(send=True, webhook_url=url)
    assert made["events"][0]["status"] is None
    assert made["events"][0]["answer"] == "ConnectionRefusedError"


def test_any_body_at_all_can_be_delivered(world):
    body = {"id_order": None, "raro": True}
    told = world.control("POST", "deliveries", {"business_id": 7331, "body": body})
    assert told.status == 201
    assert world.listener.bodies[0]["raro"] is True


def test_a_movement_of_stock_is_reported(world):
    items = [{"idVariant": 118207, "quantity": 5}]
    asked = {"business_id": 7331, "warehouse": 62, "items": items, "reason": "purchase"}
    assert world.control("POST", "movements", asked).status == 201
    movement = parse_movement(world.listener.bodies[0])
    assert (movement.warehouse_id, movement.reason, movement.is_complete) == (
        "62",
        "purchase",
        True,
    )


def test_sales_are_reported_only_where_the_fact_says_so(world):
    line = {"id_variant": 118207, "quantity": 1}
    world.order(order={"order_items": [line]}, send=True)
    assert "Movimiento de inventario" not in world.listener.seen("eventName")
    world.facts(movement_events=True)
    made = world.order(order={"order_items": [line]}, send=True)
    movement = parse_movement(world.listener.bodies[-1])
    assert (movement.reason, movement.order_id) == ("sale", str(made["id_order"]))
