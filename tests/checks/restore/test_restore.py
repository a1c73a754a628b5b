"""After fifty more orders: 0 doubled, 0 lost, and the page says what is being checked."""

from __future__ import annotations

import pytest

from tests.flows import restored
from tests.flows.live import LivePortal

pytestmark = pytest.mark.timeout(1800)

MORE, SETTLE = 50, 60


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_restored_after_fifty_more_orders(request, database):
    if database == "postgresql":
        request.getfixturevalue("servers")
    with LivePortal(divisor=1) as portal:
        restored.restored_after(portal, more=MORE, settle=SETTLE)


@pytest.mark.usefixtures("servers")
def test_a_dump_is_loaded_under_running_workers():
    with LivePortal(divisor=1) as portal:
        restored.goes_back_under_workers(portal, more=MORE, settle=SETTLE)
