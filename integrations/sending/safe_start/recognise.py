"""Decides whether the portal made the marker in a text, by making it again from a number there.

The marker is ours if it can be made from a word of the text, for one of the company's integrations,
some cycle and some sale of that number. Another installation makes its markers with another key, or
for an integration that is not here: they are foreign and hold nothing.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from integrations.colombia.longest import line
from integrations.connections.models import AlegraCompany, Integration
from integrations.sending.marker import CYCLES, MARKER, made_by
from integrations.sending.safe_start.lists import AlegraList
from integrations.timekeeping.timing import (
    LONGEST_ROAD,
    OCCURRENCE_STEP,
    SAFE_START_MARGIN,
    timing,
)

# The marker of a later sale of a number contains the minute of its creation. Where that sale is not
# known, all minutes are tried with these cycles, which takes some tenths of a second.
_FIRST_CYCLES = range(3)
_MOST_WORDS = 60
# Stands between MasterShop's number and the shop's own number in the text.
_AND = " · "
_WORD = re.compile(r"[^\s·,;:()\[\]#\"']+")
_BARE = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Origin:
    """The integration and the order's number of which a marker was made."""

    integration: Integration
    number: str


class Recogniser:
    """Recognises the markers of one list, with few queries for many rows."""

    def __init__(self, company: AlegraCompany, alegra_list: AlegraList) -> None:
        self._list = alegra_list
        # Archived ones included: they made documents too.
        rows = Integration.objects.filter(company=company).only("pk", "source_key", "name")
        self._integrations = {each.pk: each for each in rows}
        # Numbers for which a marker was recognised, whether or not the database knows the sale.
        self._came: set[tuple[int, str]] = set()
        self._ends_at = time.monotonic() + timing().safe_start_tries

    def origins(self, texts: Sequence[tuple[str, str, date | None]]) -> list[Origin | None]:
        """For each (text, its marker, day of the row) the origin of the marker; None for a foreign
        one."""
        words = [words_of(text) for text, _marker, _day in texts]
        sales = self._sales({word for each in words for word in each})
        found = [
            self._origin(marker, told, sales)
            for (_text, marker, _day), told in zip(texts, words, strict=True)
        ]
        self._came |= {(each.integration.pk, each.number) for each in found if each is not None}
        for place, (_text, marker, day) in enumerate(texts):
            if found[place] is None and day is not None:
                found[place] = self._of_a_later_sale(marker, words[place], day, sales)
        return found

    def _sales(self, words: set[str]) -> dict[tuple[int, str], set[str]]:
        known: dict[tuple[int, str], set[str]] = defaultdict(set)
        asked = sorted(words)
        for start in range(0, len(asked), 500):
            some = asked[start : start + 500]
            for integration, number, occurrence in self._list.sales(self._integrations, some):
                known[integration, number].add(occurrence)
        return known

    def _origin(
        self, marker: str, words: Iterable[str], sales: dict[tuple[int, str], set[str]]
    ) -> Origin | None:
        for word in words:
            for pk, integration in self._integrations.items():
                occurrences = {"", *sales.get((pk, word), ())}
                if self._makes(marker, integration, word, CYCLES, occurrences):
                    return Origin(integration, word)
        return None

    def _of_a_later_sale(
        self,
        marker: str,
        words: Iterable[str],
        day: date,
        sales: dict[tuple[int, str], set[str]],
    ) -> Origin | None:
        """The origin with an unknown later sale, tried for numbers of which a sale is known."""
        for word in words:
            for pk, integration in self._integrations.items():
                came_before = (pk, word) in sales or (pk, word) in self._came
                if not came_before or time.monotonic() > self._ends_at:
                    continue
                if self._makes(marker, integration, word, _FIRST_CYCLES, minutes_before(day)):
                    return Origin(integration, word)
        return None

    def _makes(
        self,
        marker: str,
        integration: Integration,
        word: str,
        cycles: Iterable[int],
        occurrences: Iterable[str],
    ) -> bool:
        source = self._list.source(word)
        return made_by(marker, integration.source_key, source, cycles, occurrences) is not None


def words_of(text: str) -> list[str]:
    """Every part of this text that may be an order's number. Alegra keeps half as many characters
    as are read here."""
    said = MARKER.sub(" ", line(text))
    return list(dict.fromkeys(_candidates(said)))[:_MOST_WORDS]


def _candidates(said: str) -> Iterator[str]:
    # The form in which the portal writes it: the number comes after one or two words, and ends with
    # the text or before the shop's own number. It may contain any character itself.
    parts = said.strip().split(_AND)
    for last in range(len(parts), 0, -1):
        told = _AND.join(parts[:last]).split(" ", 2)
        for skipped in (1, 2):
            if rest := " ".join(told[skipped:]).strip():
                yield rest
    words = said.split()
    for word in words:
        yield word
        yield from _WORD.findall(word)
    for word in words:
        yield from _BARE.findall(word)
    for part in said.split("·"):
        told = part.split()
        for skipped in (1, 2):
            if len(told) > skipped + 1:
                yield " ".join(told[skipped:])


@lru_cache(maxsize=8)
def minutes_before(day: date) -> tuple[str, ...]:
    """Every minute of UTC in which the order of a document of this day may have been created, in
    the form of `Order.occurrence`, the newest first."""
    last = datetime.combine(day + SAFE_START_MARGIN, datetime.max.time())
    steps = int((LONGEST_ROAD + 2 * SAFE_START_MARGIN) / OCCURRENCE_STEP)
    return tuple((last - back * OCCURRENCE_STEP).strftime("%Y%m%d%H%M") for back in range(steps))
