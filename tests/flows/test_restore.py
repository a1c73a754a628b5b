"""The portal's database goes back to an older copy while Alegra moved on: nothing is made twice."""

from __future__ import annotations

import pytest

from tests.flows import restored
from tests.flows.live import LivePortal

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def _live_portal():
    with LivePortal() as portal:
        yield portal


def test_what_was_made_after_the_copy_is_taken_and_what_waited_in_it_leaves(portal):
    restored.restored_after(portal, more=6, settle=4)


def test_a_database_that_goes_back_under_running_workers_makes_nothing_twice(portal):
    if not portal.database:
        pytest.skip("a file is not exchanged under who has it open")
    restored.goes_back_under_workers(portal, more=6, settle=4)
