"""Redis is killed, or stopped (SIGSTOP), for a minute each, at the times of the product.

Meanwhile people sign in, ask for a new password, validate a login, emit 200 drafts and try 300
orders again, and orders come alone: all of it is answered within 3 s and done. Then it is emptied
and killed under load. Three minutes each.
"""

from __future__ import annotations

import json
import statistics
import threading
import time

import pytest

from tests.checks import kept
from tests.checks.late.conftest import servers  # noqa: F401 - a PostgreSQL of its own
from tests.checks.machine import figure
from tests.flows.live import LivePortal
from tests.flows.own_redis import OwnRedis
from tests.flows.redis_story import Story, gone
from tests.flows.test_redis_gone import heard_again

pytestmark = pytest.mark.timeout(1200)

MINUTE = 60.0
DRAFTS, REFUSED = 200, 300
# Reliability reference, B8 and B13.
DOCUMENTED_LATER = 6.0
MOVING_AGAIN = 15.0
SETTLED = 180.0


@pytest.fixture
def broker():
    with OwnRedis() as made:
        yield made


def keep(portal: LivePortal, story: Story, name: str) -> None:
    folder = kept.folder()
    (folder / f"{name}.json").write_text(json.dumps(story.took, indent=1))
    for log in ("web", "worker", "beat"):
        (folder / f"{name}.{log}.log").write_text(portal.log(log))


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_a_minute_without_redis(servers, broker, how):  # noqa: F811
    with LivePortal(divisor=1, environment={"REDIS_URL": broker.url}) as portal:
        story = Story(portal, first=960_000)
        try:
            drafts, refused = story.drafts(DRAFTS), story.refused(REFUSED)
            usual = statistics.median(story.order_becomes_document() for _ in range(5))
            with gone(broker, how):
                began = time.monotonic()
                session = story.sign_in()
                alone = [story.order_becomes_document() for _ in range(6)]
                story.asks_for_a_new_password()
                story.validates(session)
                asked = {}
                for name, ask, numbers in (
                    ("Emitir", story.emits, drafts),
                    ("Reintentar", story.retries, refused),
                ):
                    asked[name] = ask(session, numbers)
                time.sleep(max(0.0, began + MINUTE - time.monotonic()))
                length = time.monotonic() - began
            again = heard_again(portal, broker)
            after = [story.order_becomes_document() for _ in range(3)]
            figure(
                f"redis {how} for {length:.0f} s: answers {rounded(story.took)}; done after "
                f"{rounded(asked)}; an order alone {usual:.1f} s before, {listed(alone)} "
                f"meanwhile, {listed(after)} after; heard again {again:.1f} s after"
            )
            assert max(alone) <= usual + DOCUMENTED_LATER
            assert again <= MOVING_AGAIN
            story.all_answered_soon()
            figure(f"{story.each_once()} orders, each has one document")
        finally:
            keep(portal, story, f"redis-{how}")


def test_a_redis_that_is_emptied_and_killed_under_load(servers, broker):  # noqa: F811
    with LivePortal(divisor=1, environment={"REDIS_URL": broker.url}) as portal:
        story = Story(portal, first=960_000)
        try:
            ends = threading.Event()

            def disturb() -> None:
                while not ends.wait(3):
                    with broker.client() as client:
                        client.flushall()
                    broker.kill()
                    broker.start()

            thread = threading.Thread(target=disturb)
            thread.start()
            try:
                for start in range(0, 400, 50):
                    story.orders(story.first + start, 50)
                    time.sleep(1)
            finally:
                ends.set()
                thread.join()
            settled = time.monotonic()
            story.wait_for_documents(story.taken, seconds=SETTLED)
            figure(f"settled {time.monotonic() - settled:.1f} s after the last disturbance")
            assert heard_again(portal, broker) <= MOVING_AGAIN
            figure(f"{story.each_once()} orders, each has one document")
        finally:
            keep(portal, story, "redis-emptied")


def rounded(took: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items())


def listed(took: list[float]) -> str:
    return " ".join(f"{seconds:.1f}" for seconds in took) + " s"
