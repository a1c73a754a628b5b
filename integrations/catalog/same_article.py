"""Whether what an order's line sells is the article that was linked. Pure.

MasterShop sells another article under an old id, and SKUs are free text. What speaks for the
linked article lets the line go: its SKU however it is written, or a name with the same words.
What only speaks against it is asked about. Product rules: *Relación de productos*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from integrations.catalog.suggestions import (
    COLOURS,
    is_evidence,
    numbers_in,
    sizes_in,
    words_of,
)
from integrations.scoping.search_key import MAX_LENGTH, normalised

# How like two SKUs are: not at all, but for punctuation and zeros, but for case and accents.
UNLIKE, LOOSELY, EXACTLY = 0, 1, 2
# The share of the shorter name's words that names of one article have in common.
_ENOUGH = 0.5
# Words and whole names that differ by a letter or a blank are the same.
_SAME_WORD, _SAME_NAME, _SHORTEST_WORD = 0.8, 0.93, 4


@dataclass(frozen=True)
class Words:
    """What an article is called somewhere: in a line, in its link, in Alegra."""

    name: str = ""
    sku: str = ""


def loose_sku(sku: str) -> str:
    """A SKU without case, accents, punctuation and leading zeros; '' for one that says nothing.

    Two runs of digits stay apart: 1-23 is not 12-3.
    """
    key = normalised(sku)
    if not is_evidence(key):
        return ""
    parts = [part.lstrip("0") or "0" for part in re.findall(r"[^\W\d_]+|\d+", key)]
    text = "".join(
        ("." if place and part[0].isdigit() and parts[place - 1][-1].isdigit() else "") + part
        for place, part in enumerate(parts)
    )
    return text[:MAX_LENGTH]


def sku_spellings(sku: str) -> set[str]:
    """The keys under which the same SKU may stand as a reference."""
    key = normalised(sku)
    parts = [part for part in re.split(r"[\W_]+", key) if part]
    return {key, *(sign.join(parts) for sign in ("", " ", "-", "_", "."))} if key else set()


def sku_likeness(one: str, other: str) -> int:
    """UNLIKE, LOOSELY or EXACTLY; a SKU that says nothing is like no other."""
    left, right = normalised(one), normalised(other)
    if not left or not right:
        return UNLIKE
    if left == right:
        return EXACTLY
    return LOOSELY if loose_sku(one) and loose_sku(one) == loose_sku(other) else UNLIKE


def best_likeness(sku: str, known: Iterable[Words]) -> int:
    return max((sku_likeness(sku, each.sku) for each in known), default=UNLIKE)


def name_likeness(one: str, other: str) -> float | None:
    """From 0 to 1, None where a name says nothing. What one leaves out is no difference; another
    number, size or colour is: 0."""
    one, other = normalised(one), normalised(other)
    left, right = words_of(one), words_of(other)
    if not left or not right:
        return None
    for telling in (numbers_in, sizes_in, _colours_in):
        mine, theirs = telling(left), telling(right)
        if mine - theirs and theirs - mine:
            return 0.0
    left, right = _things_in(left), _things_in(right)
    if not left or not right:
        return None
    if SequenceMatcher(None, _squeezed(one), _squeezed(other)).ratio() >= _SAME_NAME:
        return 1.0
    fewer, more = sorted((left, right), key=len)
    return sum(_is_among(word, more) for word in fewer) / len(fewer)


def is_doubtful(told: Words, linked: Sequence[Words], also: Sequence[Words] = ()) -> bool:
    """Whether nothing that the line tells speaks for the linked article, and something against.

    `linked`: what it was called when it was linked, and what a person said is the same. `also`
    speaks for it only: its name and reference in Alegra, which a person linked whatever they are.
    """
    if best_likeness(told.sku, (*linked, *also)):
        return False
    other_sku = bool(loose_sku(told.sku)) and any(loose_sku(each.sku) for each in linked)
    of_linked = [name_likeness(told.name, each.name) for each in linked]
    if all(each is None for each in of_linked):
        return other_sku
    of_any = of_linked + [name_likeness(told.name, each.name) for each in also]
    nearest = max(each for each in of_any if each is not None)
    # Without a SKU to compare, a name is another only when it has nothing in common.
    return nearest <= _ENOUGH if other_sku else nearest == 0


def _things_in(words: frozenset[str]) -> frozenset[str]:
    """What is left of a name without its numbers, sizes and colours."""
    return words - numbers_in(words) - sizes_in(words) - COLOURS


def _colours_in(words: frozenset[str]) -> frozenset[str]:
    return words & COLOURS


def _is_among(word: str, words: frozenset[str]) -> bool:
    if word in words:
        return True
    return len(word) >= _SHORTEST_WORD and any(
        len(each) >= _SHORTEST_WORD and SequenceMatcher(None, word, each).ratio() >= _SAME_WORD
        for each in words
    )


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name)
