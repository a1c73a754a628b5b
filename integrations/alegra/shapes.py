"""Tolerant reading of what Alegra returns: one function for each shape that varies.

Alegra reference: ids are opaque text and sometimes numbers, money is a number or a text with up
to ten decimals, some members are an object or an array of one, a name is text or an object.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

_LONGEST_ID = 500
_WIDEST = 20  # digits before the point; beyond it a value is damage, not money


def identity(value: Any) -> str:
    """An id as text; "" when there is none. Takes text, a number, or an object that has ``id``."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("id")
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else str(value)
    return str(value).strip()


def segment(record_id: Any) -> str:
    """An id as one safe part of a path. ValueError for none, or one that would climb out."""
    text = identity(record_id)
    if not text.strip("."):
        raise ValueError("a record is addressed by a non-empty id")
    # No id of Alegra's is longer. A longer one is cut, and nothing is found under what is left.
    return quote(text[:_LONGEST_ID], safe="")


def money(value: Any) -> Decimal | None:
    """An amount, price, quantity or percentage; None when absent or not a number."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _WIDEST:
        return None
    return number


def amount(value: Any) -> Decimal:
    """Like ``money`` where absence means nothing: 0."""
    return money(value) or Decimal(0)


def whole(value: Any) -> int | None:
    """A whole number from a number or a text; None when absent or fractional."""
    number = money(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def text(value: Any) -> str:
    """Stripped text; "" for anything that is not text or a number."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return str(value).strip()


def optional_text(row: dict[str, Any], key: str) -> str | None:
    """None when the row lacks the key (list rows may), else its text."""
    return text(row[key]) if key in row else None


def flag(value: Any) -> bool:
    """True for true, 1 and their texts."""
    return value is True or str(value).strip().lower() in {"true", "1", "yes"}


def day(value: Any) -> date | None:
    """A date from ``yyyy-MM-dd`` with or without a time behind it; None when unreadable."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None


def one(value: Any) -> dict[str, Any]:
    """The object itself, or the first of an array; {} for none. A bare id becomes its object."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        return value
    bare = identity(value)
    return {"id": bare} if bare else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of an array, of a single object, or of nothing."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def person_name(value: Any) -> str:
    """A name that is text, or an object of name parts."""
    if isinstance(value, dict):
        parts = ("firstName", "secondName", "lastName", "secondLastName")
        return " ".join(filter(None, (text(value.get(part)) for part in parts))) or text(
            value.get("name")
        )
    return text(value)


def plain_number(text: str) -> str:
    """A document's number as one compares it: ``FE-318`` and ``fe 318`` are ``FE318``."""
    return "".join(sign for sign in text.upper() if sign.isalnum())
