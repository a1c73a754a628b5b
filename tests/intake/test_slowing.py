"""Who guesses is slowed; who shares its address with them is not."""

from __future__ import annotations

import json
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import PlatformState
from integrations.intake import refusals, slowing
from integrations.intake.models import RefusedEvents
from integrations.mastershop.signature import sign
from integrations.orders.models import OrderEvent
from tests import cast as casting
from tests.intake.conftest import make_integration

SHARED, STRANGER = "203.0.113.9", "198.51.100.7"
WRONG = "un-secreto-que-no-es"


@pytest.fixture
def clock_of_process(monkeypatch):
    """The process's own clock, which goes on only when the test says so."""
    now = [1000.0]
    monkeypatch.setattr(slowing.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def neighbour(integration):
    return make_integration(casting.make_organization(), business_id="9944")


def send(token, event, *, secret, address=SHARED, **fields):
    raw = json.dumps(event(**fields)).encode()
    return Client(REMOTE_ADDR=address).post(
        f"/webhooks/mastershop/{token}/",
        data=raw,
        content_type="application/json",
        headers={"X-Mastershop-Signature": sign(secret, raw)},
    )


def send_to(integration, event, *, secret=None, address=SHARED, **fields):
    source = integration.source
    fields["id_business"] = int(source.business_id)
    secret = source.secret if secret is None else secret
    return send(source.webhook_token, event, secret=secret, address=address, **fields)


def guess(event, count, *, address=SHARED):
    return [
        send(f"nadie-{number}", event, secret="x", address=address).status_code
        for number in range(count)
    ]


def test_who_guesses_addresses_is_asked_to_come_later_without_a_question_to_the_database(
    integration, event, clock_of_process, monkeypatch
):
    monkeypatch.setattr(refusals, "_between_writes", lambda: 1.0)
    monkeypatch.setattr(refusals.threading, "Timer", Mock())
    assert guess(event, slowing.GUESSES) == [404] * slowing.GUESSES
    first = send("nadie-mas", event, secret="x")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "30")
    assert first.json() == {"received": False}
    send("nadie-mas", event, secret="x")
    with CaptureQueriesContext(connection) as asked:
        assert send("otro-nadie", event, secret="x").status_code == 429
    assert len(asked) == 0
    assert guess(event, 1, address=STRANGER) == [404]


def test_guesses_are_forgiven_one_after_the_other(integration, event, clock_of_process):
    guess(event, slowing.GUESSES)
    assert guess(event, 1) == [429]
    clock_of_process[0] += 4.5
    assert guess(event, 3) == [404, 404, 429]


def test_events_to_known_addresses_pass_from_the_same_sender(
    integration, neighbour, event, clock_of_process, rows
):
    guess(event, slowing.GUESSES + 5)
    assert send_to(integration, event).status_code == 200
    assert send_to(neighbour, event).status_code == 200
    assert len(rows(OrderEvent)) == 2


def test_a_business_that_was_connected_during_the_guesses_passes_too(
    integration, event, clock_of_process
):
    guess(event, slowing.GUESSES + 5)
    new = make_integration(casting.make_organization(), business_id="8811")
    clock_of_process[0] += 1.1
    guess(event, 5)
    clock_of_process[0] += 1.1
    assert send_to(new, event).status_code == 200


def test_wrong_signatures_slow_the_pair_of_sender_and_business_and_nobody_else(
    integration, neighbour, event, clock_of_process
):
    for number in range(slowing.WRONG_SIGNATURES):
        assert send_to(integration, event, secret=WRONG, id_order=number).status_code == 401
    with CaptureQueriesContext(connection) as asked:
        later = send_to(integration, event, secret=WRONG)
    assert (later.status_code, later.headers["Retry-After"], len(asked)) == (429, "30", 0)
    # MasterShop sends for all: the neighbour's events come from the same address …
    assert send_to(neighbour, event).status_code == 200
    # … and the business's own ones from another.
    assert send_to(integration, event, address=STRANGER).status_code == 200


def test_a_corrected_secret_is_noticed_at_once(integration, event, clock_of_process):
    for number in range(slowing.WRONG_SIGNATURES + 3):
        send_to(integration, event, secret=WRONG, id_order=number)
    assert send_to(integration, event).status_code == 429
    clock_of_process[0] += 1.1
    assert [send_to(integration, event, id_order=n).status_code for n in range(5)] == [200] * 5


def test_what_the_merchant_sees_stays_true_while_events_are_put_off(
    integration, event, clock_of_process, at, rows
):
    for number in range(slowing.WRONG_SIGNATURES + 30):
        send_to(integration, event, secret=WRONG, id_order=number)
    [row] = rows(RefusedEvents)
    assert row.signature == slowing.WRONG_SIGNATURES
    # As long as they come, one a second is looked at: the last one refused is a moment ago.
    for _ in range(60):
        at.advance(seconds=1)
        clock_of_process[0] += 1
        send_to(integration, event, secret=WRONG)
        send_to(integration, event, secret=WRONG)
    [row] = rows(RefusedEvents)
    assert (at.now() - row.last_at).total_seconds() <= 2
    assert row.closed_at is None


def test_unknown_addresses_are_counted_for_staff_also_when_put_off(
    integration, event, clock_of_process
):
    guess(event, slowing.GUESSES + 12)
    assert PlatformState.objects.get().unknown_tokens == slowing.GUESSES + 12


def test_many_senders_take_no_more_memory_than_few(monkeypatch):
    monkeypatch.setattr(slowing, "MOST_REMEMBERED", 50)
    for number in range(500):
        slowing.note(404, f"10.0.{number // 250}.{number % 250}", "0" * 64)
        slowing.note(401, "10.0.0.1", f"{number:064}")
    assert len(slowing._guesses) == len(slowing._signatures) == 50


def test_a_network_of_ipv6_is_one_sender(integration, event, clock_of_process):
    for number in range(slowing.GUESSES):
        guess(event, 1, address=f"2001:db8:1:2::{number + 1:x}")
    assert guess(event, 1, address="2001:db8:1:2:ffff::1") == [429]
    assert guess(event, 1, address="2001:db8:1:3::1") == [404]
