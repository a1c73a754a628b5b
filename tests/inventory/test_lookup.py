from __future__ import annotations

import pytest

from integrations.connections import checklist as lines
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.inventory.checklist import warehouses
from integrations.inventory.links import link_warehouse
from integrations.inventory.lookup import warehouse_for
from integrations.sending.problem_kinds import sentence
from tests.catalog.conftest import NOW


@pytest.fixture
def linked(make_bodega, make_warehouse, released):
    make_warehouse()
    return link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")


def test_a_named_bodega_must_be_linked(integration, linked):
    assert warehouse_for(integration, "b1", "Bogotá").warehouse_id == "1"
    found = warehouse_for(integration, "b9", "Pasto")
    assert (found.warehouse_id, found.problem) == (None, "warehouse_unlinked")
    assert (found.subject_key, found.params) == ("b9", {"bodega": "Pasto"})


def test_a_bodega_named_without_an_id_is_found_by_its_name(integration, linked):
    assert warehouse_for(integration, "", "bogota").warehouse_id == "1"
    found = warehouse_for(integration, "", "Pasto")
    assert (found.problem, found.subject_key) == ("warehouse_unlinked", "nombre:pasto")


def test_an_order_that_names_none_takes_the_default(integration, linked):
    assert warehouse_for(integration, "", "").warehouse_id == "1"
    linked.delete()
    assert warehouse_for(integration, "", "").problem == "default_warehouse_missing"


def test_an_alegra_without_warehouses_needs_none(integration):
    integration.company.has_warehouses = False
    found = warehouse_for(integration, "b9", "Pasto")
    assert (found.warehouse_id, found.problem) == (None, None)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"missing_since": NOW}, "ya no existe en Alegra"),
        ({"is_active": False}, "está inactiva en Alegra"),
    ],
)
def test_a_link_to_a_warehouse_that_is_gone_or_inactive_is_named(integration, linked, facts, why):
    ReferenceEntry.objects.update(**facts)
    for bodega in ("b1", ""):
        found = warehouse_for(integration, bodega, "")
        assert (found.problem, found.subject_key) == ("warehouse_gone", "1")
        assert sentence(found.problem, found.params) == (
            f"La bodega de Alegra «Principal», pareja de Bogotá, {why}"
        )


def test_the_set_up_list_says_what_is_missing(integration, make_bodega, make_warehouse, released):
    missing = warehouses(integration)
    assert (missing.tone, missing.blocks) == ("fail", True)
    make_warehouse()
    link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    assert warehouses(integration).tone == "ok"
    ReferenceEntry.objects.update(missing_since=NOW)
    gone = warehouses(integration)
    assert (gone.tone, gone.blocks) == ("fail", True)
    AlegraCompany.objects.update(has_warehouses=False)
    integration.company.refresh_from_db()
    green = warehouses(integration)
    assert green.tone == "ok"
    assert "no maneja bodegas" in green.text


def test_both_rooms_have_their_line_in_the_list(integration):
    import integrations.urls  # noqa: F401

    titles = [line.title for line in lines.checklist_of(integration).lines]
    assert titles.index("Bodegas") < titles.index("Productos")
