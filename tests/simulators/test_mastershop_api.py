from datetime import date, timedelta
from decimal import Decimal

import pytest

from integrations.mastershop import errors
from integrations.mastershop.client import MasterShopClient
from integrations.mastershop.parser import parse_order

from .mastershop_world import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def client(world):
    with MasterShopClient(world.made["mastershop_url"], world.key) as opened:
        yield opened


def test_the_portals_client_reads_the_whole_catalogue(client):
    products = list(client.every_product())
    assert len(products) == len({product.id for product in products}) > 50
    simple = [product for product in products if product.only_variant]
    assert simple
    assert all(product.only_variant.is_default for product in simple)
    assert client.product(products[0].id) == products[0]


def test_a_wrong_or_missing_key_is_forbidden(world):
    assert world.api("GET", "/products", key="otra").status == 403
    assert world.call("GET", "/api/products").status == 403
    with (
        MasterShopClient(world.made["mastershop_url"], "otra") as client,
        pytest.raises(errors.KeyRefused),
    ):
        client.check()


def test_the_key_opens_its_own_business_only(world):
    other = world.control("POST", "companies", {"business_id": 7332}).body
    number = world.order()["id_order"]
    assert world.api("GET", f"/orders/{number}").status == 200
    assert world.api("GET", f"/orders/{number}", key=other["mastershop_key"]).status == 404


def test_orders_are_listed_in_pages_newest_first(client, world):
    numbers = [str(world.order()["id_order"]) for _ in range(3)]
    today = date.today()
    page = client.orders_list(today - timedelta(days=3), today + timedelta(days=1), 1, limit=2)
    assert not page.is_last
    rows = list(client.every_order(today - timedelta(days=59), today + timedelta(days=1)))
    assert sorted(row.order_id for row in rows) == sorted(numbers)
    assert all(row.status == "delivered" for row in rows)


def test_the_list_can_be_searched_by_number(world):
    number = world.order()["id_order"]
    world.order()
    found = world.api("POST", "/orders/list", {"idOrder": number}).body
    assert [row["idOrder"] for row in found] == [number]


def test_without_dates_only_the_last_week_is_listed(world):
    old = world.order(order={"date_created_order": "2026-01-05T10:00:00Z"})["id_order"]
    assert world.api("POST", "/orders/list", {}).body == []
    asked = {"startDate": "2026-01-05", "finalDate": "2026-01-05"}
    assert [row["idOrder"] for row in world.api("POST", "/orders/list", asked).body] == [old]


def test_a_range_of_over_thirty_days_times_out(world):
    def asked(last):
        body = {"startDate": "2026-01-01", "finalDate": last}
        return world.api("POST", "/orders/list", body).status

    assert asked("2026-01-31") == 200
    assert asked("2026-02-01") == 504


def test_a_wrong_date_is_a_bad_request(world):
    assert world.api("POST", "/orders/list", {"startDate": "hoy"}).status == 400


@pytest.mark.parametrize("shape", ["a", "b"])
@pytest.mark.parametrize("trap", [None, "discount", "charge", "null_variant", "no_document"])
def test_the_detail_tells_the_same_in_both_shapes(world, client, shape, trap):
    made = world.order(trap=trap, send=True)
    world.facts(order_detail=shape)
    told = parse_order(client.order(str(made["id_order"]))).order
    event = parse_order(world.listener.bodies[-1]).order
    for name in ("order_id", "external_id", "status", "payment_raw", "customer", "ship_to", "lines",
                 "extra_charges", "discount", "total", "warehouse_id", "updated_at"):  # fmt: skip
        assert getattr(told, name) == getattr(event, name), name


def test_the_detail_can_be_missing(world, client):
    number = str(world.order()["id_order"])
    world.facts(order_detail="missing")
    with pytest.raises(errors.NotFound):
        client.order(number)


def test_over_the_limit_answers_429_and_says_when_to_come_back(world, client):
    world.facts(rate_limit={"per_minute": 2})
    client.check()
    answer = world.api("GET", "/products?limit=1")
    assert answer.headers["ratelimit-limit"] == "2"
    assert answer.headers["ratelimit-remaining"] == "0"
    with pytest.raises(errors.RateLimited) as caught:
        client.check()
    assert 0 < caught.value.retry_after <= 60


def test_a_fault_may_ask_for_the_limit_too(world, client):
    world.control("POST", "switches", {"faults": [{"fault": "rate_limited", "seconds": 9}]})
    with pytest.raises(errors.RateLimited) as caught:
        client.check()
    assert caught.value.retry_after == 9


def test_an_unauthorized_fault_looks_like_a_bad_key(world, client):
    world.control("POST", "switches", {"faults": [{"fault": "unauthorized", "times": 1}]})
    with pytest.raises(errors.KeyRefused):
        client.check()
    client.check()


def test_two_bodegas_with_their_stock(client):
    assert {bodega.name for bodega in client.warehouses()} == {"Bodega Fontibón", "Bodega Itagüí"}
    levels = {level.variant_id: level.stock for level in client.every_stock_level("61")}
    assert len(levels) > 100
    totals = {
        variant.id: variant.stock
        for product in client.every_product()
        for variant in product.variants
    }
    other = {level.variant_id: level.stock for level in client.every_stock_level("62")}
    assert all(totals[number] == levels[number] + other[number] for number in totals)


def test_the_same_stock_movement_again_moves_nothing(client):
    first = next(client.every_stock_level("61"))

    def move():
        return client.post_stock_movement(
            "61",
            reference="ajuste-1",
            reason="adjustment",
            items=[(first.variant_id, Decimal(-3))],
        )

    assert move() == move()
    assert next(client.every_stock_level("61")).stock == first.stock - 3


def test_a_stock_movement_of_an_unknown_variation_is_refused(client):
    with pytest.raises(errors.Refused):
        client.post_stock_movement(
            "61", reference="a", reason="adjustment", items=[("1", Decimal(1))]
        )


def test_an_order_that_leaves_the_bodega_takes_its_goods_along(world, client):
    before = next(client.every_stock_level("61"))
    line = {"id_variant": int(before.variant_id), "quantity": 2}
    world.order(order={"order_items": [line]}, walk=True)
    after = {level.variant_id: level.stock for level in client.every_stock_level("61")}
    assert after[before.variant_id] == before.stock - 2


def test_a_seller_can_create_an_order(world, client):
    line = {"id_variant": 118207, "quantity": 1}
    made = world.api("POST", "/orders", {"id_order": "WEB-9", "order_items": [line]})
    assert made.status == 201
    order = parse_order(client.order(str(made.body["idOrder"]))).order
    assert (order.external_id, order.status) == ("WEB-9", "to_confirm")


def test_the_remaining_endpoints_answer(world):
    returned = world.order(status=10)["id_order"]
    world.order(order={"order_transaction": {"payment_method": "cod"}})
    assert world.api("GET", f"/orders/return/{returned}").body["idStatus"] == 6
    assert world.api("POST", "/wallets/movements/list").body[0]["idMovementType"] == 2
    phone = {"phone": "+57 310 555 0142"}
    assert world.api("POST", "/customers/validatePhone", phone).body == {"isValid": True}
    assert world.api("GET", "/otra").status == 404


def test_the_page_shows_the_orders_and_escapes_them(world):
    world.order(trap="name_markup")
    page = world.call("GET", "/").body
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
