import json
from datetime import date
from decimal import Decimal

import pytest
import requests
import responses
from responses import matchers

from integrations.mastershop import errors
from integrations.mastershop.client import MasterShopClient

BASE = "https://mastershop.example.com/api"
KEY = "llave-secreta-canario"


@pytest.fixture
def client():
    with MasterShopClient(f"{BASE}/", KEY) as opened:
        yield opened


@pytest.fixture
def http():
    with responses.RequestsMock() as mock:
        yield mock


def test_checking_a_key_asks_for_one_product(client, http):
    http.get(
        f"{BASE}/products",
        json={"results": [], "resultsCount": {"totalProducts": 0}},
        match=[matchers.query_param_matcher({"limit": 1})],
    )
    client.check()
    sent = http.calls[0].request
    assert sent.headers["ms-api-key"] == KEY


def test_a_page_of_products(client, http):
    http.get(
        f"{BASE}/products",
        json={"results": [{"idProduct": 1, "name": "Termo"}, {"name": "sin id"}]},
        match=[matchers.query_param_matcher({"page": 3, "limit": 2})],
    )
    page = client.products_page(3, limit=2)
    assert [product.id for product in page.rows] == ["1"]
    assert (page.is_last, page.unreadable) == (False, 1)


def test_the_whole_catalogue_ends_at_a_short_page(client, http):
    full = [{"idProduct": number} for number in range(1, 51)]
    http.get(f"{BASE}/products", json={"results": full})
    http.get(f"{BASE}/products", json={"results": [{"idProduct": 50}, {"idProduct": 51}]})
    assert [product.id for product in client.every_product()] == [str(n) for n in range(1, 52)]


def test_a_server_that_does_not_turn_pages_is_not_followed_for_ever(client, http):
    http.get(f"{BASE}/products", json={"results": [{"idProduct": n} for n in range(1, 51)]})
    assert len(list(client.every_product())) == 50
    assert len(http.calls) == 2


def test_one_product_comes_inside_a_list(client, http):
    http.get(f"{BASE}/products/118203", json={"results": [{"idProduct": 118203}]})
    assert client.product("118203").id == "118203"


def test_an_empty_list_for_one_product_means_there_is_none(client, http):
    http.get(f"{BASE}/products/1", json={"results": []})
    with pytest.raises(errors.NotFound):
        client.product("1")


def test_the_order_list_is_asked_by_dates(client, http):
    http.post(
        f"{BASE}/orders/list",
        body='[{"idOrder": 904417, "orderStatus": "Entregada", "totalOrder": 174900.10}]',
        match=[
            matchers.query_param_matcher({"page": 1, "limit": 50}),
            matchers.json_params_matcher({"startDate": "2026-11-01", "finalDate": "2026-11-30"}),
        ],
    )
    page = client.orders_list(date(2026, 11, 1), date(2026, 11, 30), 1)
    assert page.rows[0].order_id == "904417"
    assert page.rows[0].total == Decimal("174900.1")
    assert page.is_last


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 11, 2), date(2026, 11, 1))],
)
def test_a_range_they_cannot_answer_is_not_asked(client, start, end):
    with pytest.raises(ValueError, match="30 days"):
        client.orders_list(start, end, 1)


def test_a_long_range_is_asked_in_parts_and_each_order_given_once_per_part(client, http):
    http.post(f"{BASE}/orders/list", json=[{"idOrder": 1}, {"idOrder": 1}])
    http.post(f"{BASE}/orders/list", json=[{"idOrder": 2}])
    rows = list(client.every_order(date(2026, 9, 1), date(2026, 10, 30)))
    assert [row.order_id for row in rows] == ["1", "2"]
    asked = [json.loads(call.request.body) for call in http.calls]
    assert asked == [
        {"startDate": "2026-09-01", "finalDate": "2026-09-30"},
        {"startDate": "2026-10-01", "finalDate": "2026-10-30"},
    ]


def test_the_detail_of_an_order_keeps_its_shape_and_exact_amounts(client, http):
    http.get(f"{BASE}/orders/904417", body='{"data": {"idOrder": 904417, "total": 0.1}}')
    assert client.order("904417") == {"data": {"idOrder": 904417, "total": Decimal("0.1")}}


@pytest.mark.parametrize("body", ["[]", '"x"', "[{}, {}]", "3"])
def test_a_detail_that_is_not_one_object_is_malformed(client, http, body):
    http.get(f"{BASE}/orders/1", body=body)
    with pytest.raises(errors.Malformed):
        client.order("1")


def test_bodegas_and_their_levels(client, http):
    http.get(f"{BASE}/warehouses", json={"results": [{"idWarehouse": 61, "name": "Fontibón"}]})
    http.get(
        f"{BASE}/warehouses/61/stock",
        json={"results": [{"idProduct": 1, "idVariant": 2, "stock": 40}]},
    )
    assert client.warehouses()[0].id == "61"
    assert [level.stock for level in client.every_stock_level("61")] == [Decimal(40)]


def test_a_stock_movement_is_posted_with_its_reference(client, http):
    http.post(
        f"{BASE}/warehouses/61/stock/movements",
        json={"movementId": 88},
        match=[
            matchers.json_params_matcher(
                {
                    "reference": "aj-1",
                    "reason": "adjustment",
                    "items": [{"idVariant": 430771, "quantity": -2}],
                }
            )
        ],
    )
    receipt = client.post_stock_movement(
        "61", reference="aj-1", reason="adjustment", items=[("430771", Decimal(-2))]
    )
    assert receipt.movement_id == "88"


@pytest.mark.parametrize(
    ("reference", "reason", "items"),
    [
        ("", "sale", [("1", Decimal(1))]),
        ("a", "robo", [("1", Decimal(1))]),
        ("a", "sale", []),
    ],
)
def test_a_movement_without_what_it_needs_is_not_sent(client, reference, reason, items):
    with pytest.raises(ValueError, match="movement"):
        client.post_stock_movement("61", reference=reference, reason=reason, items=items)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, errors.KeyRefused),
        (403, errors.KeyRefused),
        (404, errors.NotFound),
        (408, errors.Unavailable),
        (429, errors.RateLimited),
        (500, errors.Unavailable),
        (504, errors.Unavailable),
        (400, errors.Refused),
        (422, errors.Refused),
        (302, errors.Malformed),
    ],
)
def test_every_status_has_its_decision(client, http, status, expected):
    http.get(
        f"{BASE}/warehouses",
        status=status,
        json={"message": "cliente 52998117"},
        headers={"ratelimit-reset": "9", "location": f"{BASE}/otra"},
    )
    with pytest.raises(expected) as caught:
        client.warehouses()
    assert caught.value.status == status
    assert "52998117" not in str(caught.value)
    assert KEY not in str(caught.value)
    if expected is errors.RateLimited:
        assert caught.value.retry_after == 9
    assert len(http.calls) == 1


@pytest.mark.parametrize(
    "body",
    ["", "<html>", '{"a": NaN}', "[" * 100_000, "9" * 6000, '{"results": 3}', '{"otro": []}', "7"],
)
def test_an_answer_that_cannot_be_a_list_is_malformed(client, http, body):
    http.get(f"{BASE}/warehouses", body=body)
    with pytest.raises(errors.Malformed):
        client.warehouses()


def test_an_answer_over_five_megabytes_is_refused(client, http):
    http.get(f"{BASE}/warehouses", body=" " * (5 * 1024 * 1024) + "[]")
    with pytest.raises(errors.Malformed, match="too large"):
        client.warehouses()


@pytest.mark.parametrize(
    "error",
    [requests.ReadTimeout("x"), requests.ConnectionError("reset"), requests.RequestException("x")],
)
def test_a_lost_answer_is_unavailable(client, http, error):
    http.get(f"{BASE}/warehouses", body=error)
    with pytest.raises(errors.Unavailable):
        client.warehouses()


def test_a_key_a_header_cannot_carry_is_refused_without_sending():
    for key in ("", "llave\r\nx: y", "ñ"):
        with MasterShopClient(BASE, key) as client, pytest.raises(errors.KeyRefused):
            client.check()


def test_an_order_number_cannot_leave_its_place_in_the_path(client, http):
    http.get(f"{BASE}/orders/..%2Fproducts%3Fa", json={})
    client.order("../products?a")
    for number in ("", ".", ".."):
        with pytest.raises(ValueError, match="id"):
            client.order(number)
