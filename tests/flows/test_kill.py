"""kill -9 of the worker in the middle of many orders: each has its document, none has two.

Runs on the embedded broker in one half of the tests and on Redis in the other.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.sending.marker import MARKER

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def _live_portal(rough_portal):
    return rough_portal


ORDERS = 200


def test_a_worker_killed_twice_in_two_hundred_orders_doubles_and_loses_none(portal):
    portal.switches(rate_limit={"per_minute": 100_000, "window": "fixed", "per": "user",
                                "headers": True})  # fmt: skip
    # A little slowness, so that the kill meets calls under way.
    portal.switches(faults=[{"fault": "latency", "method": "POST", "path": "/invoices",
                             "seconds": 0.05, "probability": 1, "seed": 7}])  # fmt: skip
    numbers = range(750_000, 750_000 + ORDERS)
    before = len(portal.ledger()["invoices"])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(portal.post_order, numbers))
    for progress in (20, 90):
        portal.wait_for(
            lambda p=progress: time.sleep(0.3) or len(portal.ledger()["invoices"]) - before >= p,
            f"{progress} documents",
            seconds=60,
        )
        portal.kill_worker()

    def made():
        # The whole ledger is much to ask for ten times a second.
        time.sleep(0.5)
        rows = [row for row in portal.ledger()["invoices"] if not row["_deleted_at"]]
        return [row for row in rows if _number(row) in numbers]

    portal.wait_for(lambda: len(made()) >= ORDERS, "all documents", seconds=120)
    # Whatever is still looked for is settled: nobody sends again.
    time.sleep(5)
    markers = Counter(MARKER.search(row["observations"]).group() for row in made())
    assert len(markers) == ORDERS
    assert set(markers.values()) == {1}


def _number(row) -> int:
    words = (row["observations"] or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
