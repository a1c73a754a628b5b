"""*Emitir* over many drafts: the plan adds up, and a killed worker changes nothing of it.

The same over 315 drafts is in tests/checks/late.
"""

from __future__ import annotations

import pytest

from tests.flows.all_drafts import Story, exactly_these_are_emitted

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def _live_portal(rough_portal):
    return rough_portal


def test_all_drafts_that_may_go_are_emitted_once_whoever_dies(portal):
    story = Story(drafts=60, edited=3, deleted=2, returned=2, killed_at=(10, 30))
    exactly_these_are_emitted(portal, story)
