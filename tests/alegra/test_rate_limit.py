"""The arithmetic of the request budget."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.alegra.rate_limit import RateHeaders, Window, grant, observe, wait_behind

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def test_the_three_headers_are_read_whatever_their_case():
    headers = {
        "x-rate-limit-limit": "150",
        "X-Rate-Limit-Remaining": "149",
        "X-RATE-LIMIT-RESET": "12",
    }
    assert RateHeaders.read(headers) == RateHeaders(150, 149, 12.0)


@pytest.mark.parametrize("value", ["", "many", "-1", "nan", "inf", None])
def test_unreadable_headers_count_as_missing(value):
    assert RateHeaders.read({"X-Rate-Limit-Limit": value}) is None
    assert RateHeaders.read({}) is None
    read = RateHeaders.read({"X-Rate-Limit-Limit": value, "X-Rate-Limit-Remaining": "3"})
    assert read == RateHeaders(None, 3, None)


def test_before_any_header_140_a_minute_are_assumed():
    granted, window, wait = grant(Window(), NOW)
    assert (granted, wait) == (5, 0.0)
    assert window == Window(limit=0, left=135, resets_at=after(60))


def test_an_answer_tells_limit_rest_and_end_of_the_window():
    _, window, _ = grant(Window(), NOW)
    seen = observe(window, RateHeaders(150, 100, 20), after(1))
    assert seen == Window(limit=150, left=100, resets_at=after(21))


def test_an_answer_without_headers_changes_nothing():
    window = Window(150, 80, after(30))
    assert observe(window, None, NOW) == window


def test_blocks_granted_and_not_yet_used_are_not_granted_twice():
    window = Window(150, 80, after(30))
    assert observe(window, RateHeaders(150, 90, 30), NOW).left == 80


def test_what_others_spent_is_believed():
    window = Window(150, 80, after(30))
    assert observe(window, RateHeaders(150, 10, 30), NOW).left == 10


def test_a_later_end_is_a_new_window():
    window = Window(150, 2, after(5))
    seen = observe(window, RateHeaders(150, 149, 60), NOW)
    assert seen == Window(150, 149, after(60))


def test_partial_headers_change_only_what_they_say():
    window = Window(150, 80, after(30))
    assert observe(window, RateHeaders(remaining=7), NOW) == Window(150, 7, after(30))
    assert observe(window, RateHeaders(limit=50), NOW) == Window(50, 50, after(30))
    assert observe(window, RateHeaders(reset_seconds=0), NOW).resets_at == after(1)


def test_a_refusal_with_nothing_left_stops_everybody_until_the_window_ends():
    window = observe(Window(150, 80, after(30)), RateHeaders(150, 0, 12), NOW)
    for person in (False, True):
        granted, _, wait = grant(window, NOW, for_person=person)
        assert (granted, wait) == (0, 12.0)


def test_two_in_a_hundred_are_never_used_and_three_are_kept_for_a_person():
    machine, _, _ = grant(Window(150, 6, after(1)), NOW)
    assert machine == 0
    person, left, _ = grant(Window(150, 6, after(30)), NOW, wanted=1, for_person=True)
    assert (person, left.left) == (1, 5)
    nobody, _, _ = grant(Window(150, 3, after(30)), NOW, wanted=1, for_person=True)
    assert nobody == 0


def test_a_window_that_ended_opens_anew():
    granted, window, _ = grant(Window(150, 0, NOW), NOW)
    assert granted == 5
    assert window == Window(150, 145, after(60))


def test_a_person_is_not_spread():
    scarce = Window(150, 20, after(60))
    assert grant(scarce, NOW)[0] == 0
    assert grant(scarce, NOW, wanted=1, for_person=True)[0] == 1


def greedy(window, start, seconds, step=0.1):
    """(moments of grants, window) of a taker that always wants more."""
    moments, now, ends = [], start, start + timedelta(seconds=seconds)
    while now < ends:
        granted, window, wait = grant(window, now)
        moments += [(now - start).total_seconds()] * granted
        now += timedelta(seconds=max(step, wait))
    return moments, window


def test_the_last_fifth_is_spread_over_the_rest_and_nearly_all_is_used():
    moments, _ = greedy(Window(150, 150, after(60)), NOW, 60)
    assert 0.95 * 150 <= len(moments) <= 147
    late = [moment for moment in moments if moment > 10]
    assert len(late) >= 20
    gaps = [b - a for a, b in pairwise(late)]
    assert max(gaps) < 6
    assert max(late) > 50


def test_the_wait_it_tells_is_enough():
    scarce = Window(150, 20, after(40))
    granted, window, wait = grant(scarce, NOW)
    assert granted == 0
    assert grant(window, after(wait), wanted=1)[0] == 1


@given(
    limit=st.integers(0, 5000),
    left=st.integers(0, 5000),
    rest=st.floats(-10, 4000),
    wanted=st.integers(1, 50),
    person=st.booleans(),
)
def test_a_grant_never_exceeds_what_is_left_and_always_says_when_to_come_back(
    limit, left, rest, wanted, person
):
    granted, window, wait = grant(
        Window(limit, left, after(rest)), NOW, wanted=wanted, for_person=person
    )
    assert 0 <= granted <= wanted
    assert window.left >= 0
    assert window.resets_at > NOW
    assert (granted > 0) == (wait == 0)
    assert wait >= 0
    if limit and granted:
        assert window.left >= limit - int(limit * 0.98) - 1


def test_the_first_header_replaces_the_assumption_and_keeps_what_was_granted():
    assumed = Window(0, 130, after(50))
    assert observe(assumed, RateHeaders(150, 149, 50), NOW).left == 140
    assert observe(assumed, RateHeaders(100_000, 99_999, 50), NOW).left == 99_990
    assert observe(assumed, RateHeaders(50, 8, 50), NOW).left == 8


# --- Who lets others go ahead ---------------------------------------------------------------


def test_who_lets_others_ahead_begins_a_minute_and_then_leaves_most_of_it():
    assert wait_behind(Window(), NOW) == 0
    assert wait_behind(Window(150, 150, after(60)), NOW) == 0
    assert wait_behind(Window(150, 0, NOW), NOW) == 0
    # 144 are the machines'; three fifths of them are kept at first.
    assert wait_behind(Window(150, 94, after(60)), NOW) == 0
    assert wait_behind(Window(150, 93, after(60)), NOW) > 0
    assert wait_behind(Window(150, 51, after(30)), NOW) == 0
    assert grant(Window(150, 90, after(60)), NOW)[0] == 5


@given(limit=st.integers(0, 500), left=st.integers(0, 500), rest=st.floats(0.1, 60))
def test_the_wait_of_who_lets_others_ahead_is_enough(limit, left, rest):
    wait = wait_behind(Window(limit, left, after(rest)), NOW)
    # The window keeps whole microseconds.
    assert 0 <= wait <= rest + 0.000001
    assert wait_behind(Window(limit, left, after(rest)), after(wait + 0.001)) == 0
