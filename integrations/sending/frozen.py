"""The payload at rest: frozen with the first send, the same bytes on every re-send.

Amounts are kept as tagged text, because JSON columns turn numbers into floats. What is the
buyer's is kept encrypted under FIELD_KEYS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet

from integrations.scoping.fields import cipher, is_under

_TAG = "$decimal"
_SEALED = "$sealed"
# Texts of a document with the buyer's address in them.
_PERSONAL = frozenset({"anotation"})


def freeze(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload for the row."""
    return _freeze(payload)


def digest(frozen: dict[str, Any]) -> str:
    """The SHA-256 of a frozen payload, whatever key it is encrypted under."""
    text = json.dumps(
        _each_sealed(frozen, _opened), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(frozen: dict[str, Any]) -> dict[str, Any]:
    """The payload as it was built, with Decimals."""
    return _thaw(frozen)


def day_of(payload: dict[str, Any]) -> date:
    """The day that a payload carries: Alegra wants one of all that it lists by day."""
    return date.fromisoformat(payload["date"])


def resealed(frozen: dict[str, Any], newest: Fernet) -> dict[str, Any]:
    """The same with what is encrypted under `newest`, the first of FIELD_KEYS. Raises InvalidToken
    where none of the keys reads it."""
    return _each_sealed(frozen, lambda token: {_SEALED: _rotated(token, newest)})


def _rotated(token: str, newest: Fernet) -> str:
    return token if is_under(newest, token) else cipher().rotate(token.encode()).decode()


def _opened(token: str) -> str:
    return cipher().decrypt(token.encode()).decode()


def _each_sealed(value: Any, change: Callable[[str], Any]) -> Any:
    match value:
        case {"$sealed": token}:
            return change(token)
        case dict():
            return {key: _each_sealed(each, change) for key, each in value.items()}
        case list():
            return [_each_sealed(each, change) for each in value]
    return value


def _freeze(value: Any, key: str = "") -> Any:
    match value:
        case Decimal():
            return {_TAG: str(value)}
        case str() if value and key in _PERSONAL:
            return {_SEALED: cipher().encrypt(value.encode()).decode()}
        case dict():
            return {key: _freeze(each, key) for key, each in value.items()}
        case list() | tuple():
            return [_freeze(each) for each in value]
    return value


def _thaw(value: Any) -> Any:
    match value:
        case {"$decimal": text}:
            return Decimal(text)
        case {"$sealed": token}:
            return _opened(token)
        case dict():
            return {key: _thaw(each) for key, each in value.items()}
        case list():
            return [_thaw(each) for each in value]
    return value
