"""Drafts of one shop, and the portal as a person of its comercio has it."""

from __future__ import annotations

import pytest

from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.emitting.pages import Portal
from tests.history.factories import NOW, make_document, make_order


@pytest.fixture
def now():
    with clock.frozen(NOW) as frozen:
        yield frozen


@pytest.fixture
def shop(cast, now):
    return casting.make_integration(cast.organization)


@pytest.fixture
def draft(shop):
    """draft(total=…) → an order whose draft Alegra showed just now."""

    def make(total=100_000, state="created", order=None, **fields):
        order = make_order(shop, total=total, **(order or {}))
        fields.setdefault("alegra_id", str(order.pk))
        fields.setdefault("alegra_status", "draft")
        fields.setdefault("last_read_at", NOW)
        make_document(order, state, **fields)
        return order

    return make


@pytest.fixture
def portal(cast, login):
    return Portal(cast, login)
