"""One business's ten thousand events do not delay another's."""

from __future__ import annotations

import json
import os
import time

import pytest

from tests.checks import kept
from tests.checks.machine import figure
from tests.checks.storm import inside
from tests.checks.storm.storming import storm, storms
from tests.checks.storm.tenants import shots

pytestmark = pytest.mark.timeout(1800)

WAITING = int(os.environ.get("STORM_WAITING", 10_000))
# Of each of fifty.
EACH = int(os.environ.get("STORM_EACH", 100))
SINGLE = 20


def jain(values) -> float:
    """1.0 where all have the same, 1/n where one has it all."""
    return sum(values) ** 2 / (len(values) * sum(value**2 for value in values))


def waits(events) -> list[float]:
    """Seconds from the answer to the moment at which each was taken up to be interpreted."""
    return sorted(taken - received for _, received, taken, _ in events)


def p95(values) -> float:
    return values[min(len(values) - 1, int(0.95 * len(values)))]


def all_interpreted(portal, tenants):
    """Their events, once none waits."""
    ids = [tenant["id"] for tenant in tenants]

    def found():
        events = inside.ask(portal, "events", *ids)
        return events if all(taken for _, _, taken, _ in events) else None

    return portal.wait_for(found, "all events to be interpreted", seconds=1200)


def test_one_event_of_another_business_does_not_wait_for_ten_thousand(portal):
    flooding, quiet = inside.ask(portal, "tenants", 2)
    for alone in shots(portal, [quiet], range(SINGLE)):
        storm([alone], connections=1)
        time.sleep(0.5)
    before = all_interpreted(portal, [quiet])
    alone = waits(before)
    body = portal.order(1, id_status=4)
    inside.ask(portal, "waiting", WAITING, flooding["id"], body=body)
    began = max(received for _, received, _, _ in before)
    storm(shots(portal, [quiet], range(1000, 1000 + SINGLE)), connections=1, pause=0.5)
    events = portal.wait_for(
        lambda: _taken(inside.ask(portal, "events", flooding["id"], quiet["id"]), quiet["id"]),
        "the events of the quiet business to be taken up",
        seconds=120,
    )
    left = sum(taken is None for pk, _, taken, _ in events if pk == flooding["id"])
    beside = waits(each for each in events if each[0] == quiet["id"] and each[1] > began)
    (kept.folder() / "single.json").write_text(json.dumps({"alone": alone, "beside": beside}))
    figure(
        f"a single event is taken up, p95: alone {p95(alone):.2f} s, beside {WAITING} of another"
        f" business {p95(beside):.2f} s ({left} of them waited still)"
    )
    assert left
    assert p95(beside) <= max(2.0, 1.25 * p95(alone))


def test_fifty_equal_businesses_are_served_equally(portal):
    tenants = inside.ask(portal, "tenants", 50)
    # One after the other, so that who is served by age would be served unequally.
    ids = [tenant["id"] for tenant in tenants]
    inside.ask(portal, "waiting", EACH, *ids, body=portal.order(1, id_status=4))
    events = all_interpreted(portal, tenants)
    middle = sorted(taken for _, _, taken, _ in events)[len(events) // 2]
    counts = [
        sum(pk == tenant["id"] and taken <= middle for pk, _, taken, _ in events)
        for tenant in tenants
    ]
    (kept.folder() / "equal.json").write_text(json.dumps(counts))
    figure(
        f"50 businesses with {EACH} events each, when half of all are interpreted:"
        f" {min(counts)} to {max(counts)} of each, Jain {jain(counts):.4f}"
    )
    assert jain(counts) >= 0.98


def test_a_flood_to_one_address_leaves_the_others_their_answers(portal):
    flooding, *others = inside.ask(portal, "tenants", 5)
    quiet = list(shots(portal, others, range(60), label="others"))
    alone = storm(quiet, connections=1, pause=0.05)
    flood = shots(portal, [flooding], range(100_000, 100_000 + WAITING), label="flood")
    more = list(shots(portal, others, range(5000, 5060), label="others"))
    outcome = storms((_until(flood, seconds=20), 200, 0.0), (more, 1, 0.05))
    outcome.keep(kept.folder() / "one-address.jsonl")
    beside, flooded = outcome.of("others"), outcome.of("flood")
    figure(f"200 connections flood one address: {flooded}")
    figure(f"… others: alone {alone}; beside it {beside}")
    assert outcome.failures == 0
    # In one line with the flood each would wait as long as it does.
    assert beside.percentile(0.95) <= max(1.0, 0.5 * flooded.percentile(0.5))


def _taken(events, integration):
    """All events, once none of this integration waits."""
    return events if all(taken for pk, _, taken, _ in events if pk == integration) else None


def _until(shots_, *, seconds):
    ends = time.monotonic() + seconds
    for each in shots_:
        if time.monotonic() > ends:
            return
        yield each
