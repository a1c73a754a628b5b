from __future__ import annotations

import pytest

from integrations.connections.models import ReferenceEntry
from integrations.inventory import curing
from integrations.inventory.links import link_warehouse
from integrations.sending.models import Cause
from tests.catalog.conftest import NOW


@pytest.fixture
def waiting(integration):
    for code, subject in [
        ("warehouse_unlinked", "b1"),
        ("warehouse_unlinked", "b9"),
        ("default_warehouse_missing", ""),
        ("warehouse_gone", "1"),
    ]:
        Cause.objects.create(
            integration=integration,
            code=code,
            subject_key=subject,
            label="…",
            first_at=NOW,
            last_at=NOW,
            open_count=1,
        )


@pytest.fixture
def freed(monkeypatch):
    calls = []
    monkeypatch.setattr(
        curing, "release", lambda code, key, *, integration: calls.append((code, key)) or 1
    )
    return calls


def test_a_warehouse_that_came_back_frees_its_orders(
    integration, waiting, make_bodega, make_warehouse, released, freed
):
    make_warehouse()
    link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    ReferenceEntry.objects.update(missing_since=NOW)
    assert curing.release_returned(integration) == 0
    ReferenceEntry.objects.update(missing_since=None)
    assert curing.release_returned(integration) == 3
    assert sorted(freed) == [
        ("default_warehouse_missing", ""), ("warehouse_gone", "1"), ("warehouse_unlinked", "b1"),
    ]  # fmt: skip


def test_an_alegra_without_warehouses_frees_all(integration, waiting, freed):
    integration.company.has_warehouses = False
    assert curing.release_returned(integration) == 4


def test_nothing_waiting_costs_one_query(integration, freed, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # of which two are the savepoint's
        assert curing.release_returned(integration) == 0
