"""10,000 events over 32 connections: each is acknowledged, within a second."""

from __future__ import annotations

import os

import pytest

from tests.checks import kept
from tests.checks.machine import figure
from tests.checks.storm import cpu, inside
from tests.checks.storm.storming import storm
from tests.checks.storm.tenants import shots

pytestmark = pytest.mark.timeout(1800)

EVENTS = int(os.environ.get("STORM_EVENTS", 10_000))


@pytest.mark.parametrize("keeps_open", [True, False], ids=["kept", "anew"])
def test_ten_thousand_events_over_32_connections_are_all_taken(portal, keeps_open):
    tenants = inside.ask(portal, "tenants", 50)
    sent = list(shots(portal, tenants, range(EVENTS)))
    before = cpu.spent(portal)
    outcome = storm(sent, connections=32, keeps_open=keeps_open)
    used = cpu.between(before, cpu.spent(portal))
    how = "kept open" if keeps_open else "one each"
    outcome.keep(kept.folder() / f"flood-{'kept' if keeps_open else 'anew'}.jsonl")
    figure(f"{EVENTS} events of 50 businesses, 32 connections {how}: {outcome}; CPU {used}")
    assert outcome.statuses == {200: EVENTS}
    stored = inside.ask(portal, "events", *(tenant["id"] for tenant in tenants))
    assert len(stored) == EVENTS
    if os.environ.get("DATABASE_URL"):
        assert outcome.percentile(0.99) <= 1.0
