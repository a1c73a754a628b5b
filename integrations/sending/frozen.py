"""The payload at rest: frozen with the first send, the same bytes on every re-send.

Amounts are kept as tagged text, because JSON columns turn numbers into floats.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

_TAG = "$decimal"


def freeze(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload for the row."""
    return _freeze(payload)


def digest(frozen: dict[str, Any]) -> str:
    """The SHA-256 of a frozen payload."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(frozen: dict[str, Any]) -> dict[str, Any]:
    """The payload as it was built, with Decimals."""
    return _thaw(frozen)


def day_of(payload: dict[str, Any]) -> date:
    """The day that a payload carries: Alegra wants one of all that it lists by day."""
    return date.fromisoformat(payload["date"])


def _freeze(value: Any) -> Any:
    match value:
        case Decimal():
            return {_TAG: str(value)}
        case dict():
            return {key: _freeze(each) for key, each in value.items()}
        case list() | tuple():
            return [_freeze(each) for each in value]
    return value


def _thaw(value: Any) -> Any:
    match value:
        case {"$decimal": text}:
            return Decimal(text)
        case dict():
            return {key: _thaw(each) for key, each in value.items()}
        case list():
            return [_thaw(each) for each in value]
    return value
