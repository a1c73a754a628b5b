import pytest

from integrations.mastershop.parser import parse_order
from integrations.simulators import catalogue
from integrations.simulators.mastershop.traps import ORDINARY, TRAPS

from .mastershop_world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("mastershop"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _clean(world):
    world.listener.deliveries.clear()
    world.control("POST", "reset")


def event(world, **asked):
    world.order(send=True, **asked)
    return world.listener.bodies[-1]


def test_an_ordinary_order_has_nothing_wrong(world):
    for _ in range(20):
        parsed = parse_order(event(world))
        assert parsed.problems == ()
        order = parsed.order
        lines = sum(line.qty * line.unit_price for line in order.lines)
        charges = sum(charge.amount for charge in order.extra_charges)
        assert order.total == lines + charges - order.discount
        assert order.customer.doc_number.isdigit()
        assert not order.customer.email or order.customer.email.endswith("@example.com")
        assert order.ship_to.dane_code.endswith("000")


def test_overrides_speak_the_words_of_an_event_and_the_total_follows(world):
    asked = {
        "id_order": 777001,
        "external_order_id": "WEB-1",
        "customer": {"full_name": "Nubia Henao", "documentNumber": "41555222"},
        "order_items": [{"id_variant": 118207, "quantity": 3}],
        "additional_charge": [],
        "order_transaction": {"payment_method": "transfer", "discount": 700},
    }
    order = parse_order(event(world, order=asked)).order
    known = next(v for v in catalogue.variations() if v.id_variant == 118207)
    assert (order.order_id, order.external_id) == ("777001", "WEB-1")
    assert order.customer.doc_number == "41555222"
    assert order.lines[0].sku == known.sku
    assert order.total == known.price * 3 - 700
    assert order.payment_raw == "transfer"


def test_a_line_the_catalogue_does_not_know_can_be_spelled_out(world):
    line = {"id_product": 1, "id_variant": 2, "name": "Suelto", "quantity": 1, "price": 1000}
    assert parse_order(event(world, order={"order_items": [line]})).order.lines[0].name == "Suelto"


def test_the_moments_of_an_order_can_be_told(world):
    asked = {
        "date_created_order": "2026-03-01T10:00:00Z",
        "date_update_order": "2026-03-04T10:00:00Z",
    }
    body = event(world, order=asked)
    assert {name: body[name] for name in asked} == asked


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_every_trap_makes_an_order_that_is_delivered_and_listed(world, trap):
    made = world.order(send=True, trap=trap)
    assert [e["status"] for e in made["events"]] == [200] * len(made["events"])
    parse_order(world.listener.bodies[-1])
    assert world.api("GET", f"/orders/{made['id_order']}").status == 200
    assert world.api("POST", "/orders/list", {}).status == 200
    assert world.call("GET", "/").status == 200


@pytest.mark.parametrize(
    ("trap", "see"),
    [
        ("document_zero", lambda o: o.customer.doc_number == "0"),
        ("document_is_phone", lambda o: o.customer.doc_number == o.customer.phone),
        ("document_sin_datos", lambda o: o.customer.doc_number == ""),
        ("document_in_company", lambda o: o.customer.doc_type == "C.C" and o.customer.company),
        ("nit_glued", lambda o: o.customer.doc_type == "NIT" and len(o.customer.doc_number) == 10),
        ("city_sin_datos", lambda o: o.ship_to.city == ""),
        ("bogota_cundinamarca", lambda o: o.ship_to.department == "Cundinamarca"),
        ("gateway_name", lambda o: o.payment_raw == "Mercado Pago"),
        ("payment_capitals", lambda o: o.payment_raw == "COD" and o.payment_family == "cod"),
        ("payment_absent", lambda o: (o.payment_raw, o.payment_family) == ("", "unknown")),
        ("payment_missing", lambda o: (o.payment_raw, o.payment_family) == ("", "unknown")),
        ("payment_in_gateway", lambda o: (o.payment_raw, o.payment_family) == ("", "cod")),
        ("payment_words", lambda o: o.payment_family == "cod"),
        ("payment_of_its_own", lambda o: (o.payment_raw, o.payment_family) == ("Addi", "unknown")),
        ("null_variant", lambda o: o.lines[0].variant_id == ""),
        ("gift_line", lambda o: o.lines[-1].unit_price == 1000),
        ("charge", lambda o: o.extra_charges[0].amount == 15100),
        ("charge_bare", lambda o: o.extra_charges[0].amount == 15100),
        ("discount", lambda o: o.discount == 7000),
        ("test_order", lambda o: o.is_test),
        ("other_country", lambda o: o.country == "PE"),
        ("status_seven", lambda o: o.status_id == 7),
        ("warehouse_unknown", lambda o: o.warehouse_id == "99"),
        ("no_dates", lambda o: o.updated_at is None),
        ("camel_case", lambda o: o.lines and o.customer.name),
    ],
)
def test_the_portal_sees_the_trap(world, trap, see):
    assert see(parse_order(event(world, trap=trap)).order)


def test_the_total_of_a_trap_differs_from_its_lines(world):
    order = parse_order(event(world, trap="total_differs")).order
    assert order.total - sum(line.qty * line.unit_price for line in order.lines) == 5000
    assert order.extra_charges == ()


def test_an_unlinked_product_has_no_item_at_alegra(world):
    line = event(world, trap="unlinked_product")["order_items"][0]
    known = {v.id_variant: v for v in catalogue.variations()}
    assert known[line["id_variant"]].alegra is None


def test_the_phone_may_be_a_number_and_the_items_otherwise_spelled(world):
    assert isinstance(event(world, trap="phone_number")["customer"]["phone"], int)
    assert "order_items" not in event(world, trap="order_Items")


def test_facts_change_what_an_event_tells(world):
    world.facts(
        identification_in_event=False,
        warehouse_in_event=False,
        items_key="order_Items",
        payment_words={"prepaid": "pia"},
    )
    body = event(world, prepaid=True)
    assert "documentNumber" not in body["customer"]
    assert "warehouse" not in body
    assert "order_Items" in body
    assert body["order_transaction"]["payment_method"] == "pia"


def test_prices_can_come_without_iva(world):
    line = {"id_variant": 118207, "quantity": 1}
    asked = {"order_items": [line], "additional_charge": []}
    world.facts(price_includes_tax=False)
    body = event(world, order=asked)
    known = next(v for v in catalogue.variations() if v.id_variant == 118207)
    assert known.iva == "19"
    assert body["order_items"][0]["price"] == round(known.price / 1.19, 2)
    assert body["order_transaction"]["total"] == known.price


@pytest.mark.parametrize(
    "asked",
    [
        {"trap": "no existe"},
        {"events": ["Pedido Volador"]},
        {"events": []},
        {"status": "8"},
        {"order": {"order_items": [{"id_variant": 1}]}},
        {"order": {"order_items": [3]}},
        {"order": {"order_transaction": None}},
        {"order": "x"},
        {"business_id": 1},
        {"copies": "dos"},
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(world, asked):
    answer = world.control("POST", "orders", {"business_id": 7331, **asked})
    assert answer.status == 400
    assert answer.body["message"]


def test_a_taken_number_is_refused(world):
    world.order(order={"id_order": 55})
    answer = world.control("POST", "orders", {"business_id": 7331, "order": {"id_order": 55}})
    assert answer.status == 400


def test_the_ordinary_traps_exist():
    assert set(ORDINARY) <= set(TRAPS)
