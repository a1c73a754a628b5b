from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import responses

from integrations.connections import mastershop_access, reads
from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.connections.source_read import SourceRead
from integrations.documents.models import Document
from integrations.intake import pull as pulling
from integrations.intake import tasks
from integrations.intake.pull import due_integrations, pull
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope, unscoped
from tests.intake.conftest import NOW

ROOT = "https://prod.api.mastershop.com/api"


@pytest.fixture
def keyed(keyed, settings):
    settings.TIMING_DIVISOR = 1000.0  # no waiting between calls and tries
    return keyed


def row(number=904417, status="Entregada", **changes) -> dict:
    return {
        "idOrder": number,
        "orderStatus": status,
        "paymentMethod": "cod",
        "totalOrder": 174900,
        "currency": "COP",
        "createdAt": "2026-11-03T14:05:12Z",
        "clientInfo": {"fullName": "Luz Dary Peña"},
        "items": [{"name": "Termo"}],
    } | changes


def lists(source, *rows) -> None:
    """Every range answers with these rows, whatever page is asked for."""
    source.post(f"{ROOT}/orders/list", json=list(rows))


def details(source, number=904417, **answer):
    source.get(f"{ROOT}/orders/{number}", **answer)


def calls_for_details(source) -> int:
    return sum("/orders/list" not in call.request.url for call in source.calls)


def test_an_order_that_no_event_told_gets_its_document(keyed, source, event, rows):
    lists(source, row())
    details(source, json=event())
    assert pull(keyed.pk)
    [stored] = rows(OrderEvent)
    assert (stored.source, stored.is_signed, stored.verdict) == ("pull", True, "applied")
    assert len(rows(Document)) == 1
    [after] = rows(SourceRead)
    assert (after.read_at, after.error, after.failed_at, after.lease_until) == (NOW, "", None, None)
    assert set(after.passes) == {"recent", "week", "full"}


def test_the_list_is_asked_in_ranges_of_thirty_days(keyed, source):
    lists(source)
    pull(keyed.pk)
    asked = [json.loads(call.request.body) for call in source.calls]
    assert asked == [
        {"startDate": "2026-10-10", "finalDate": "2026-11-08"},
        {"startDate": "2026-09-10", "finalDate": "2026-10-09"},
    ]


def test_what_is_processed_is_not_read_again(keyed, source, event, at):
    lists(source, row())
    details(source, json=event())
    pull(keyed.pk)
    at.advance(days=2)
    pull(keyed.pk)
    assert calls_for_details(source) == 1


def test_a_status_that_was_missed_is_fetched(keyed, source, event, rows, at, post):
    post(keyed, event(6, "2026-11-06T12:00:00Z"))
    tasks.interpret_waiting()
    assert rows(Document) == []
    lists(source, row())
    details(source, json=event())
    pull(keyed.pk)
    assert rows(Order)[0].status == "delivered"
    assert len(rows(Document)) == 1


@pytest.mark.parametrize("failure", [{"status": 404}, {"status": 503}, {"body": "<html>"}])
def test_an_order_whose_detail_cannot_be_read_waits_for_a_person_and_is_not_lost(
    keyed, source, rows, failure
):
    lists(source, row())
    details(source, **failure)
    assert pull(keyed.pk)
    [order] = rows(Order)
    assert (order.needs_detail, order.status, order.total) == (True, "delivered", Decimal(174900))
    assert len(rows(Document)) == 1


def test_a_detail_that_becomes_readable_completes_the_order(keyed, source, event, rows, at):
    lists(source, row())
    details(source, status=404)
    pull(keyed.pk)
    source.replace(responses.GET, f"{ROOT}/orders/904417", json=event())
    at.advance(days=2)
    pull(keyed.pk)
    [order] = rows(Order)
    assert not order.needs_detail
    with scope(order.organization_id):
        assert order.lines.count() == 1


def test_the_detail_of_another_order_is_no_detail(keyed, source, event, rows):
    lists(source, row())
    details(source, json=event(id_order=5))
    pull(keyed.pk)
    assert [order.number for order in rows(Order)] == ["904417"]
    assert rows(Order)[0].needs_detail


def test_a_list_that_fails_is_tried_again_and_then_said(keyed, source, rows):
    source.post(f"{ROOT}/orders/list", status=504)
    assert not pull(keyed.pk)
    assert len(source.calls) == 4
    [after] = rows(SourceRead)
    assert after.read_at is None
    assert "MasterShop no respondió" in after.error
    assert (after.failed_at, after.lease_until) == (NOW, None)


def test_a_refused_key_is_shown_and_left_alone_for_a_while(keyed, source, rows, settings, at):
    source.post(f"{ROOT}/orders/list", status=403)
    pull(keyed.pk)
    assert rows(SourceAccount)[0].key_refused_at == NOW
    assert "llave" in rows(SourceRead)[0].error
    settings.TIMING_DIVISOR = 1.0
    at.advance(minutes=30)
    assert due_integrations(now=at.now()) == []
    at.advance(minutes=31)
    assert due_integrations(now=at.now()) == [keyed.pk]


def test_a_key_that_was_replaced_meanwhile_is_not_the_one_that_was_refused(keyed, source, rows):
    def refuse(_request):
        now_owned = Integration.objects.get(pk=keyed.pk)
        mastershop_access.set_key(now_owned, "otra-llave-larga-9876", now=NOW)
        return 403, {}, ""

    source.add_callback(responses.POST, f"{ROOT}/orders/list", callback=refuse)
    assert not pull(keyed.pk)
    assert rows(SourceAccount)[0].key_refused_at is None
    assert (rows(SourceRead)[0].error, rows(SourceRead)[0].failed_at) == ("", None)
    assert due_integrations(now=NOW) == [keyed.pk]


def test_a_source_that_went_down_ends_the_pass_without_moving_complete_until(keyed, source, rows):
    lists(source, *[row(number) for number in range(1, 20)])
    for number in range(1, 20):
        details(source, number, status=503)
    assert not pull(keyed.pk)
    assert calls_for_details(source) == 3
    assert rows(SourceRead)[0].read_at is None


def test_after_an_outage_a_narrow_pass_does_not_move_complete_until(
    keyed, source, rows, at, settings
):
    settings.TIMING_DIVISOR = 1.0
    long_ago = NOW - timedelta(days=10)
    with unscoped("an outage of ten days"):
        known = reads.row_of(reads.Kind.ORDERS, keyed)
        known.read_at = long_ago
        known.passes = {"full": NOW.isoformat(), "week": NOW.isoformat()}
        known.save()
    lists(source)
    assert pull(keyed.pk)
    assert rows(SourceRead)[0].read_at == long_ago


def test_two_beats_at_once_pull_an_integration_once(keyed, source, at):
    with unscoped("another worker is at it"):
        known = reads.row_of(reads.Kind.ORDERS, keyed)
        assert reads.take(known, now=NOW - timedelta(minutes=1))
    lists(source)
    assert due_integrations(now=NOW) == []
    assert not pull(keyed.pk)
    assert len(source.calls) == 0
    with unscoped("it died"):
        SourceRead.objects.update(lease_until=NOW - timedelta(minutes=5))
    assert pull(keyed.pk)


def test_a_pass_too_long_goes_on_with_the_next_beat(keyed, source, event, rows, monkeypatch):
    monkeypatch.setattr(pulling, "MOST_DETAILS", 3)
    lists(source, *[row(number) for number in range(1, 6)])
    for number in range(1, 6):
        details(source, number, json=event(id_order=number))
    assert not pull(keyed.pk)
    assert len(rows(Order)) == 3
    assert due_integrations(now=NOW) == [keyed.pk]
    assert pull(keyed.pk)
    assert len(rows(Order)) == 5


def test_orders_that_stay_unreadable_do_not_keep_a_pass_from_its_end(
    keyed, source, rows, monkeypatch, at
):
    lists(source, *[row(number) for number in range(1, 6)])
    for number in range(1, 6):
        details(source, number, status=404)
    assert pull(keyed.pk)
    before = calls_for_details(source)
    monkeypatch.setattr(pulling, "MOST_AGAIN", 2)
    at.advance(days=2)
    assert pull(keyed.pk)
    assert calls_for_details(source) - before == 2


def test_only_integrations_with_a_key_are_due_and_none_from_the_bin(keyed, at, hinted):
    assert tasks.pull_due() == 1
    assert hinted == [("intake.pull_integration", {"integration_id": keyed.pk})]
    with unscoped("the bin"):
        Integration.objects.update(state="archived")
    assert tasks.pull_due() == 0


def test_an_event_and_the_pull_of_one_order_make_one_document(keyed, source, event, rows, post):
    post(keyed, event())
    tasks.interpret_waiting()
    with unscoped("as if its status were not known"):
        Order.objects.update(status="in_transit")
    lists(source, row())
    details(source, json=event())
    pull(keyed.pk)
    assert len(rows(Order)) == len(rows(Document)) == 1
