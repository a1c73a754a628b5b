from __future__ import annotations

from datetime import date, timedelta

import pytest

from integrations.intake.passes import FULL, RECENT, WEEK, after, due_pass, ranges_of
from tests.orders.tellings import moment

NOW = moment("20 15:00")


def ended(**ago: timedelta) -> dict[str, str]:
    return {name: (NOW - passed).isoformat() for name, passed in ago.items()}


def test_the_first_pass_of_all_is_the_widest():
    assert due_pass({}, now=NOW) is FULL


@pytest.mark.parametrize(
    ("recent", "week", "full", "wanted"),
    [
        (14, 59, 60 * 5, None),
        (15, 59, 60 * 5, RECENT),
        (15, 60, 60 * 5, WEEK),
        (15, 60, 60 * 24, FULL),
    ],
)
def test_the_widest_that_is_due_is_made(recent, week, full, wanted):
    told = ended(
        recent=timedelta(minutes=recent), week=timedelta(minutes=week), full=timedelta(minutes=full)
    )
    assert due_pass(told, now=NOW) is wanted


def test_the_widest_pass_moves_to_the_night():
    told = ended(recent=timedelta(0), week=timedelta(0), full=timedelta(hours=4))
    before_two, after_two = moment("21 06:59"), moment("21 07:01")  # 1:59 and 2:01 in Bogotá
    told |= {"recent": before_two.isoformat(), "week": before_two.isoformat()}
    assert due_pass(told, now=before_two) is None
    assert due_pass(told, now=after_two) is FULL


def test_a_wider_pass_does_the_work_of_the_narrower_ones():
    done = after({"full": "x"}, WEEK, started_at=NOW)
    assert done == {"full": "x", "week": NOW.isoformat(), "recent": NOW.isoformat()}


def test_no_range_is_wider_than_thirty_days_and_none_leaves_a_gap():
    ranges = ranges_of(FULL, now=NOW)
    assert ranges == [
        (date(2026, 10, 22), date(2026, 11, 20)),
        (date(2026, 9, 22), date(2026, 10, 21)),
    ]
    assert ranges_of(RECENT, now=NOW) == [(date(2026, 11, 17), date(2026, 11, 20))]


def test_the_proofs_divisor_shortens_every_wait(settings):
    settings.TIMING_DIVISOR = 20.0
    wider = {"week": timedelta(0), "full": timedelta(0)}
    assert due_pass(ended(recent=timedelta(seconds=44), **wider), now=NOW) is None
    assert due_pass(ended(recent=timedelta(seconds=45), **wider), now=NOW) is RECENT
