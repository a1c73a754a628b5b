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
from tests.flows.live import LivePortal, TooLate
from tests.pgbox import Servers

pytestmark = pytest.mark.timeout(2400)

MINUTES = 10
STOPPED_AT = [60, 170, 280, 390, 500]
STOPPED_FOR = [20, 5, 40, 10, 30]
EVERY = 0.7
FIRST = 880_000
SETTLED_WITHIN = 200


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
        try:
            portal.wait_for(
                lambda: time.sleep(2) or len(portal.ledger()["invoices"]) - before >= len(taken),
                f"the documents of {len(taken)} orders",
                seconds=SETTLED_WITHIN,
            )
        except TooLate:
            pytest.fail(f"{len(taken)} orders were taken: {missing(servers, portal)}")
        # Whatever is still looked for is settled: nobody sends again.
        time.sleep(150)
        rows = [row for row in portal.ledger()["invoices"][before:] if not row["_deleted_at"]]
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


def missing(servers: Servers, portal: LivePortal) -> dict[str, list[tuple]]:
    """What is known of the orders that have no document in Alegra, and of events that wait."""
    return {
        "orders": ask(
            servers,
            portal,
            "SELECT o.number, o.decision, d.state, d.sends, d.probes, d.deaths, d.failures,"
            " d.next_attempt_at, d.lease_until, d.alegra_id, p.code"
            " FROM integrations_order o LEFT JOIN integrations_document d ON d.order_id = o.id"
            " LEFT JOIN integrations_documentproblem p ON p.work_id = d.id AND p.closed_at IS NULL"
            " WHERE o.number ~ '^88[0-9]{4}$' AND (d.state IS NULL OR d.state <> 'created')"
            " LIMIT 20",
        ),
        "orders and documents": ask(
            servers,
            portal,
            "SELECT count(*), count(d.id) FROM integrations_order o"
            " LEFT JOIN integrations_document d ON d.order_id = o.id"
            " WHERE o.number ~ '^88[0-9]{4}$'",
        ),
        "events": ask(
            servers,
            portal,
            "SELECT verdict, tries, count(*), min(lease_until), max(lease_until), now()"
            " FROM integrations_orderevent GROUP BY verdict, tries",
        ),
    }


def ours(servers: Servers, portal: LivePortal) -> int:
    """Problems for reasons of ours, open or closed since."""
    [(count,)] = ask(
        servers,
        portal,
        "SELECT count(*) FROM integrations_documentproblem WHERE code IN ('internal', 'poison')",
    )
    return count
