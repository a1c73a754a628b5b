import json
from datetime import UTC, datetime
from decimal import Decimal

from integrations.mastershop.orders import (
    Address,
    Charge,
    Customer,
    Line,
    NormalisedOrder,
    Tracking,
)

ORDER = NormalisedOrder(
    order_id="904417",
    external_id="WEB-20881",
    status="delivered",
    status_id=8,
    updated_at=datetime(2026, 11, 7, 19, 41, 55, tzinfo=UTC),
    customer=Customer(name="Luz Dary Peña", doc_number="52998117"),
    ship_to=Address(city="Medellín"),
    lines=(Line("118203", "", "SKU", "Termo", "Negro", Decimal(2), Decimal("79900.50")),),
    extra_charges=(Charge("Envío", Decimal(15100)),),
    discount=Decimal("0.1"),
    total=Decimal("174900.00"),
    tracking=Tracking(code="70001234567"),
    notes=("Llamar",),
)


def test_an_order_comes_back_from_json_unchanged():
    assert NormalisedOrder.from_json(json.loads(json.dumps(ORDER.to_json()))) == ORDER


def test_amounts_travel_as_text():
    stored = ORDER.to_json()
    assert stored["total"] == "174900.00"
    assert stored["lines"][0]["unit_price"] == "79900.50"


def test_a_bare_order_comes_back_too():
    bare = NormalisedOrder(order_id="1")
    assert NormalisedOrder.from_json(json.loads(json.dumps(bare.to_json()))) == bare


def test_a_snapshot_from_before_a_field_existed_can_be_read():
    stored = ORDER.to_json()
    del stored["warehouse_name"], stored["tags"], stored["discount"]
    assert NormalisedOrder.from_json(stored).discount == 0
