"""*Emitir* over hundreds of drafts: the plan adds up, and a killed worker changes nothing of it.

315 drafts, of which a person edited 12 in Alegra and deleted 3, and 5 orders were returned: 295 are
planned, and exactly these are emitted, each once. Takes about five minutes, on both databases.
"""

from __future__ import annotations

import pytest

from tests.flows.all_drafts import Story, exactly_these_are_emitted
from tests.flows.live import LivePortal

pytestmark = pytest.mark.timeout(900)

STORY = Story(drafts=315, edited=12, deleted=3, returned=5, killed_at=(40, 150))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_315_drafts_295_are_emitted_once_whoever_dies(request, database):
    if database == "postgresql":
        request.getfixturevalue("servers")
    with LivePortal() as portal:
        assert STORY.goes == 295
        exactly_these_are_emitted(portal, STORY)
