"""The limit of contacts is learned from refusals; no header tells of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from integrations.alegra import contact_rate
from integrations.alegra.contact_rate import ContactRate, ContactTimes

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

WINDOW, BELIEVED, CLOSED = (timedelta(seconds=seconds) for seconds in (62, 120, 20))
TIMES = ContactTimes(WINDOW, BELIEVED, CLOSED)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def sent(count: int, rate: ContactRate | None = None, start: float = 0.0) -> ContactRate:
    rate = rate or ContactRate(TIMES)
    for number in range(count):
        rate = contact_rate.take(rate, after(start + number))
        assert rate is not None
    return rate


def test_nothing_is_held_back_before_a_refusal():
    assert contact_rate.limit_now(sent(300), after(300)) == 0
    assert contact_rate.wait(sent(300), after(300)) == 0


def test_what_was_let_through_in_the_last_minute_is_the_limit():
    rate = contact_rate.refused(sent(6), after(6))
    assert contact_rate.limit_now(rate, after(6)) == 5
    # The first of the five left at noon.
    assert contact_rate.wait(rate, after(6)) == WINDOW.total_seconds() - 6
    assert contact_rate.take(rate, after(6)) is None
    assert contact_rate.take(rate, NOON + WINDOW) is not None


def test_no_minute_holds_more_than_the_limit_while_it_is_believed():
    rate, left = contact_rate.refused(sent(6), after(6)), []
    for tenth in range(60, 1250, 3):
        if taken := contact_rate.take(rate, after(tenth / 10)):
            rate = taken
            left.append(after(tenth / 10))
    for at in left:
        assert sum(at <= each < at + timedelta(seconds=60) for each in left) <= 5
    assert len(left) == 6


def test_a_minute_that_somebody_else_spent_is_tried_again_shortly():
    rate = contact_rate.refused(sent(3), after(3))
    assert contact_rate.limit_now(rate, after(3)) == contact_rate.LEAST
    assert contact_rate.wait(rate, after(3)) == CLOSED.total_seconds()
    assert contact_rate.take(rate, after(24)) is not None


def test_a_limit_is_tried_again_after_a_while():
    rate = contact_rate.refused(sent(6), after(6))
    assert contact_rate.limit_now(rate, after(6) + BELIEVED) == 0
    again = contact_rate.refused(sent(21, rate, start=2000), after(2021))
    assert contact_rate.limit_now(again, after(2021)) == 20


def test_a_call_that_did_not_leave_is_given_back():
    rate = contact_rate.refused(sent(6), after(6))
    later = NOON + 2 * WINDOW
    taken = contact_rate.take(rate, later)
    assert contact_rate.give_back(taken).sent == rate.sent[len(rate.sent) :]
