"""How ids and amounts look in an answer: text, number, text with ten decimals.

The same record always looks the same; which form it gets follows from its id.
"""

from __future__ import annotations

import os
import time
import uuid
from decimal import ROUND_DOWN, Decimal
from typing import Any
from zlib import crc32

from integrations.simulators.facts import Facts

# New records of these kinds have had UUIDs since the days Alegra announced for each.
UUID_KINDS = frozenset(
    {
        "inventory-adjustments",
        "price-lists",
        "warehouse-transfers",
        "warehouses",
        "sellers",
        "terms",
        "estimates",
        "remissions",
        "items",
    }
)
_TEN = Decimal("1E-10")


def uuid7() -> str:
    """A UUID of version 7: milliseconds first, then chance."""
    milliseconds = int(time.time() * 1000)
    value = (milliseconds << 80) | (int.from_bytes(os.urandom(10), "big"))
    return _as_version_7(value)


def seeded_uuid7(word: str) -> str:
    """A UUID of version 7 that is the same for the same word, dated in June 2026."""
    tail = uuid.uuid5(uuid.NAMESPACE_OID, word).int & ((1 << 80) - 1)
    return _as_version_7((1_781_000_000_000 << 80) | tail)


def _as_version_7(value: int) -> str:
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def plain(value: Decimal) -> str:
    """A Decimal as text without exponent and without trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Shapes:
    """The forms that the facts ask for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def varied(self) -> bool:
        """Whether objects and arrays, texts and numbers take turns."""
        return bool(self._facts["ids"] == "mixed")

    def new_id_is_uuid(self, kind: str) -> bool:
        form = self._facts["ids"]
        return form == "uuid" or (form == "mixed" and kind in UUID_KINDS)

    def id(self, kind: str, key: str) -> str | int:
        """An id as it appears in JSON."""
        form = self._facts["ids"]
        if form == "number" or (form == "mixed" and self.turn(4, kind, key) == 0):
            return int(key) if key.isdigit() else key
        return key

    def money(self, value: str | Decimal, *seed: str) -> Any:
        """An amount as it appears in JSON: int, float, short text or text with ten decimals."""
        amount = Decimal(value)
        form = self._facts["money"]
        turn = self.turn(3, *seed)
        if form == "number" or (form == "mixed" and turn == 0):
            return int(amount) if amount == amount.to_integral_value() else float(amount)
        if turn == 1:
            return plain(amount)
        return format(amount.quantize(_TEN, ROUND_DOWN), "f")

    def one_or_list(self, value: Any, *seed: str) -> Any:
        """An object, or an array of it."""
        if self.varied and self.turn(3, *seed, "list") == 0:
            return [value]
        return value

    def turn(self, choices: int, *seed: str) -> int:
        """Which of so many forms this seed gets."""
        return crc32("/".join(seed).encode()) % choices
