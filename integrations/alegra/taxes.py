"""Taxes; their ids differ from account to account, so none is ever assumed.

https://developer.alegra.com/reference (taxes)
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import pages
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import money


@dataclass(frozen=True, kw_only=True)
class Tax(Entry):
    """``percentage`` as 19.00; None when the row does not tell."""

    percentage: Decimal | None


def every(client: AlegraClient) -> tuple[Tax, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/taxes"))


def from_row(row: dict[str, Any]) -> Tax:
    return Tax(percentage=money(row.get("percentage")), **common(row))
