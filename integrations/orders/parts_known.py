"""Which telling each part of an order comes from, and what stands when tellings differ.

Part by part the newest telling counts (`newest.is_newer`), so that a body which leaves parts
out takes nothing away, and an older one that comes late fills in what newer ones left open.
The result does not depend on the order in which dated tellings arrive.

Kept beside the order as JSON: `tellings`, and for each part the index of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from integrations.mastershop import personal
from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parts import CITY, DOC_NUMBER, NAME, NEEDED, PARTS, put, value_of
from integrations.orders.newest import Telling, is_newer
from integrations.scoping.search_key import normalised as search_key

_SHORTEST_WORD = 3
# No document depends on these.
_PASSING = frozenset({"created", "gateway", "carrier", "guide", "notes", "tags"})
# Who the buyer is. That a source shows it empty says nothing against what was known.
IDENTITY = frozenset({NAME, DOC_NUMBER, "doc_type"})


@dataclass(frozen=True, slots=True)
class Source:
    """A telling with what its word is worth. `signed`: it may be believed without reading the
    order at its source. `weak`: good only where nobody has said it."""

    telling: Telling
    signed: bool
    weak: bool = False


@dataclass(slots=True)
class Part:
    """`belongs_to`: what the part it depends on was in the same body. `aside`: its value while
    it does not count, because the order now says another person, number or town, or because it
    is `denied`: nobody vouches for it, and the order's source shows none."""

    source: Source
    belongs_to: str = ""
    aside: list[Any] | None = None
    denied: bool = False


@dataclass(slots=True)
class PartsKnown:
    """The parts of one order. `row_total`: what the list said the order comes to. `newest`: the
    telling that is the newest of the order as a whole."""

    parts: dict[str, Part] = field(default_factory=dict)
    row_total: tuple[str, Source] | None = None
    newest: Telling | None = None

    def take(
        self, order: dict[str, Any], told: dict[str, Any], names: Iterable[str], source: Source
    ) -> set[str]:
        """Write into `order` (as JSON) the named parts of `told` that are newer than what it
        has. Returns those that were taken."""
        self._bring_back(order)
        taken = set()
        for name in names:
            known = self.parts.get(name)
            value = value_of(told, name)
            here = _worth(source, name, value, value_of(order, name))
            if known is not None and not _replaces(here, known.source):
                continue
            if name in IDENTITY and not any(value):
                # Emptied at its source: what was vouched for stays, another number is asked about.
                if known is not None and name == DOC_NUMBER and not known.source.signed:
                    known.denied = True
                continue
            if known is not None and known.source.signed and value_of(order, name) == value:
                # Saying again what was believed makes nothing doubtful.
                now = Source(_after(source.telling, known), True, here.weak)
            else:
                now = Source(_after(source.telling, known), source.signed, here.weak)
            self.parts[name] = Part(now, _companion(told, name))
            put(order, name, value)
            taken.add(name)
        self._put_aside(order)
        return taken

    def lacks(self) -> frozenset[str]:
        """The parts that no document can do without and that nobody has told."""
        return frozenset(name for name in NEEDED if name not in self.parts)

    def tells(self, name: str) -> bool:
        return name in self.parts

    def is_asunder(self) -> bool:
        """Whether the identification known is another person's than the order now names, or
        was denied by its source."""
        number = self.parts.get(DOC_NUMBER)
        return number is not None and number.aside is not None

    def lost_identification(self) -> tuple[str, str]:
        """Type and number that were known and do not count any more; '' where none was lost."""
        number, kind = self.parts.get(DOC_NUMBER), self.parts.get("doc_type")
        if number is None or not number.aside:
            return "", ""
        return (kind.aside[0] if kind is not None and kind.aside else ""), number.aside[0]

    def is_total_in_doubt(self, total: str | None) -> bool:
        """Whether the list told, later than any body, that the order comes to something else."""
        known = self.parts.get("total")
        if self.row_total is None or known is None:
            return False
        told, source = self.row_total
        if total is not None and Decimal(told) == Decimal(total):
            return False
        return not is_newer(known.source.telling, source.telling)

    def note_row_total(self, total: str, source: Source) -> None:
        now = Source(_after(source.telling, self.parts.get("total")), source.signed, source.weak)
        self.row_total = (total, now)

    def is_signed(self) -> bool:
        """Whether all that a document depends on may be believed."""
        return all(part.source.signed for name, part in self.parts.items() if name not in _PASSING)

    def _bring_back(self, order: dict[str, Any]) -> None:
        for name, part in self.parts.items():
            if part.aside is not None:
                put(order, name, part.aside)
                part.aside = None

    def _put_aside(self, order: dict[str, Any]) -> None:
        """What was told of another person, number or town is not true of this one."""
        # In the order of the table: a number that is put aside takes its type with it.
        for name, leader in _FOLLOWERS:
            part = self.parts.get(name)
            if part is None:
                continue
            number = self.parts.get(DOC_NUMBER)
            is_denied = part.denied or (name == "doc_type" and number is not None and number.denied)
            if is_denied or not _agree(leader, part.belongs_to, _key(order, leader)):
                part.aside = value_of(order, name)
                put(order, name, value_of(_NOTHING, name))

    # --- As JSON ---------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        tellings: list[list[Any]] = []

        def index(source: Source) -> int:
            row = _source_to_json(source)
            if row not in tellings:
                tellings.append(row)
            return tellings.index(row)

        parts = {}
        for name, part in self.parts.items():
            entry: dict[str, Any] = {"by": index(part.source)}
            if part.belongs_to:
                entry["with"] = part.belongs_to
            if part.aside is not None:
                entry["aside"] = part.aside
            if part.denied:
                entry["denied"] = True
            parts[name] = entry
        found: dict[str, Any] = {"tellings": tellings, "parts": parts}
        if self.row_total is not None:
            found["row_total"] = [self.row_total[0], index(self.row_total[1])]
        if self.newest is not None:
            found["newest"] = index(Source(self.newest, signed=True))
        return found

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> PartsKnown:
        sources = [_source_from_json(row) for row in stored.get("tellings", ())]
        known = cls(
            {
                name: Part(
                    sources[entry["by"]],
                    entry.get("with", ""),
                    entry.get("aside"),
                    entry.get("denied", False),
                )
                for name, entry in stored.get("parts", {}).items()
                if name in PARTS
            }
        )
        if "row_total" in stored:
            total, by = stored["row_total"]
            known.row_total = (total, sources[by])
        if "newest" in stored:
            known.newest = sources[stored["newest"]].telling
        return known


def _replaces(source: Source, known: Source) -> bool:
    if source.weak != known.weak:
        return known.weak
    return is_newer(source.telling, known.telling)


def _worth(source: Source, name: str, value: list[Any], known: list[Any]) -> Source:
    """A covered number is no doubt about the one that it can be; of another it is news."""
    if name != DOC_NUMBER or not source.weak or not any(known):
        return source
    told, before = str(value[0]), str(known[0])
    if not personal.is_covered(told) or personal.may_cover(told, before):
        return source
    return replace(source, weak=False)


def _after(telling: Telling, known: Part | None) -> Telling:
    """A telling without a date still comes after the newest date that was known."""
    if telling.true_at is not None or known is None:
        return telling
    before = known.source.telling
    return replace(telling, not_before=before.true_at or before.not_before)


def _companion(order: dict[str, Any], name: str) -> str:
    leader = PARTS[name].with_part
    return _key(order, leader) if leader else ""


def _key(order: dict[str, Any], part: str) -> str:
    words = " ".join(str(each) for each in value_of(order, part) if each).split()
    if part == NAME:
        # What is left of a covered word is no word of the name.
        words = [word for word in words if not personal.is_covered(word)]
    return search_key(" ".join(words))


def _agree(part: str, one: str, other: str) -> bool:
    """Whether two values name the same person, town or number. A body without the name or the
    town may be about any; a type of document is true of the number it came with and no other."""
    if part == NAME:
        words, others = _words(one), _words(other)
        return not words or not others or bool(words & others)
    if part == CITY:
        return one.startswith(other) or other.startswith(one)
    return one == other


def _words(name: str) -> set[str]:
    return {word for word in name.split() if len(word) >= _SHORTEST_WORD}


def _source_to_json(source: Source) -> list[Any]:
    told = source.telling
    return [
        told.updated_at and told.updated_at.isoformat(),
        told.status,
        told.received_at.isoformat(),
        told.not_before and told.not_before.isoformat(),
        told.answered_at and told.answered_at.isoformat(),
        source.signed,
        source.weak,
    ]


def _source_from_json(row: list[Any]) -> Source:
    at, status, received, not_before, answered, signed, weak = row
    return Source(
        Telling(
            at and datetime.fromisoformat(at),
            status,
            datetime.fromisoformat(received),
            not_before and datetime.fromisoformat(not_before),
            answered and datetime.fromisoformat(answered),
        ),
        signed,
        weak,
    )


_FOLLOWERS = [(part.name, part.with_part) for part in PARTS.values() if part.with_part]
_NOTHING = NormalisedOrder(order_id="").to_json()
