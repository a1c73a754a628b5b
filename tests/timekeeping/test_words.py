from datetime import UTC, datetime, timedelta

import pytest

from integrations.timekeeping import clock
from integrations.timekeeping.words import ago, bogota

NOW = datetime(2026, 11, 21, 15, 37, tzinfo=UTC)  # 10:37 in Bogotá


@pytest.fixture(autouse=True)
def _stopped_clock():
    with clock.frozen(NOW):
        yield


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=20), "hace un momento"),
        (timedelta(minutes=1), "hace 1 minuto"),
        (timedelta(minutes=6), "hace 6 minutos"),
        (timedelta(minutes=59, seconds=59), "hace 59 minutos"),
        (timedelta(hours=1), "9:37"),
        (timedelta(hours=10, minutes=36), "0:01"),
        (timedelta(hours=10, minutes=38), "20 nov 23:59"),
        (timedelta(days=365), "21 nov 2025 10:37"),
        (timedelta(minutes=-9), "10:46"),
        (timedelta(days=-1), "22 nov 10:37"),
    ],
)
def test_near_moments_are_told_in_words_and_far_ones_by_date(passed, text):
    assert ago(NOW - passed) == text


def test_a_moment_is_told_in_bogotas_time():
    assert bogota(datetime(2026, 11, 21, 3, 5, tzinfo=UTC)) == "20 nov 22:05"


def test_no_moment_is_no_text():
    assert ago(None) == bogota(None) == ""
