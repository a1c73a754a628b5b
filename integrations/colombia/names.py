"""A buyer's name in two parts, as Alegra wants it for persons, or whole for companies.

Source: Colombian invoicing reference, "Names". The words it recognises stand in
`name_words`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Literal

from integrations.colombia.company_names import looks_like_company
from integrations.colombia.longest import line
from integrations.colombia.name_noise import ReadName, read_company, read_person
from integrations.colombia.name_words import (
    PARTICLES,
    SECOND_GIVEN_NAMES,
    SURNAMES,
    TITLES,
)

# Markup typed or pasted into a shop's form. What it encloses is the name.
_TAG = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True)
class Name:
    """A company has only `full`; a person has what could be told of the parts.

    `low_confidence` says that the split was a guess worth a look.
    """

    kind: Literal["person", "company"]
    first: str
    last: str
    full: str
    low_confidence: bool = False
    # What was cut of it, why a person must look, and identifications written beside it
    # (`name_noise.ReadName`).
    cut: tuple[str, ...] = field(default=(), compare=False)
    why: str = field(default="", compare=False)
    numbers: tuple[str, ...] = field(default=(), compare=False, repr=False)


def split_name(
    full: str,
    *,
    first: str = "",
    last: str = "",
    is_company: bool = False,
    is_checked: bool = False,
) -> Name:
    """Return the name in parts. Parts that were given apart are used, never split again.

    What is no name is cut, or `why` says that a person must look; of a name that a person wrote
    (`is_checked`) neither. A person without any usable name comes back with empty fields;
    nothing is invented.
    """
    full, first, last = (_TAG.sub(" ", line(text)) for text in (full, first, last))
    whole = _spaced(full) or _spaced(f"{first} {last}")
    if is_company or looks_like_company(whole):
        if _says_nothing(whole):
            return Name("company", "", "", "")
        read = ReadName(whole) if is_checked else read_company(whole)
        return _with(Name("company", "", "", " ".join(_once(read.text.split()))), read)
    reads = [
        ReadName(text) if is_checked or _says_nothing(text) else read_person(text)
        for text in (first, last, full)
    ]
    given, family, both = (_once(_person_words(read.text)) for read in reads)
    if given and family and not _is_typed_twice(given, family):
        return _with(_person(given, family), *reads[:2])
    read = reads[2] if both else reads[0] if given else reads[1]
    units = _units(both or given or family)
    if not units:
        return _with(_person([], []), *reads)
    cut = _cut(units)
    doubtful = len(units) == 3 or _plain(units[0]) in SURNAMES or "," in full
    return _with(_person(units[:cut], units[cut:], low_confidence=doubtful), read)


def _with(name: Name, *reads: ReadName) -> Name:
    return replace(
        name,
        cut=tuple(dict.fromkeys(kind for read in reads for kind in read.cut)),
        why=next((read.why for read in reads if read.why), ""),
        numbers=tuple(number for read in reads for number in read.numbers),
    )


def _once(words: list[str]) -> list[str]:
    """`Juan Pérez Juan Pérez` is one name typed twice; `García García` are two surnames."""
    plain = [_plain(word) for word in words]
    for size in range(2, len(words) // 2 + 1):
        if len(words) % size == 0 and plain == plain[:size] * (len(words) // size):
            return words[:size]
    return words


def _is_typed_twice(given: list[str], family: list[str]) -> bool:
    """The whole name stands in both fields. One word in both may be a name and a surname."""
    return len(given) > 1 and [*map(_plain, given)] == [*map(_plain, family)]


def _cut(units: list[str]) -> int:
    """Return how many units are given names."""
    count = len(units)
    if count <= 2:
        return 1
    if count == 3:
        return 2 if _plain(units[1]) in SECOND_GIVEN_NAMES else 1
    # A married name ("de Peña") belongs to the surname before it.
    married = _plain(units[-1]).startswith("de ")
    if count == 4:
        return 1 if married and _plain(units[1]) in SURNAMES else 2
    return count - 3 if married else count - 2


def _units(words: list[str]) -> list[str]:
    """Glue particles to the word they introduce: `de`, `la`, `Torre` are one unit."""
    units: list[str] = []
    waiting: list[str] = []
    for word in words:
        waiting.append(word)
        if _plain(word) not in PARTICLES:
            units.append(" ".join(waiting))
            waiting = []
    if waiting:
        units.append(" ".join(waiting))
    return units


def _person_words(text: str) -> list[str]:
    """Return the words of a person's name: no emoji, digits, titles or placeholders."""
    if _says_nothing(text):
        return []
    letters = "".join(
        char if unicodedata.category(char)[0] in "LM" or char in "-'’" else " "
        for char in unicodedata.normalize("NFC", text)
    )
    words = [word.strip("-'’") for word in letters.split()]
    words = [word for word in words if word]
    while len(words) > 1 and _plain(words[0]) in TITLES:
        words.pop(0)
    return [_capitals(word) for word in words]


def _person(given: list[str], family: list[str], *, low_confidence: bool = False) -> Name:
    first, last = " ".join(given), " ".join(family)
    return Name("person", first, last, f"{first} {last}".strip(), low_confidence)


def _capitals(word: str) -> str:
    """Write `RESTREPO` and `restrepo` as `Restrepo`; leave `McDonald` as its bearer wrote it."""
    if not (word.isupper() or word.islower()):
        return word
    parts = re.split(r"([-'’])", word.lower())
    return "".join(part[:1].upper() + part[1:] for part in parts)


def _says_nothing(text: str) -> bool:
    return _plain(_spaced(text)).strip(" .-") in {
        "",
        "sin datos",
        "sin nombre",
        "null",
        "none",
        "n/a",
    }


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
