"""Which of two tellings of one order is the newest truth.

What MasterShop's API answers is newer than all that had arrived by then. Else newest is by
MasterShop's own date of the change; equal or absent → the higher rank, then the later arrival
(product: *An order arrives*). Statuses are not monotonic, so rank alone never decides between
two dated tellings; where it contradicts their dates, see `contradiction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrations.mastershop import statuses
from integrations.timekeeping.timing import CLOCK_AHEAD, CLOCK_BEHIND

_AFTER_EVERY_RANK = 9


@dataclass(frozen=True, slots=True)
class Telling:
    """What decides: MasterShop's date (None when absent), our status code ('' for a body that
    names none), our arrival.

    `not_before`: of a telling without a date, the newest date that was known before it.
    `answered_at`: when MasterShop's API gave it as an answer; None for what an event told.
    """

    updated_at: datetime | None
    status: str
    received_at: datetime
    not_before: datetime | None = None
    answered_at: datetime | None = None

    @property
    def true_at(self) -> datetime | None:
        """The latest moment at which it is known to have been true."""
        return self.answered_at or self.updated_at


def believed_date(
    told: datetime | None, received_at: datetime, *, created_at: datetime | None = None
) -> datetime | None:
    """MasterShop's date, or None for one of a wrong clock: ahead of ours, or long before the
    order was created. Believed, the first would outrank every later delivery for ever."""
    if told is None or told > received_at + CLOCK_AHEAD:
        return None
    if created_at is not None and told < created_at - CLOCK_BEHIND:
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
    if told.answered_at is not None and known.received_at <= told.answered_at:
        return True
    if known.answered_at is not None and told.received_at <= known.answered_at:
        return False
    told_at, known_at = told.true_at, known.true_at
    if told_at is not None and known_at is not None and told_at != known_at:
        return told_at > known_at
    if told_at is not None and known.not_before is not None and told_at < known.not_before:
        return False
    if None in (told_at, known_at) and not (told.status and known.status):
        # By its arrival alone: a body that names no status says nothing of how far it came.
        return told.received_at >= known.received_at
    if _weight(told) != _weight(known):
        return _weight(told) > _weight(known)
    return told.received_at >= known.received_at


def _weight(telling: Telling) -> int:
    """Of one second a body without a status comes before all that name one: what it is compared
    with must not depend on which of the others was read before it."""
    return weight(telling.status) if telling.status else -1
