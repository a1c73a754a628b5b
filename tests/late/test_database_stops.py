"""PostgreSQL is stopped five times in ten minutes while orders come: no person is needed for it.

At the times of the product; takes about twelve minutes.
"""

from __future__ import annotations

import threading
import time
from collections import Counter

import psycopg
import pytest
import requests

from integrations.sending.marker import MARKER
from tests.flows.live import LivePortal
from tests.pgbox import Servers

pytestmark = pytest.mark.timeout(2400)

MINUTES = 10
STOPPED_AT = [60, 170, 280, 390, 500]
STOPPED_FOR = [20, 5, 40, 10, 30]
EVERY = 0.7
FIRST = 880_000


@pytest.fixture
def servers(monkeypatch):
    made = Servers()
    try:
        for name, value in made.start().items():
            monkeypatch.setenv(name, value)
        yield made
    finally:
        made.stop()


def test_five_stops_of_the_database_in_ten_minutes_need_nobody(servers):
    with LivePortal(divisor=1) as portal:
        portal.switches(
            rate_limit={"per_minute": 100_000, "window": "fixed", "per": "user", "headers": True}
        )
        before = len(portal.ledger()["invoices"])
        taken: list[int] = []
        ends = threading.Event()
        sender = threading.Thread(target=send_orders, args=(portal, taken, ends))
        sender.start()
        began = time.monotonic()
        for at, length in zip(STOPPED_AT, STOPPED_FOR, strict=True):
            time.sleep(max(0.0, began + at - time.monotonic()))
            servers.stop_postgresql()
            time.sleep(length)
            servers.start_postgresql()
        time.sleep(max(0.0, began + 60 * MINUTES - time.monotonic()))
        ends.set()
        sender.join()
        portal.wait_for(
            lambda: time.sleep(2) or len(portal.ledger()["invoices"]) - before >= len(taken),
            f"the documents of {len(taken)} orders",
            seconds=400,
        )
        # Whatever is still looked for is settled: nobody sends again.
        time.sleep(150)
        rows = portal.ledger()["invoices"][before:]
        markers = Counter(MARKER.search(row["observations"]).group() for row in rows)
        print(f"\n{len(taken)} orders, {len(rows)} documents, {known(servers, portal)}")
        assert len(markers) == len(taken)
        assert set(markers.values()) == {1}
        assert known(servers, portal) == {"created": len(taken)}
        assert ours(servers, portal) == 0


def send_orders(portal: LivePortal, taken: list[int], ends: threading.Event) -> None:
    """One after the other, each again until it is taken, as its sender would."""
    number = FIRST
    while not ends.is_set():
        body = portal.order(number)
        while True:
            try:
                if portal.post_event(body).status_code == 200:
                    break
            except requests.RequestException:
                pass
            time.sleep(1)
        taken.append(number)
        number += 1
        time.sleep(EVERY)


def ask(servers: Servers, portal: LivePortal, question: str) -> list[tuple]:
    """As the superuser: row-level security hides nothing from it."""
    with psycopg.connect(
        host=str(servers.sockets), user="postgres", dbname=portal._surroundings.database
    ) as connection:
        return connection.execute(question).fetchall()


def known(servers: Servers, portal: LivePortal) -> dict[str, int]:
    """States of the documents of these orders."""
    return dict(
        ask(
            servers,
            portal,
            "SELECT d.state, count(*) FROM integrations_document d"
            " JOIN integrations_order o ON o.id = d.order_id"
            " WHERE o.number ~ '^88[0-9]{4}$' GROUP BY d.state",
        )
    )


def ours(servers: Servers, portal: LivePortal) -> int:
    """Problems for reasons of ours, open or closed since."""
    [(count,)] = ask(
        servers,
        portal,
        "SELECT count(*) FROM integrations_documentproblem WHERE code IN ('internal', 'poison')",
    )
    return count
