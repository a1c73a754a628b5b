"""Where money is received. https://developer.alegra.com/reference (bank-accounts)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages, records
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import segment, text


@dataclass(frozen=True, kw_only=True)
class BankAccount(Entry):
    """``type``: bank, cash or credit-card."""

    type: str


def every(client: AlegraClient) -> tuple[BankAccount, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/bank-accounts"))


def read(client: AlegraClient, entry_id: str) -> BankAccount:
    return from_row(records.read(client, f"/bank-accounts/{segment(entry_id)}"))


def from_row(row: dict[str, Any]) -> BankAccount:
    return BankAccount(type=text(row.get("type")), **common(row))
