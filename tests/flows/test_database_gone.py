"""The database hangs, is cut off or locked: people and senders are told so, and soon after it is
back everything moves. In full length: `tests/checks/resilience/`."""

from __future__ import annotations

import sqlite3
import time

import pytest

from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, slowest, statuses, summary
from tests.relay import Relay, socket_folder

pytestmark = pytest.mark.timeout(240)

# As promised: an answer within, and all well within so long after.
ANSWERED = 5.0
WELL = 15.0
# Long enough for the first ones to lose their patience, and others to come after them.
GONE = 8.0


@pytest.fixture
def through_relay():
    """A portal whose processes reach PostgreSQL through a relay."""
    portal = LivePortal()
    url = portal._environment.get("DATABASE_URL")
    if not url:
        portal.discard()
        pytest.skip("needs PostgreSQL")
    with Relay(socket_folder(url)) as relay:
        portal._environment["DATABASE_URL"] = relay.through(url)
        with portal:
            yield portal, relay


def test_a_database_that_hangs_or_is_cut_off_stops_nobody_for_long(through_relay):
    portal, relay = through_relay
    session = portal.login("owner")
    with Watch(portal, session, first=910_000) as watch:
        for go, come_back in ((relay.hang, relay.go_on), (relay.cut_off, relay.come_back)):
            time.sleep(2)
            began = time.monotonic()
            go()
            time.sleep(GONE)
            ended = time.monotonic()
            come_back()
            took = watch.until_well("webhook", "page", seconds=WELL)
            told(watch, began + 0.5, ended)
            print(f"well {took:.1f} s after")
    for number in watch.taken[:: len(watch.taken) // 20]:
        portal.wait_for_document(number, seconds=60)
    lines = [line for line in portal.log("web").splitlines() if "does not answer" in line]
    said = [line for line in lines if "works again" not in line]
    # Twice it was gone, and each of two web processes says so itself.
    assert 1 <= len(said) <= 4, said


def told(watch: Watch, began: float, ended: float) -> None:
    """Of what was asked while it was gone."""
    print(summary(watch, began, ended))
    webhooks = watch.of("webhook", since=began, until=ended)
    pages = watch.of("page", since=began, until=ended)
    health = watch.of("healthz", since=began, until=ended)
    assert slowest(webhooks) <= ANSWERED
    assert slowest(pages) <= ANSWERED
    assert set(statuses(webhooks)) == {503}
    assert set(statuses(pages)) == {503}
    assert all("El portal no responde por un momento" in page.text for page in pages)
    assert set(statuses(health)) == {200}


def test_a_locked_sqlite_stops_nobody_for_long():
    with LivePortal() as portal:
        if "DATABASE_URL" in portal._environment:
            pytest.skip("needs SQLite")
        session = portal.login("owner")
        other = sqlite3.connect(portal.var / "portal.sqlite3", isolation_level=None, timeout=10)
        with Watch(portal, session, first=920_000) as watch:
            time.sleep(2)
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            time.sleep(GONE)
            ended = time.monotonic()
            other.execute("ROLLBACK")
            took = watch.until_well("webhook", "page", seconds=WELL)
        other.close()
        print(f"{summary(watch, began, ended)}; well {took:.1f} s after")
        webhooks = watch.of("webhook", since=began, until=ended - ANSWERED)
        assert slowest(watch.of("webhook", since=began, until=ended)) <= ANSWERED
        assert set(statuses(webhooks)) == {503}
        # What only reads goes on.
        pages = watch.of("page", since=began, until=ended)
        assert slowest(pages) <= ANSWERED
        assert set(statuses(pages)) == {200}
        assert set(statuses(watch.of("healthz", since=began, until=ended))) == {200}
        while_gone = portal.log("web").partition("works again")[0].splitlines()
        said = [line for line in while_gone if "holds the database" in line]
        assert 1 <= len(said) <= 2, said
        for number in watch.taken[:: max(1, len(watch.taken) // 20)]:
            portal.wait_for_document(number, seconds=60)
