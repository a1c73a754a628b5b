"""Two live portals for the stories of a run, which use orders of their own and share the rest."""

from __future__ import annotations

import pytest

from tests.flows.live import LivePortal


@pytest.fixture(scope="session")
def _live_portal():
    with LivePortal() as portal:
        yield portal


@pytest.fixture(scope="session")
def rough_portal():
    """For stories that leave much behind: killed workers, hundreds of orders, odd buyers."""
    with LivePortal() as portal:
        yield portal


@pytest.fixture
def portal(_live_portal: LivePortal):
    """The live portal, with no fault left from the story before."""
    yield _live_portal
    for side in ("alegra", "mastershop"):
        _live_portal.switches(side=side, faults=[])
