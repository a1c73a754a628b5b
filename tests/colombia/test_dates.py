"""The day in Bogotá."""

from datetime import UTC, date, datetime

import pytest

from integrations.colombia.dates import bogota, bogota_today, is_near_midnight


def test_the_evening_in_bogota_is_already_tomorrow_in_utc():
    assert bogota_today(datetime(2026, 12, 1, 0, 30, tzinfo=UTC)) == date(2026, 11, 30)
    assert bogota_today(datetime(2026, 12, 1, 5, 0, tzinfo=UTC)) == date(2026, 12, 1)


@pytest.mark.parametrize("month", [1, 7])
def test_there_is_no_daylight_saving(month):
    assert bogota(datetime(2026, month, 1, 12, tzinfo=UTC)).hour == 7


@pytest.mark.parametrize(
    ("hour", "minute", "second", "near"),
    [
        (4, 57, 59, False),
        (4, 58, 0, True),
        (5, 0, 0, True),
        (5, 1, 59, True),
        (5, 2, 0, False),
        (17, 0, 0, False),
    ],
)
def test_nothing_is_stamped_around_midnight(hour, minute, second, near):
    assert is_near_midnight(datetime(2026, 12, 1, hour, minute, second, tzinfo=UTC)) is near


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        bogota_today(datetime(2026, 12, 1))
