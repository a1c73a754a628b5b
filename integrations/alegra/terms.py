"""Payment terms. https://developer.alegra.com/reference (terms)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import whole


@dataclass(frozen=True, kw_only=True)
class Term(Entry):
    """``days`` until a document is due; None when unreadable."""

    days: int | None


def every(client: AlegraClient) -> tuple[Term, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/terms"))


def from_row(row: dict[str, Any]) -> Term:
    return Term(days=whole(row.get("days")), **common(row))
