"""One live portal for all stories of a run: they use orders of their own and share the rest."""

from __future__ import annotations

import pytest

from tests.flows.live import LivePortal


def pytest_collection_modifyitems(items):
    """With several workers (`--dist loadgroup`) one of them has all stories, and the portal."""
    for item in items:
        if "portal" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="session")
def _live_portal():
    with LivePortal() as portal:
        yield portal


@pytest.fixture(scope="module")
def own_portal():
    """A portal of one file's own: what it leaves behind must not touch other stories."""
    with LivePortal() as portal:
        yield portal


@pytest.fixture
def portal(_live_portal: LivePortal):
    """The live portal, with no fault left from the story before."""
    yield _live_portal
    for side in ("alegra", "mastershop"):
        _live_portal.switches(side=side, faults=[])
