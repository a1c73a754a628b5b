from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.orders.newest import Telling, believed_date, is_newer, rank, weight
from tests.orders.tellings import moment

EARLY, LATE = moment("7 10:00"), moment("7 11:00")


def told(status: str, at=None, received=LATE, not_before=None) -> Telling:
    return Telling(at, status, received, not_before)


def test_the_later_date_counts_even_with_a_lower_rank():
    assert is_newer(told("in_transit", LATE), told("delivered", EARLY))
    assert not is_newer(told("delivered", EARLY), told("in_transit", LATE))


@pytest.mark.parametrize("date", [None, EARLY])
def test_with_equal_or_absent_dates_the_higher_rank_counts(date):
    assert is_newer(told("delivered", date, EARLY), told("in_transit", date, LATE))
    assert not is_newer(told("in_transit", date, LATE), told("delivered", date, EARLY))


def test_with_equal_dates_and_ranks_the_later_arrival_counts():
    assert is_newer(told("delivered", EARLY, LATE), told("delivered", EARLY, EARLY))
    assert not is_newer(told("delivered", EARLY, EARLY), told("delivered", EARLY, LATE))


@pytest.mark.parametrize("ending", ["cancelled", "returned", "claim"])
def test_what_ends_an_order_outweighs_delivery_where_no_date_decides(ending):
    assert is_newer(told(ending), told("delivered"))
    assert not is_newer(told("delivered"), told(ending))


def test_an_unknown_status_never_displaces_a_known_one_without_a_later_date():
    assert weight("unknown") == 0
    assert not is_newer(told("unknown"), told("to_confirm"))


def test_what_is_older_than_the_newest_date_stays_old_after_a_telling_without_a_date():
    known = told("in_transit", None, not_before=LATE)
    assert not is_newer(told("returned", EARLY), known)


def test_a_date_in_the_future_is_not_believed():
    assert believed_date(LATE + timedelta(minutes=11), LATE) is None
    assert believed_date(LATE + timedelta(minutes=9), LATE) == LATE + timedelta(minutes=9)


def test_a_change_long_before_the_order_was_created_is_not_believed():
    assert believed_date(EARLY, LATE, created_at=EARLY + timedelta(days=2)) is None
    assert believed_date(EARLY, LATE, created_at=EARLY + timedelta(hours=5)) == EARLY


def test_what_its_source_answers_is_newer_than_all_that_had_arrived_whatever_the_dates():
    answer = Telling(EARLY, "delivered", LATE, answered_at=LATE)
    before = told("in_transit", LATE + timedelta(minutes=5), EARLY)
    assert is_newer(answer, before)
    assert not is_newer(before, answer)
    undated = Telling(None, "in_transit", LATE, answered_at=LATE)
    assert is_newer(undated, told("delivered", None, EARLY))


def test_after_an_answer_only_what_is_dated_after_it_is_newer():
    answer = Telling(EARLY, "delivered", LATE, answered_at=LATE)
    between = told("in_transit", EARLY + timedelta(minutes=5), LATE + timedelta(minutes=30))
    after = told("returned", LATE + timedelta(minutes=5), LATE + timedelta(minutes=30))
    assert not is_newer(between, answer)
    assert is_newer(after, answer)


def test_ranks_are_those_of_the_table_and_nothing_else_has_one():
    assert (rank("in_transit"), rank("delivered")) == (6, 8)
    assert [rank(code) for code in ("cancelled", "returned", "claim", "unknown")] == [0] * 4
