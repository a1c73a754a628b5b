"""How often, and how far back, the order list is read.

MasterShop reference, receiving contract: every 15 minutes the last 3 days, every hour the last
7, every night the last 60 in two ranges of 30. A wider pass does the work of the narrower ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.timekeeping.timing import timing

_BOGOTA = ZoneInfo("America/Bogota")
_NIGHT = time(2, 0)
_RANGE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Pass:
    """`every` names a duration of `Timing`, '' for one that comes once; `days` back from today."""

    name: str
    every: str
    days: int


RECENT = Pass("recent", "pull_recent", 3)
WEEK = Pass("week", "pull_week", 7)
FULL = Pass("full", "pull_full", 60)
WIDEST_FIRST = (FULL, WEEK, RECENT)


def due_pass(ended: Mapping[str, str], *, now: datetime) -> Pass | None:
    """The widest pass that is due, from when each kind last ended well (ISO texts)."""
    for one in WIDEST_FIRST:
        last = ended_at(ended, one.name)
        if last is None or now - last >= timing().delta(one.every):
            return one
        if one is FULL and last < _last_night(now):
            return one
    return None


def after(ended: Mapping[str, str], done: Pass, *, started_at: datetime) -> dict[str, str]:
    """The same record once this pass, and with it every narrower one, ended well."""
    covered = WIDEST_FIRST[WIDEST_FIRST.index(done) :]
    return dict(ended) | {one.name: started_at.isoformat() for one in covered}


def ended_at(ended: Mapping[str, str], name: str) -> datetime | None:
    told = ended.get(name)
    return datetime.fromisoformat(told) if told else None


def ranges_of(one: Pass, *, now: datetime) -> list[tuple[date, date]]:
    """The days to list, newest range first, each of at most 30 days, both ends included.

    The zone of MasterShop's days is not documented: it ends with UTC's day, which is never
    behind Bogotá's, and the day more at the far end costs nothing.
    """
    end = now.astimezone(UTC).date()
    first = end - timedelta(days=one.days if one.days < _RANGE_DAYS else one.days - 1)
    ranges = []
    while end >= first:
        start = max(first, end - timedelta(days=_RANGE_DAYS - 1))
        ranges.append((start, end))
        end = start - timedelta(days=1)
    return ranges


def covers_since(one: Pass, *, now: datetime) -> datetime:
    """The moment from which on this pass sees every order created."""
    return now - timedelta(days=one.days - 1)


def _last_night(now: datetime) -> datetime:
    here = now.astimezone(_BOGOTA)
    night = datetime.combine(here.date(), _NIGHT, tzinfo=_BOGOTA)
    return night if night <= here else night - timedelta(days=1)
