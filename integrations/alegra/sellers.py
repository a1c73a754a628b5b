"""Who sold. https://developer.alegra.com/reference (sellers)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages
from .catalogues import Entry, common
from .client import AlegraClient


@dataclass(frozen=True, kw_only=True)
class Seller(Entry):
    """A seller a document may name."""


def every(client: AlegraClient) -> tuple[Seller, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/sellers"))


def from_row(row: dict[str, Any]) -> Seller:
    return Seller(**common(row))
