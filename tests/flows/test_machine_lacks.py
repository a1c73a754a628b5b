"""No file handle or no room on the disk: said once, and well by itself soon after. In full length,
and memory too: `tests/checks/resilience/`."""

from __future__ import annotations

import time

import pytest
import requests

from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, slowest, statuses, summary, warm
from tests.flows.starved import Refused, SmallDisk, busy_seconds, serving, wait, without_handles

pytestmark = [pytest.mark.timeout(240), pytest.mark.one_database]

WELL = 15.0
ANSWERED = 5.0


def test_a_full_disk_loses_nothing_that_was_taken():
    portal = LivePortal()
    try:
        disk = SmallDisk(portal, megabytes=120)
        with disk, portal:
            warm(portal, 939_000)
            session = portal.login("owner")
            worker = portal.pids()["worker"]
            with Watch(portal, session, first=930_000, senders=5) as watch:
                time.sleep(2)
                with disk.full():
                    began, ended = wait(8)
                    ready = requests.get(f"{portal.url}/readyz", timeout=10)
                took = watch.until_well("webhook", "page", seconds=WELL)
            print(f"{summary(watch, began, ended)}; well {took:.1f} s after")
            assert ready.status_code == 503
            assert ready.json()["reason"] == "no room left on the disk"
            while_full = watch.of("webhook", since=began, until=ended)
            assert set(statuses(while_full)) <= {200, 503}
            assert 503 in statuses(while_full)
            assert slowest(while_full) <= ANSWERED
            assert set(statuses(watch.of("healthz", since=began, until=ended))) == {200}
            for number in watch.taken:
                portal.wait_for_document(number, seconds=90)
            # Nobody had to be started again.
            assert portal.pids()["worker"] == worker
            said = [line for line in portal.log("web").splitlines() if "no room left" in line]
            assert said, portal.log("web")[-2000:]
    except Refused as reason:
        pytest.skip(str(reason))
    finally:
        portal.discard()


def test_without_file_handles_it_says_so_once_and_is_well_soon_after():
    with LivePortal() as portal:
        warm(portal, 949_000)
        session = portal.login("owner")
        with Watch(portal, session, first=940_000, senders=5) as watch:
            time.sleep(2)
            with without_handles(portal):
                pids = serving(portal)
                used = {pid: busy_seconds(pid) for pid in pids}
                began, ended = wait(6)
                used = {pid: busy_seconds(pid) - before for pid, before in used.items()}
            took = watch.until_well("webhook", "page", seconds=WELL)
        print(f"{summary(watch, began, ended)}; well {took:.1f} s after; CPU {used}")
        # A loop that spins takes all that it can get.
        assert max(used.values()) < 0.6 * (ended - began)
        for name in ("web", "worker"):
            lines = [line for line in portal.log(name).splitlines() if "no file handle" in line]
            assert len([line for line in lines if "ulimit -n" in line]) <= 2
        assert "ulimit -n" in portal.log("web")
        assert "ulimit -n" in portal.log("worker")
        for number in watch.taken:
            portal.wait_for_document(number, seconds=90)
