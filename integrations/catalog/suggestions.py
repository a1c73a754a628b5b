"""Which Alegra product a variant probably is, and why. Pure: nothing is linked silently.

MasterShop reference: SKUs are free text, often empty or «GENERIC», so they only suggest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SAME_SKU = "same_sku"
SAME_BARCODE = "same_barcode"
NEAR_NAME = "near_name"


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _stem(word: str) -> str:
    """'negras' and 'negro' are one word; sizes and short words stay as they are."""
    if len(word) < 4:
        return word
    word = word.removesuffix("s")
    return word[:-1] if word[-1] in "aoe" else word


_NO_EVIDENCE = _each("generic generico sin sku sin-sku sinsku n/a none null ninguno") | {"sin sku"}
_FILLERS = _each("de del la el los las con para por y o en un una x set und unds unidad unidades")
SIZES = _each("xxs xs s m l xl xxl xxxl")
COLOURS = frozenset(
    map(
        _stem,
        _each(
            "negro blanco rojo azul verde amarillo gris rosado rosa morado cafe beige nude vino"
            " miel plateado dorado fucsia naranja celeste turquesa carey marron lila violeta"
            " crema transparente"
        ),
    )
)
_NEAR = 0.6
_SHORTEST_BARCODE = 8
# No key of a name is longer.
_LONGEST = 1_000


class Sold(Protocol):
    """What of a variant is compared. Keys are normalised."""

    sku_key: str
    barcode: str
    search_key: str


class Stocked(Protocol):
    """What of an Alegra product is compared."""

    reference_key: str
    barcode: str
    search_key: str


@dataclass(frozen=True)
class Suggestion:
    item: Stocked
    reason: str

    @property
    def is_exact(self) -> bool:
        return self.reason != NEAR_NAME


def is_evidence(sku_key: str) -> bool:
    """Whether a SKU says anything: «sin-sku» on a hundred products does not."""
    return len(sku_key) >= 3 and sku_key not in _NO_EVIDENCE and set(sku_key) != {"0"}


def best(variant: Sold, candidates: Iterable[Stocked]) -> Suggestion | None:
    """The likeliest of the candidates: same SKU, else same barcode, else a near-same name.

    Two candidates that are equally exact are told apart by their names.
    """
    candidates = list(candidates)
    if is_evidence(variant.sku_key):
        same = [item for item in candidates if item.reference_key == variant.sku_key]
        if same:
            return Suggestion(_nearest(variant, same), SAME_SKU)
    code = variant.barcode.strip()
    if len(code) >= _SHORTEST_BARCODE:
        same = [item for item in candidates if code in (item.barcode, item.reference_key)]
        if same:
            return Suggestion(_nearest(variant, same), SAME_BARCODE)
    near = [item for item in candidates if likeness(variant.search_key, item.search_key) >= _NEAR]
    return Suggestion(_nearest(variant, near), NEAR_NAME) if near else None


def likeness(one: str, other: str) -> float:
    """From 0 to 1. Names that differ in a number, a size or a colour are different things: 0."""
    left, right = words_of(one), words_of(other)
    if not left or not right:
        return 0.0
    for telling in (numbers_in, sizes_in):
        if telling(left) != telling(right):
            return 0.0
    colours = (left & COLOURS, right & COLOURS)
    if all(colours) and colours[0] != colours[1]:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def _nearest(variant: Sold, items: list[Stocked]) -> Stocked:
    return max(items, key=lambda item: likeness(variant.search_key, item.search_key))


def words_of(name: str) -> frozenset[str]:
    """Words and numbers of a normalised name, without fillers, each without its ending."""
    found = re.findall(r"[a-zñ]+|\d+", name[:_LONGEST])
    return frozenset(_stem(word) for word in found if word not in _FILLERS)


def numbers_in(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())


def sizes_in(words: frozenset[str]) -> frozenset[str]:
    return words & SIZES
