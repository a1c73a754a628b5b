from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import requests
import responses

from integrations.connections import mastershop_access
from integrations.connections.source_account import SourceAccount
from integrations.orders import reread
from integrations.orders.models import Order, OrderEvent
from integrations.orders.reread import Outcome
from tests.orders.tellings import moment, telling

NOW = moment("8 10:00")
ADDRESS = "https://prod.api.mastershop.com/api/orders/904417"


@pytest.fixture
def source():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


@pytest.fixture
def asked(tell):
    """An unsigned order at its trigger, its re-reading due."""
    order = tell(signed=False).order
    assert reread.ask_for(order, now=NOW)
    return order


def test_the_newer_of_the_two_counts(asked, source, integration):
    newer = telling(8, "2026-11-08T09:00:00Z", order_transaction={"total": 99000})
    source.get(ADDRESS, json=newer)
    assert reread.reread(asked, now=NOW) is Outcome.CONFIRMED
    assert asked.total == Decimal("99000")
    assert (asked.is_signed, asked.reread_at, asked.reread_next_at) == (True, NOW, None)
    integration.refresh_from_db()
    assert integration.source.detail_readable
    event = OrderEvent.objects.get(source="reread")
    assert (event.verdict, event.order) == ("applied", asked)


def test_what_its_source_answers_now_is_the_newest_whatever_its_date(asked, source):
    older = telling(6, "2026-11-01T09:00:00Z", order_transaction={"total": 1})
    source.get(ADDRESS, json=older)
    assert reread.reread(asked, now=NOW) is Outcome.CONFIRMED
    assert (asked.total, asked.status, asked.rank_max) == (Decimal(1), "in_transit", 8)
    assert not reread.is_needed(asked)


def test_where_reading_never_worked_the_stored_body_is_used(asked, source):
    source.get(ADDRESS, status=404)
    assert reread.reread(asked, now=NOW) is Outcome.NOT_READABLE
    asked.refresh_from_db()
    assert not asked.needs_detail
    assert not reread.is_needed(asked)


def test_where_reading_works_an_order_its_source_denies_waits_for_a_person(
    asked, source, integration, tell
):
    SourceAccount.objects.update(detail_readable=True)
    source.get(ADDRESS, status=404)
    assert reread.reread(asked, now=NOW) is Outcome.UNREADABLE
    assert Order.objects.get().needs_detail
    # One more unsigned delivery does not make it good, however new.
    again = tell(8, "2026-11-08T09:59:00Z", signed=False, order_transaction={"total": 5}).order
    assert again.needs_detail
    assert reread.is_needed(again)
    # A signed one does.
    assert not tell(8, "2026-11-08T10:59:00Z", received="8 11:00").order.needs_detail


def test_another_orders_detail_is_no_confirmation(asked, source):
    source.get(ADDRESS, json=telling(id_order=1))
    assert reread.reread(asked, now=NOW) is Outcome.NOT_READABLE


@pytest.mark.parametrize("failure", [503, 429, requests.ConnectionError()])
def test_a_source_that_is_down_is_asked_again_for_ten_minutes(asked, source, failure):
    if isinstance(failure, int):
        source.get(ADDRESS, status=failure)
    else:
        source.get(ADDRESS, body=failure)
    at, asked_at = NOW, []
    while (outcome := reread.reread(asked, now=at)) is Outcome.AGAIN:
        asked_at.append(at)
        asked.refresh_from_db()
        assert asked.reread_next_at > at
        at = asked.reread_next_at
    assert outcome is Outcome.GAVE_UP
    assert timedelta(minutes=10) <= at - NOW <= timedelta(minutes=13)
    assert 4 <= len(asked_at) <= 15
    assert not reread.is_needed(asked)


def test_only_one_worker_reads_an_order_at_a_time(asked, source):
    source.get(ADDRESS, status=404)
    Order.objects.update(reread_next_at=NOW + timedelta(seconds=1))
    assert reread.reread(asked, now=NOW) is Outcome.AGAIN
    assert len(source.calls) == 0


def test_without_a_key_the_stored_body_is_used_and_the_timeline_says_so(tell, integration):
    integration.source.key = ""
    order = tell(signed=False).order
    assert not reread.ask_for(order, now=NOW)
    assert order.reread_outcome == Outcome.NO_KEY


def test_a_signed_order_is_believed(tell):
    assert not reread.is_needed(tell(signed=True).order)


def test_an_unsigned_change_of_what_is_sold_is_read_again(asked, source, tell):
    source.get(ADDRESS, json=telling())
    reread.reread(asked, now=NOW)
    later = tell(8, "2026-11-09T09:00:00Z", received="9 10:00", signed=False).order
    assert not reread.is_needed(later)
    forged = tell(
        8,
        "2026-11-09T09:30:00Z",
        received="9 10:30",
        signed=False,
        order_transaction={"total": 1, "payment_method": "cod"},
    ).order
    assert reread.is_needed(forged)


def test_a_stored_detail_keeps_its_amounts_to_the_digit():
    text = reread.body_text({"price": Decimal("1.500"), "total": Decimal("174900.50"), "q": 2})
    assert text == '{"price": 1.5, "q": 2, "total": 174900.5}'


def test_every_outcome_has_its_sentence():
    assert set(reread.SENTENCES) == set(Outcome)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_refusal_is_kept_of_the_key_that_was_asked_with(asked, source, integration, is_replaced):
    def refuse(_request):
        if is_replaced:
            mine = type(integration).objects.get(pk=integration.pk)
            mastershop_access.set_key(mine, "otra-llave-larga-9876", now=NOW)
        return 403, {}, ""

    source.add_callback(responses.GET, ADDRESS, callback=refuse)
    assert reread.reread(asked, now=NOW) is Outcome.AGAIN
    refused_at = SourceAccount.objects.get(pk=integration.source_id).key_refused_at
    assert refused_at == (None if is_replaced else NOW)
