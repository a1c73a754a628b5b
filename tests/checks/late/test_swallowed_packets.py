"""A request that the network swallows does not arrive later, whatever became of its worker.

Nine workers at the times of the product: packets are swallowed for 40, 60 and 150 seconds, and
the process lives, is killed, or is stopped. Takes about eight minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from integrations.simulators.local import Running, start_local
from integrations.timekeeping import clock
from tests.cast import make_organization
from tests.checks.late.network import Network, Refused
from tests.documents.engine import make_engine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1500)]

# Seconds, and the address of the far side for which packets are swallowed so long.
SWALLOWED = {40: "10.77.3.40", 60: "10.77.3.60", 150: "10.77.3.150"}
WORKERS = ["plain", "killed", "paused"]
# Without a limit a swallowed request was seen to arrive 213 seconds after it was sent.
HOLD = 260


class Far(Running):
    """The stand-ins as they are reached at one address."""

    address: str

    @property
    def alegra_root(self) -> str:
        return f"http://{self.address}:{self.alegra_server.port}"


@pytest.fixture
def network():
    try:
        with Network(list(SWALLOWED.values())) as made:
            yield made
    except Refused as refusal:
        pytest.skip(str(refusal))


@pytest.fixture
def far_sides(network, tmp_path):
    """The stand-ins, once for each address."""
    with network.in_far():
        running = start_local(tmp_path, host="0.0.0.0")
    sides = {}
    for seconds, address in SWALLOWED.items():
        sides[seconds] = Far(**vars(running))
        object.__setattr__(sides[seconds], "address", address)
    yield sides
    running.stop()


def test_a_request_that_was_swallowed_arrives_at_no_time_after_the_second_look(
    network, far_sides, settings, db
):
    with clock.frozen(datetime.now(UTC)) as at:
        merchants = {
            seconds: [merchant_of(side, at, settings) for _ in WORKERS]
            for seconds, side in far_sides.items()
        }
        rows = {
            seconds: [
                [how, merchant.document(delivered(merchant)).pk]
                for how, merchant in zip(WORKERS, of_side, strict=True)
            ]
            for seconds, of_side in merchants.items()
        }
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    running = {s: worker(name, far_sides[s], rows[s]) for s in SWALLOWED}
    for process in running.values():
        assert told(process) == [True] * len(WORKERS), "each is stopped before its first byte"
    for seconds, process in running.items():
        network.swallow(SWALLOWED[seconds])
        say(process, "go")
    waking = [
        threading.Thread(target=let_through_after, args=(network, s, time.monotonic()))
        for s in SWALLOWED
    ]
    for thread in waking:
        thread.start()
    seen = {seconds: told(process) for seconds, process in running.items()}
    for thread in waking:
        thread.join()
    print("\nstate, looks, sends:", seen)
    arrived = {s: [creates(merchant) - 1 for merchant in merchants[s]] for s in SWALLOWED}
    print("arrived:", arrived)
    assert arrived == {seconds: [0] * len(WORKERS) for seconds in SWALLOWED}
    assert all(row == ["pending", 2, 1] for of_side in seen.values() for row in of_side)
    # And then each comes to be, once.
    for process in running.values():
        say(process, "on")
    for process in running.values():
        assert [state for state, *_ in told(process)] == ["created"] * len(WORKERS)
        assert process.wait(timeout=60) == 0
    for merchant in (each for of_side in merchants.values() for each in of_side):
        assert len(merchant.remissions()) == 2


def merchant_of(side, at, settings):
    """A merchant with one remission already: its buyer and its total are known."""
    settings.SIMULATED_ALEGRA_URL = side.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = side.mastershop_url
    home = SimpleNamespace(organization=make_organization())
    merchant = make_engine(home, side, at, kind="remission", mode="definitive")
    first = delivered(merchant)
    merchant.run()
    assert merchant.document(first).state == "created"
    return merchant


def delivered(merchant):
    then = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return merchant.order(date_created_order=then, updated=then)


def creates(merchant) -> int:
    import requests

    rows = requests.get(f"{merchant.root}/_control/calls", timeout=10).json()
    mine = [row for row in rows if row["user"] == merchant.company["alegra_user"]]
    return sum(
        row["method"] == "POST" and row["path"].endswith("/api/v1/remissions") for row in mine
    )


def worker(database: str, side, rows: list) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.checks.late.workers", database, str(HOLD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mastershop_alegra.settings",
            "SIMULATED_ALEGRA_URL": side.alegra_url,
            "SIMULATED_MASTERSHOP_URL": side.mastershop_url,
            "LOG_LEVEL": "CRITICAL",
        },
    )
    say(process, json.dumps(rows))
    return process


def say(process: subprocess.Popen, line: str) -> None:
    process.stdin.write(line + "\n")
    process.stdin.flush()


def told(process: subprocess.Popen):
    line = process.stdout.readline()
    assert line, f"a worker ended with {process.wait(timeout=10)}"
    return json.loads(line)


def let_through_after(network, seconds: int, began: float) -> None:
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    network.let_through(SWALLOWED[seconds])
