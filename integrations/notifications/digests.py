"""What stands in a digest: what is new, what is still open with its age, what was solved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.notifications.letters import absolute
from integrations.notifications.news import CauseNews, Repeated
from integrations.notifications.wording import age_words, clock_words

LINES_SHOWN = 20


@dataclass(frozen=True)
class Line:
    cause: CauseNews
    age: str
    url: str


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]
    more: int
    # The age is told where a cause is old; the new ones are new.
    shows_age: bool = False
    is_solved: bool = False


def totals(causes: Collection[CauseNews], repeated: Repeated) -> dict[str, Any]:
    """The sums over these causes. `holding`: orders that wait for `waits_for` («por ti» where they
    wait for different things). The others only need a look. `drafts`: whether some of these may
    still be drafts."""
    awaited = {cause.waits_for for cause in causes if cause.holds}
    return {
        "waits_for": awaited.pop() if len(awaited) == 1 else "por ti",
        "count": len(causes),
        "drafts": any(cause.of_drafts for cause in causes if not cause.holds),
        "holding": sum(cause.orders for cause in causes if cause.holds) - repeated.holding,
        "orders": sum(cause.orders for cause in causes) - repeated.orders,
        "pesos": sum(cause.pesos for cause in causes) - repeated.pesos,
    }


def lines(causes: Iterable[CauseNews], now: datetime) -> list[Line]:
    """What is worth most first, and no more than a mail can hold."""
    in_order = sorted(causes, key=lambda cause: (-cause.pesos, cause.cause_id))
    return [
        Line(cause, age_words(cause.since, now), absolute(cause.cure_path))
        for cause in in_order[:LINES_SHOWN]
    ]


def digest(
    news: list[CauseNews],
    causes: list[CauseNews],
    *,
    known_at: Callable[[CauseNews], datetime | None],
    repeated: Callable[[Collection[CauseNews]], Repeated],
    slot: datetime,
    now: datetime,
) -> dict[str, Any]:
    """`news` is what made it due, `causes` everything that is known of the organization.

    `known_at` tells when the readers of this digest heard of a cause last.
    """
    due = [cause for cause in news if cause.solved_at is None]
    new = [cause for cause in due if known_at(cause) is None]
    grown = [cause for cause in due if known_at(cause) and cause.new_orders]
    told = {cause.cause_id for cause in [*new, *grown]}
    still_open = [
        cause
        for cause in causes
        if cause.solved_at is None
        and cause.orders
        and cause.cause_id not in told
        # What is told at once in these seconds is not told here as well.
        and cause.told_at is not None
    ]
    solved = [cause for cause in news if cause.solved_at is not None]
    sections = [
        _section("Nuevas", new, now),
        _section("Con pedidos nuevos", grown, now),
        _section("Siguen abiertas", still_open, now, shows_age=True),
        _section("Resueltas", solved, now, is_solved=True),
    ]
    told_of = [*new, *grown, *still_open]
    return totals(told_of, repeated(told_of)) | {
        "hour": clock_words(slot),
        "sections": [section for section in sections if section.lines],
        "list_url": absolute(news[0].list_path),
    }


def _section(title: str, causes: list[CauseNews], now: datetime, **extra: bool) -> Section:
    return Section(title, lines(causes, now), max(0, len(causes) - LINES_SHOWN), **extra)
