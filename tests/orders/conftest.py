from __future__ import annotations

import pytest

from integrations.orders.models import OrderEvent
from integrations.orders.record import record_order
from integrations.scoping.context import scope
from tests import cast as casting
from tests.orders.tellings import moment, parsed


@pytest.fixture
def integration(cast):
    found = casting.make_integration(cast.organization, key="llave", key_last4="lave")
    with scope(cast.organization.pk):
        yield found


@pytest.fixture
def tell(integration):
    """tell(status, at, received) records one delivery and gives the outcome."""

    def told(status=8, at="2026-11-07T19:41:55Z", received="8 10:00", signed=True, **changes):
        source = changes.pop("source", OrderEvent.Source.WEBHOOK)
        read = parsed(status, at, **changes)
        return record_order(
            integration,
            read.order,
            now=moment(received),
            signed=signed,
            source=source,
            problems=read.problems,
        )

    return told
