"""What the small lists of an account have in common. Alegra reference: catalogues.

The answer holds inactive rows too; ``is_active`` tells them apart and nobody drops them here,
because a rule may still point to one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .shapes import identity, text


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a list."""

    id: str
    name: str
    status: str
    is_active: bool
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def common(row: dict[str, Any]) -> dict[str, Any]:
    """The members of ``Entry``. A list without a status has only active rows."""
    status = text(row.get("status")).lower()
    return {
        "id": identity(row),
        "name": text(row.get("name")),
        "status": status,
        "is_active": status in {"", "active"},
        "raw": row,
    }
