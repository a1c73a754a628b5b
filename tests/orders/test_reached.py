from __future__ import annotations

from integrations.orders.reached import delivered_at, last_step_at, reached_at, statuses_from
from tests.orders.tellings import moment


def test_the_first_moment_at_or_past_the_trigger_counts(tell):
    tell(3, "2026-11-05T10:00:00Z")
    tell(6, "2026-11-06T12:00:00Z")
    order = tell(8, "2026-11-07T19:41:00Z").order
    assert reached_at(order, "in_transit") == moment("6 12:00")
    assert last_step_at(order, "in_transit") == moment("7 19:41")
    assert delivered_at(order) == moment("7 19:41")


def test_a_skipped_status_was_reached_with_the_higher_one(tell):
    order = tell(8, "2026-11-07T19:41:00Z").order
    assert reached_at(order, "in_transit") == moment("7 19:41")


def test_an_order_short_of_its_trigger_has_no_moment(tell):
    order = tell(6, "2026-11-06T12:00:00Z").order
    assert reached_at(order, "delivered") is None
    assert last_step_at(order, "delivered") is None


def test_what_reverses_an_order_is_no_step_towards_its_trigger(tell):
    order = tell(10, "2026-11-06T12:00:00Z").order
    assert reached_at(order, "to_pack") is None
    assert statuses_from("cancelled") == ()


def test_a_status_without_a_date_counts_from_when_it_was_seen(tell):
    order = tell(8, None, received="8 10:00").order
    assert delivered_at(order) == moment("8 10:00")


def test_no_status_was_reached_after_it_was_told(tell):
    order = tell(8, "2026-11-08T14:00:00Z", received="8 10:00").order
    assert delivered_at(order) == moment("8 10:00")
