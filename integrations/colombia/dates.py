"""The day of a document is the day in Bogotá, whatever the server's clock is set to.

Source: Colombian invoicing reference, "Dates" (DIAN rules FAD09e and FAD10).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")

# The tax authority compares the document's date with the moment of signature, so nothing is
# started so close to midnight that the two could fall on different days.
_LAST_START = time(23, 58)
_FIRST_START = time(0, 2)


def bogota(now: datetime) -> datetime:
    """Return the same moment as Bogotá's wall clock shows it. ValueError for a naive time."""
    if now.tzinfo is None:
        raise ValueError("a moment without time zone says nothing about Bogotá")
    return now.astimezone(BOGOTA)


def bogota_today(now: datetime) -> date:
    """Return the calendar day in Bogotá at that moment."""
    return bogota(now).date()


def end_of_midnight(now: datetime) -> datetime | None:
    """Return when something may be started again near midnight; None where it may be now."""
    if not is_near_midnight(now):
        return None
    here = bogota(now)
    day = here.date() + timedelta(days=1 if here.time() >= _LAST_START else 0)
    return datetime.combine(day, _FIRST_START, BOGOTA)


def is_near_midnight(now: datetime) -> bool:
    """Tell whether Bogotá's clock is between 23:58 (included) and 00:02 (excluded)."""
    at = bogota(now).time()
    return at >= _LAST_START or at < _FIRST_START
