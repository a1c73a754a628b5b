"""Where news comes from: the rooms above register what they know, this room never looks up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol

from integrations.notifications.news import CauseNews, News, OrderRow, Repeated, Told


class Source(Protocol):
    def organizations(self, now: datetime) -> Iterable[int]:
        """Organizations that may have something to tell; called outside any scope."""

    def news(self, organization_id: int, now: datetime) -> Iterable[News]:
        """Everything of the organization in scope that was not told to its end."""

    def rows(self, news: CauseNews, limit: int) -> tuple[OrderRow, ...]:
        """The newest orders of a cause."""

    def repeated(self, causes: Collection[CauseNews]) -> Repeated:
        """The orders that sums over these causes count more than once."""

    def mark(self, news: News, told: Told, now: datetime) -> bool:
        """Note that it was told, unless somebody else noted it since it was read: then False.

        Called in the transaction that writes the mails.
        """

    def integration(self, integration_id: int) -> Any:
        """The integration a page is about, in the organization in scope. Raises Http404."""


_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def sources() -> tuple[Source, ...]:
    return tuple(_sources)
