from __future__ import annotations

import pytest

from integrations.connections.models import ReferenceEntry
from integrations.inventory.models import Bodega
from tests.catalog.conftest import (  # noqa: F401
    NOW,
    company,
    integration,
    make_item,
    make_variant,
    organization,
    scoped,
    signed_in,
)


@pytest.fixture
def make_warehouse(company):  # noqa: F811
    def make(alegra_id="1", name="Principal", **extra):
        return ReferenceEntry.objects.create(
            company=company,
            kind=ReferenceEntry.Kind.WAREHOUSE,
            alegra_id=alegra_id,
            name=name,
            fetched_at=NOW,
            **extra,
        )

    return make


@pytest.fixture
def make_bodega(integration):  # noqa: F811
    def make(name="Bogotá", source_id="b1", **extra):
        return Bodega.objects.create(
            integration=integration, source_id=source_id, name=name, seen_at=NOW, **extra
        )

    return make


@pytest.fixture
def released(monkeypatch):
    """What was released; `count` is how many works each call frees."""
    from integrations.inventory import bodegas, links

    calls = []

    def fake(code, subject_key, *, integration, by=""):  # noqa: F811
        calls.append((code, subject_key))
        return fake.count

    fake.count = 0
    fake.calls = calls
    monkeypatch.setattr(links, "release", fake)
    monkeypatch.setattr(bodegas, "release", fake)
    return fake
