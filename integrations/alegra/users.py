"""Whose token it is. https://developer.alegra.com/reference (users)"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import records
from .client import AlegraClient
from .shapes import identity, text


@dataclass(frozen=True)
class User:
    id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    role: str
    status: str
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def whoami(client: AlegraClient) -> User:
    """``GET /users/self``, for "connected as"."""
    row = records.read(client, "/users/self")
    names = (text(row.get("name")), text(row.get("lastName")))
    return User(
        id=identity(row),
        name=" ".join(filter(None, names)),
        email=text(row.get("email")),
        role=text(row.get("role")),
        status=text(row.get("status")),
        raw=row,
    )
