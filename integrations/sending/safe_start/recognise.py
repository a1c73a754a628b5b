"""Whose marker a text carries: one of ours, made again from a number in it, or another's.

Ours is made again from some word of the text, for one of the company's integrations, some cycle
and some sale of that number. What another installation made was made with another key, or for
an integration that is not here: it is foreign and holds nothing.
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

# Of a later sale of a number the marker holds the minute of its creation. Where that sale is not
# known all minutes are tried, which takes some tenths of a second, with these cycles.
_FIRST_CYCLES = range(3)
_MOST_WORDS = 60
# Between the number and what the shop calls the order.
_AND = " · "
_WORD = re.compile(r"[^\s·,;:()\[\]#\"']+")
_BARE = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Origin:
    """What a marker was made of."""

    integration: Integration
    number: str


class Recogniser:
    """For the rows of one list; what a look asks the database, it asks once for all of them."""

    def __init__(self, company: AlegraCompany, alegra_list: AlegraList) -> None:
        self._list = alegra_list
        # Those that were archived made documents too.
        rows = Integration.objects.filter(company=company).only("pk", "source_key", "name")
        self._integrations = {each.pk: each for each in rows}
        # Numbers of sales that were made here, whatever the database knows of them.
        self._came: set[tuple[int, str]] = set()
        self._ends_at = time.monotonic() + timing().safe_start_tries

    def origins(self, texts: Sequence[tuple[str, str, date | None]]) -> list[Origin | None]:
        """Of each (text, its marker, day of the row) what it was made of, None for a foreign
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
        """Only numbers come again that were there before."""
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
    """All that may be an order's number in this text, without its marker. Alegra keeps half as
    much of a text as is read here."""
    said = MARKER.sub(" ", line(text))
    return list(dict.fromkeys(_candidates(said)))[:_MOST_WORDS]


def _candidates(said: str) -> Iterator[str]:
    # As it was written: the number stands behind the one or two words that say what it is, and
    # ends with the text or before what the shop calls the order. It may be any text itself.
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
    """Every minute of UTC in which the order of a document of this day may have been created, as
    `Order.occurrence` tells them, the newest first."""
    last = datetime.combine(day + SAFE_START_MARGIN, datetime.max.time())
    steps = int((LONGEST_ROAD + 2 * SAFE_START_MARGIN) / OCCURRENCE_STEP)
    return tuple((last - back * OCCURRENCE_STEP).strftime("%Y%m%d%H%M") for back in range(steps))
