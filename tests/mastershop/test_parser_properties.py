"""Whatever JSON can hold, reading it raises nothing and gives something that can be stored."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parser import business_of, parse_order, parse_row
from integrations.mastershop.products import read_product
from integrations.mastershop.stock import parse_movement, read_level, read_warehouse

from .conftest import EVENT

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.decimals()
    | st.text(max_size=20)
    | st.text(alphabet="0123456789.,-$ e", max_size=12)
    | st.sampled_from(["Sin datos", "9999-12-31T23:59:59-14:00", "\ud800", "a\x00b"])
)
NAMES = st.sampled_from(
    [
        "id_order", "idOrder", "data", "results", "customer", "shipping_address", "order_items",
        "order_Items", "order_transaction", "total", "discount", "quantity", "price", "warehouse",
        "additional_charge", "amount", "name", "carrier_novelty", "default_address", "notes",
        "id_product", "variation", "idVariant", "movementId", "idWarehouse", "items", "stock",
    ]
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
READERS = (parse_row, business_of, read_product, read_warehouse, read_level, parse_movement)


def assert_storable(body):
    order = parse_order(body).order
    if order is not None:
        stored = json.dumps(order.to_json(), ensure_ascii=False, allow_nan=False)
        stored.encode()
        assert "\\u0000" not in stored
        assert NormalisedOrder.from_json(json.loads(stored)) == order


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_arbitrary_json_never_raises(body):
    assert_storable(body)
    for read in READERS:
        read(body)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_an_event_with_anything_in_any_place_never_raises(data):
    body = json.loads(json.dumps(EVENT))
    for _ in range(data.draw(st.integers(1, 4))):
        place = body
        while True:
            names = list(place) if isinstance(place, dict) else list(range(len(place)))
            name = data.draw(st.sampled_from(names))
            if isinstance(place[name], dict | list) and place[name] and data.draw(st.booleans()):
                place = place[name]
            else:
                place[name] = data.draw(ANYTHING)
                break
    assert_storable(body)


def test_endless_nesting_is_no_reason_to_raise():
    body = {}
    for _ in range(100_000):
        body = {"data": body}
    assert parse_order(body).order is None
    assert parse_order({"id_order": 1, "customer": body, "order_items": [body]}).order.order_id
    while body:  # freed step by step: freeing it at once would recurse in C
        body = body.pop("data")
