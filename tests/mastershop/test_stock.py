from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integrations.mastershop.stock import (
    MovedItem,
    StockLevel,
    Warehouse,
    parse_movement,
    read_level,
    read_warehouse,
)

MOVEMENT = {
    "eventName": "Movimiento de inventario",
    "id_business": 7331,
    "idWarehouse": 61,
    "movementId": 88,
    "reason": "sale",
    "id_order": 904417,
    "items": [{"id_variant": 430771, "quantity": -2, "stock": 38}],
    "date": "2026-11-03T14:05:12Z",
}


def test_a_bodega_is_read():
    entry = {
        "idWarehouse": 61,
        "name": "Bodega Fontibón",
        "city": "Bogotá",
        "state": "Cundinamarca",
        "cityDaneCode": "11001000",
        "isActive": True,
    }
    assert read_warehouse(entry) == Warehouse(
        "61", "Bodega Fontibón", "Bogotá", "Cundinamarca", "11001000", True
    )


def test_a_bodega_that_does_not_say_is_active():
    assert read_warehouse({"idWarehouse": 61}).is_active
    assert not read_warehouse({"idWarehouse": 61, "isActive": False}).is_active


def test_a_level_needs_its_variation_and_its_stock():
    entry = {"idProduct": 1, "idVariant": 2, "stock": 0}
    assert read_level(entry) == StockLevel("1", "2", Decimal(0))
    assert read_level({"idProduct": 1, "idVariant": 2}) is None
    assert read_level({"idProduct": 1, "stock": 3}) is None


@pytest.mark.parametrize("wrap", [lambda body: body, lambda body: {"data": body}])
def test_a_movement_is_read(wrap):
    movement = parse_movement(wrap(MOVEMENT))
    assert (movement.movement_id, movement.warehouse_id, movement.order_id) == (
        "88",
        "61",
        "904417",
    )
    assert (movement.reason, movement.business_id) == ("sale", "7331")
    assert movement.items == (MovedItem("430771", Decimal(-2), Decimal(38)),)
    assert movement.moved_at == datetime(2026, 11, 3, 14, 5, 12, tzinfo=UTC)
    assert movement.is_complete


def test_a_movement_with_an_unreadable_item_says_so():
    body = MOVEMENT | {"items": [{"id_variant": 430771, "quantity": -2}, {"quantity": 1}]}
    movement = parse_movement(body)
    assert len(movement.items) == 1
    assert not movement.is_complete


@pytest.mark.parametrize("missing", ["movementId", "idWarehouse"])
def test_without_its_ids_there_is_no_movement(missing):
    assert (
        parse_movement({name: told for name, told in MOVEMENT.items() if name != missing}) is None
    )
