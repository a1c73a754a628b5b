"""A minute without file handles, without memory, without room on the disk; and a web that is
stopped."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.checks.machine import figure
from tests.checks.resilience.minute import (
    WELL,
    all_documented,
    answered_in_time,
    one_minute,
)
from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, warm
from tests.flows.starved import (
    Refused,
    SmallDisk,
    busy_seconds,
    family,
    serving,
    without_handles,
    without_memory,
)

pytestmark = pytest.mark.timeout(900)

SILENT = 30.0


@pytest.fixture(autouse=True)
def _embedded(monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def starved(portal: LivePortal, first: int, name: str, lack) -> Watch:
    """A minute in it, in which nothing spins."""
    warm(portal, first)
    session = portal.login("owner")
    held = lack(portal)
    used: dict[int, float] = {}

    def go() -> None:
        held.__enter__()
        used.update({pid: busy_seconds(pid) for pid in serving(portal)})

    def come_back() -> None:
        for pid, before in list(used.items()):
            used[pid] = busy_seconds(pid) - before
        held.__exit__(None, None, None)

    with Watch(portal, session, first=first + 1, rest=0.5) as watch:
        began, ended = one_minute(portal, watch, name, go, come_back)
    share = max(used.values()) / (ended - began)
    figure(f"{name}: the busiest process used {share:.0%} of a core")
    assert share < 0.6
    return watch


def test_a_minute_without_file_handles():
    with LivePortal() as portal:
        watch = starved(portal, 970_000, "no-handles", without_handles)
        for name in ("web", "worker"):
            lines = [each for each in portal.log(name).splitlines() if "ulimit -n" in each]
            assert 1 <= len(lines) <= 6, lines
        all_documented(portal, watch)


def test_a_minute_without_memory():
    with LivePortal() as portal:
        watch = starved(portal, 971_000, "no-memory", without_memory)
        all_documented(portal, watch)


def test_a_minute_on_a_full_disk():
    portal = LivePortal()
    try:
        with SmallDisk(portal, megabytes=150) as disk, portal:
            warm(portal, 972_000)
            session = portal.login("owner")
            worker = portal.pids()["worker"]
            full = disk.full()
            with Watch(portal, session, first=972_001, senders=5, rest=0.5) as watch:
                began, ended = one_minute(
                    portal,
                    watch,
                    "full-disk",
                    full.__enter__,
                    lambda: full.__exit__(None, None, None),
                )
            answered_in_time(watch, began, ended, pages={200, 503})
            all_documented(portal, watch)
            assert portal.pids()["worker"] == worker
    except Refused as reason:
        pytest.skip(str(reason))
    finally:
        portal.discard()


def test_a_web_that_is_stopped_is_started_again():
    with LivePortal() as portal:
        warm(portal, 973_000)
        session = portal.login("owner")
        old = portal.pids()["web"]
        with Watch(portal, session, first=973_001, senders=3, rest=0.5) as watch:
            time.sleep(3)
            began = time.monotonic()
            for pid in family(old):
                os.kill(pid, signal.SIGSTOP)
            portal.wait_for(lambda: portal.pids()["web"] != old, "another web", seconds=SILENT + 20)
            again = time.monotonic() - began
            took = watch.until_well("webhook", "page", seconds=WELL)
        figure(f"silent-web: started again after {again:.0f} s, well {took:.1f} s after that")
        assert SILENT - 1 <= again <= SILENT + 15
        said = [line for line in portal.said().splitlines() if "starting it again" in line]
        assert len(said) == 1
        assert "web gave no answer for" in said[0]
        all_documented(portal, watch)
