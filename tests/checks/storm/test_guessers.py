"""Senders that guess get 429, and who shares their address is served."""

from __future__ import annotations

import time

import pytest

from tests.checks import kept
from tests.checks.machine import figure
from tests.checks.storm import cpu, inside
from tests.checks.storm.storming import Shot, signed, storm, storms
from tests.checks.storm.tenants import shots

pytestmark = pytest.mark.timeout(900)

GUESSES = 5_000


def test_guesses_and_wrong_signatures_are_put_off_and_others_served(portal):
    broken, *others = inside.ask(portal, "tenants", 5)
    address = f"{portal.url}/webhooks/mastershop"
    guesses = [
        Shot(f"{address}/guess-{number}/", b"{}", (signed("x", b"{}"),), "guess")
        for number in range(GUESSES)
    ]
    wrong = list(shots(portal, [broken | {"secret": "wrong"}], range(GUESSES), label="wrong"))
    quiet = list(shots(portal, others, range(200), label="others"))
    before = cpu.spent(portal)
    # All from one address.
    outcome = storms((guesses, 8, 0.0), (wrong, 8, 0.0), (quiet, 1, 0.02))
    used = cpu.between(before, cpu.spent(portal))
    outcome.keep(kept.folder() / "guessers.jsonl")
    for label in ("guess", "wrong", "others"):
        figure(f"{label}: {outcome.of(label)}")
    figure(f"CPU {used}")
    assert set(outcome.of("guess").statuses) == {404, 429}
    assert set(outcome.of("wrong").statuses) == {401, 429}
    assert outcome.of("others").statuses == {200: 200}
    for label in ("guess", "wrong"):
        put_off = [each for each in outcome.of(label).answers if each.status == 429]
        assert len(put_off) > 0.8 * GUESSES
        assert all(each.headers.get("retry-after") for each in put_off)
    # The secret is put right: the next event but one is taken.
    time.sleep(2)
    mended = storm(shots(portal, [broken], range(90_000, 90_010)), connections=1)
    assert mended.statuses == {200: 10}
