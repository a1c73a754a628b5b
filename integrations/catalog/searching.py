"""One search for both sides: by the beginning of a key, else by words inside the name."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from integrations.scoping.search_key import normalised, starts_with

Row = TypeVar("Row", bound=Model)

FEW = 5
# Words inside a name use no index: no more rows than these are looked at.
MOST_SCANNED = 20_000


def by_prefix(text: str, keys: tuple[str, ...]) -> Q:
    return reduce(or_, (starts_with(key, text) for key in keys))


def by_words(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    """Those among the first rows whose name holds every word."""
    scanned = rows.order_by("search_key").values("pk")[:MOST_SCANNED]
    words = normalised(text).split()[:6]
    matching = reduce(
        lambda found, word: found & Q(search_key__contains=word), words, Q(pk__in=scanned)
    )
    return rows.filter(matching)


def find(rows: QuerySet[Row], text: str, *, keys: tuple[str, ...], limit: int) -> list[Row]:
    """At most `limit` rows: prefixes first, then words while there are few. Needs `search_key`."""
    if not normalised(text):
        return []
    found = list(rows.filter(by_prefix(text, keys)).order_by("search_key", "pk")[:limit])
    if len(found) < FEW:
        known = {row.pk for row in found}
        more = by_words(rows, text).order_by("search_key", "pk")[:limit]
        found += [row for row in more if row.pk not in known][: limit - len(found)]
    return found
