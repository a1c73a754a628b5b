"""Honest senders beside those who hold the door, at the times of the product."""

from __future__ import annotations

import json
import time

import pytest

from tests.checks import kept
from tests.checks.machine import figure
from tests.flows.live import LivePortal
from tests.flows.siege import Honest, Siege, share

pytestmark = pytest.mark.timeout(600)

SECONDS = 60
# Before it, so that the figures tell what it adds.
QUIET_SECONDS = 10
WELL_WITHIN = 5
SILENT, SLOW = 40, 100


@pytest.mark.parametrize("workers", [1, 2])
def test_honest_senders_are_answered_all_the_same(workers):
    with LivePortal(divisor=1, environment={"WEB_WORKERS": str(workers)}) as portal:
        quiet = Honest(portal, first=760_000).work(QUIET_SECONDS)
        with Siege(portal, silent=SILENT, slow=SLOW) as siege:
            honest = Honest(portal, first=770_000).work(SECONDS)
        time.sleep(WELL_WITHIN)
        after = Honest(portal, first=790_000).work(QUIET_SECONDS)
        raw = {"quiet": quiet, "honest": honest, "after": after}
        (kept.folder() / f"workers-{workers}.json").write_text(
            json.dumps({n: {"webhooks": r.webhooks, "health": r.health} for n, r in raw.items()})
        )
        for name, run in raw.items():
            figure(
                f"{workers} web workers, {name}: {len(run.webhooks)} webhooks, p50"
                f" {share(run.webhooks, 0.5):.3f} s, p99 {share(run.webhooks, 0.99):.3f} s;"
                f" /healthz at most {share(run.health, 1):.3f} s"
            )
        # Each was ended after fifteen seconds and came again.
        assert siege.ended >= 2 * (SILENT + SLOW)
        assert honest.answers == {200}
        assert share(honest.webhooks, 0.99) <= 1
        assert share(honest.health, 1) <= 0.5
        assert after.answers == {200}
        assert share(after.webhooks, 0.95) <= 1
