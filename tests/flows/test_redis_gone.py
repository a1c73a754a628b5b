"""Redis killed or hung: people and senders notice nothing, and every order becomes its document.

`./run check resilience` does the same with hundreds, for a minute each, at the product's times.
"""

from __future__ import annotations

import os
import time

import pytest

from tests.flows.live import LivePortal
from tests.flows.own_redis import OwnRedis
from tests.flows.redis_story import Story, gone

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_OWNER_URL"), reason="Redis comes with PostgreSQL only"
    ),
]


@pytest.fixture(scope="module")
def broker():
    with OwnRedis() as made:
        yield made


@pytest.fixture(scope="module")
def portal(broker):
    with LivePortal(environment={"REDIS_URL": broker.url}) as made:
        yield made


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_all_is_answered_and_done_while_redis_is_gone(portal, broker, how):
    story = Story(portal, first={"killed": 960_000, "hung": 970_000}[how])
    drafts, refused = story.drafts(12), story.refused(8)
    with gone(broker, how):
        session = story.sign_in()
        # One failure makes it quiet: what comes then is no slower, and the first neither.
        for _ in range(3):
            assert story.order_becomes_document() < 10
        story.asks_for_a_new_password()
        story.validates(session)
        story.emits(session, drafts)
        story.retries(session, refused)
        story.all_answered_soon()
    assert heard_again(portal, broker) < 15
    story.order_becomes_document()
    story.each_once()


def test_a_redis_that_was_emptied_loses_nothing(portal, broker):
    story = Story(portal, first=980_000)
    with broker.client() as client:
        for _ in range(5):
            story.order_becomes_document()
            client.flushall()
    story.each_once()


def heard_again(portal, broker) -> float:
    """Seconds until a worker listens at the broker again and leaves nothing there."""
    began = time.monotonic()

    def listens() -> bool:
        with broker.client() as client:
            asked = [each for each in client.client_list() if each["cmd"] == "brpop"]
            # Each asks anew every second; a connection that was given up does not.
            return any(int(each["idle"]) <= 1 for each in asked) and not client.llen("portal")

    portal.wait_for(lambda: listens() and (time.sleep(2) or listens()), "a worker", seconds=30)
    return time.monotonic() - began
