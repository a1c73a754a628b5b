"""Who sold. https://developer.alegra.com/reference (sellers)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages, records
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import segment


@dataclass(frozen=True, kw_only=True)
class Seller(Entry):
    """A seller a document may name."""


def every(client: AlegraClient) -> tuple[Seller, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/sellers"))


def read(client: AlegraClient, entry_id: str) -> Seller:
    return from_row(records.read(client, f"/sellers/{segment(entry_id)}"))


def from_row(row: dict[str, Any]) -> Seller:
    return Seller(**common(row))
