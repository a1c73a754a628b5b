"""Two live portals for the stories of a run, which use orders of their own and share the rest."""

from __future__ import annotations

import pytest

from tests.flows.live import LivePortal

_open: list[LivePortal] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem):
    """A portal takes a tenth of a core even when nobody asks it: it ends with its last story."""
    if nextitem is None or nextitem.path.parent.name != "flows":
        while _open:
            _open.pop().stop()


def _opened():
    with LivePortal() as portal:
        _open.append(portal)
        yield portal


@pytest.fixture(scope="session")
def _live_portal():
    yield from _opened()


@pytest.fixture(scope="session")
def rough_portal():
    """For stories that leave much behind: killed workers, hundreds of orders, odd buyers."""
    yield from _opened()


@pytest.fixture
def portal(_live_portal: LivePortal):
    """The live portal, with no fault left from the story before."""
    yield _live_portal
    for side in ("alegra", "mastershop"):
        _live_portal.switches(side=side, faults=[])
