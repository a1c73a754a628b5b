from __future__ import annotations

from datetime import timedelta

import responses

from integrations.connections import reads
from integrations.inventory import tasks
from integrations.inventory.bodegas import (
    add_by_name,
    find,
    refresh,
    seen_in_order,
    store_bodegas,
)
from integrations.inventory.links import link_warehouse
from integrations.inventory.models import Bodega
from integrations.mastershop.stock import read_warehouse
from integrations.scoping import context
from tests.catalog.conftest import NOW

WAREHOUSES = "https://prod.api.mastershop.com/api/warehouses"
LATER = NOW + timedelta(hours=7)


def told(number="b1", name="Bogotá", **extra):
    return read_warehouse({"idWarehouse": number, "name": name, "city": "Bogotá", **extra})


def test_an_order_makes_the_bodega_it_names(integration):
    row = seen_in_order(integration, "b1", "Bogotá", NOW)
    assert (row.source, row.name) == ("order", "Bogotá")
    assert seen_in_order(integration, "b1", "Otro nombre", NOW) == row
    assert seen_in_order(integration, "", "", NOW) is None


def test_a_bodega_named_without_its_id_is_the_one_of_that_name(integration, make_bodega):
    row = make_bodega("Bodega Norte")
    assert find(integration, "", "bodega  NORTE") == row
    make_bodega("bodega norte", "b2")
    assert find(integration, "", "Bodega Norte") is None, "two of that name are nobody"


def test_what_a_person_wrote_is_found_when_it_turns_up_with_an_id(
    integration, make_warehouse, released
):
    make_warehouse()
    row = add_by_name(integration, "Bogotá", by="Ana")
    link = link_warehouse(bodega=row, warehouse="1", by="Ana")
    assert add_by_name(integration, "bogota", by="Ana") == row
    seen = seen_in_order(integration, "b77", "BOGOTÁ", NOW)
    assert (seen.pk, seen.source_id) == (row.pk, "b77")
    assert seen.link == link
    assert ("warehouse_unlinked", "b77") in released.calls


def test_the_list_of_the_api_takes_over_what_was_known(integration):
    seen_in_order(integration, "b1", "b1", NOW)
    add_by_name(integration, "Cali", by="Ana")
    assert store_bodegas(integration, [told(), told("b2", "Cali")], now=LATER) == 2
    assert set(Bodega.objects.values_list("source_id", "name", "source")) == {
        ("b1", "Bogotá", "api"),
        ("b2", "Cali", "api"),
    }


def test_what_vanished_keeps_its_row_and_an_empty_list_hides_nothing(integration):
    store_bodegas(integration, [told(), told("b2", "Cali")], now=NOW)
    store_bodegas(integration, [], now=LATER)
    assert not Bodega.objects.exclude(missing_since=None).exists()
    store_bodegas(integration, [told()], now=LATER)
    gone = Bodega.objects.get(source_id="b2")
    assert gone.missing_since == LATER
    assert seen_in_order(integration, "b2", "Cali", LATER).missing_since is None


def test_closed_bodegas_are_not_offered(integration):
    assert store_bodegas(integration, [told(isActive=0)], now=NOW) == 0


def test_an_api_without_bodegas_is_said_in_a_sentence(integration):
    integration.source.key = "llave"
    with responses.RequestsMock() as mock:
        mock.get(WAREHOUSES, status=404, json={})
        assert refresh(integration) == "MasterShop no ofrece esta lista todavía."
    state = reads.state_of(reads.Kind.BODEGAS, integration)
    assert state.error == "MasterShop no ofrece esta lista todavía."


def test_the_task_reads_only_integrations_with_a_key(integration):
    with responses.RequestsMock() as mock, context.unscoped("as a worker starts"):
        tasks.refresh_due()
        assert len(mock.calls) == 0
        mock.get(WAREHOUSES, json={"results": [{"idWarehouse": "b1", "name": "Bogotá"}]})
        integration.source.key, integration.source.key_last4 = "llave-1234", "1234"
        integration.source.save()
        tasks.refresh_due()
        tasks.refresh_due()
        assert len(mock.calls) == 1, "it is young now"
        assert Bodega.objects.get().name == "Bogotá"
