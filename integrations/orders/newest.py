"""Which of two tellings of one order is the newest truth.

Newest is by MasterShop's own date of the change; equal or absent → the higher rank, then the
later arrival (product: *An order arrives*). Statuses are not monotonic, so rank alone never
decides between two dated tellings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.mastershop import statuses

# A date further ahead than this is a wrong clock: believed, it would outrank every later
# delivery of the order for ever.
_FURTHEST_AHEAD = timedelta(days=1)
_AFTER_EVERY_RANK = 9


@dataclass(frozen=True, slots=True)
class Telling:
    """What decides: MasterShop's date (None when absent), our status code, our arrival.

    `not_before`: of a telling without a date, the newest date that was known before it.
    """

    updated_at: datetime | None
    status: str
    received_at: datetime
    not_before: datetime | None = None


def believed_date(told: datetime | None, received_at: datetime) -> datetime | None:
    """MasterShop's date, or None for one that lies in the future."""
    if told is None or told > received_at + _FURTHEST_AHEAD:
        return None
    return told


def rank(status: str) -> int:
    """The rank of a status code on the way to the buyer; 0 for those that never fire."""
    return statuses.by_code(status).rank or 0


def weight(status: str) -> int:
    """Rank for comparing tellings without dates: what ends an order comes after delivery, and
    a status nobody knows comes before all."""
    known = statuses.by_code(status)
    if known.rank is None and known.is_terminal:
        return _AFTER_EVERY_RANK
    return known.rank or 0


def is_newer(told: Telling, known: Telling) -> bool:
    """Whether `told` replaces `known`; the same telling again does."""
    if (
        told.updated_at is not None
        and known.updated_at is not None
        and told.updated_at != known.updated_at
    ):
        return told.updated_at > known.updated_at
    if (
        told.updated_at is not None
        and known.not_before is not None
        and told.updated_at < known.not_before
    ):
        return False
    if weight(told.status) != weight(known.status):
        return weight(told.status) > weight(known.status)
    return told.received_at >= known.received_at
