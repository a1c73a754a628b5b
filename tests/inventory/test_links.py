from __future__ import annotations

import pytest

from integrations.audit.models import AuditEntry
from integrations.inventory.bodegas import add_by_name
from integrations.inventory.ledger import Movement, expect
from integrations.inventory.links import (
    WarehouseRefused,
    link_warehouse,
    set_default,
    unlink_warehouse,
)
from integrations.inventory.models import WarehouseLink
from tests.catalog.conftest import NOW


@pytest.fixture
def two(make_bodega, make_warehouse, released):
    make_warehouse("1", "Principal")
    make_warehouse("2", "MasterShop")
    first = link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    second = link_warehouse(bodega=make_bodega("Cali", "b2"), warehouse="2", by="Ana")
    released.calls.clear()
    return first, second


def defaults():
    return list(WarehouseLink.objects.filter(is_default=True))


def test_the_first_is_the_default_and_frees_both_kinds(make_bodega, make_warehouse, released):
    make_warehouse()
    released.count = 4
    link = link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    assert (link.is_default, link.moves, link.released) == (True, "documents", 8)
    assert released.calls == [("warehouse_unlinked", "b1"), ("default_warehouse_missing", "")]


def test_there_is_always_exactly_one_default(two, released):
    first, second = two
    assert defaults() == [first]
    set_default(second, by="Ana")
    assert defaults() == [second]
    assert ("default_warehouse_missing", "") in released.calls
    link_warehouse(bodega=first.bodega, warehouse="1", is_default=True, by="Ana")
    assert defaults() == [first]
    link_warehouse(bodega=first.bodega, warehouse="1", is_default=False, by="Ana")
    assert defaults() == [first], "it is not given up without another"


def test_the_default_goes_last(two):
    first, second = two
    with pytest.raises(WarehouseRefused):
        unlink_warehouse(first, by="Ana")
    unlink_warehouse(second, by="Ana")
    unlink_warehouse(first, by="Ana")
    assert not WarehouseLink.objects.exists()


def test_one_alegra_bodega_serves_one_bodega(two, make_bodega):
    with pytest.raises(WarehouseRefused) as refusal:
        link_warehouse(bodega=make_bodega("Pasto", "b3"), warehouse="1", by="Ana")
    assert str(refusal.value.sentence) == "«Principal» ya está relacionada con la bodega «Bogotá»."


@pytest.mark.parametrize("facts", [{"missing_since": NOW}, {"is_active": False}])
def test_an_alegra_bodega_that_is_gone_is_refused(make_bodega, make_warehouse, released, facts):
    make_warehouse(**facts)
    with pytest.raises(WarehouseRefused):
        link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")


def test_a_bodega_known_by_name_frees_orders_that_wait_without_an_id(
    integration, make_warehouse, released
):
    make_warehouse()
    link_warehouse(bodega=add_by_name(integration, "Cali", by="Ana"), warehouse="1", by="Ana")
    assert ("warehouse_unlinked", "") in released.calls
    assert ("warehouse_unlinked", "nombre:cali") in released.calls


def test_the_ledger_outlives_the_link(two, integration):
    _first, second = two
    [row] = expect(
        integration=integration,
        origin="document",
        source_id="d1",
        movements=[Movement(quantity=1, link=second)],
        now=NOW,
    )
    unlink_warehouse(second, by="Ana")
    row.refresh_from_db()
    assert row.link is None


def test_every_act_leaves_a_trace(two):
    first, second = two
    link_warehouse(bodega=second.bodega, warehouse="2", whose="supplier", by="Ana")
    set_default(second, by="Ana")
    unlink_warehouse(first, by="Ana")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "warehouse_link.create",
        "warehouse_link.create",
        "warehouse_link.change",
        "warehouse_link.default",
        "warehouse_link.delete",
    ]


def test_orders_that_waited_for_a_gone_warehouse_are_freed_by_another_link(
    make_bodega, make_warehouse, released
):
    bodega = make_bodega()
    for alegra_id in ("1", "2"):
        make_warehouse(alegra_id, f"Bodega {alegra_id}")
    link = link_warehouse(bodega=bodega, warehouse="1", by="Ana")
    assert not [call for call in released.calls if call[0] == "warehouse_gone"]
    link_warehouse(bodega=bodega, warehouse="2", by="Ana")
    assert ("warehouse_gone", "1") in released.calls
    unlink_warehouse(link, by="Ana")
    assert ("warehouse_gone", "2") in released.calls


def test_another_default_frees_what_waited_for_the_gone_one(two, released):
    first, second = two
    set_default(second, by="Ana")
    assert ("warehouse_gone", "1") in released.calls
    released.calls.clear()
    link_warehouse(bodega=first.bodega, warehouse="1", is_default=True, by="Ana")
    assert ("warehouse_gone", "2") in released.calls
