"""What may be shown of a buyer's data outside the order page: enough to recognise, no more.

In a payload the key of a field and the record it stands in tell what it holds: `name` is
masked in a contact and left in an item. Source: Colombian invoicing reference, "Keeping
records and personal data".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from integrations.colombia import payload_keys as keys

HIDDEN = "•••"

Mask = Callable[[object], str]

_EMAIL = re.compile(r"[^\s@<>\"'(),;:=\[\]{}]+@[^\s@<>\"'(),;:=\[\]{}]*[^\s@<>\"'(),;:=\[\]{}.]")
# After such a word the next one is a credential, whatever it looks like.
_SECRET = re.compile(
    r"\b(bearer|basic)\s+[\w+/=.:~-]+"
    r"|\b([\w-]*(?:token|password|secret|api[_-]?key|contraseña))(\"?\s*[:=]\s*\"?)[^\s\",;}]+",
    re.IGNORECASE,
)
# The marker that finds a document again is ours and says nothing of the buyer.
_MARKER = re.compile(r"\[MS\d+-[0-9A-Z]+\]")
# Amounts: after a peso sign, or with exactly two decimals.
_PRICE = re.compile(
    r"(?:\$|\bCOP)\s?\d{1,3}(?:[.,]?\d{3}){0,3}(?:[.,]\d{1,2})?(?![\d.,]*\d)"
    r"|(?<![\d.,])\d{1,9}\.\d{2}(?![\d.,]*\d)"
)
# Six digits and more, in one run or in groups as people write cédulas and phones, (315) 708-4926.
_DIGITS = re.compile(r"(?:\(\d{1,4}\) ?)?\d(?:[ .\-]?\d){5,}")


def mask_number(number: object) -> str:
    """Return `***3456`: the last four characters, none of a number that has no more."""
    text = str(number if number is not None else "").strip()
    if not text:
        return ""
    return f"***{text[-4:]}" if len(text) > 4 else "***"


def mask_phone(phone: object) -> str:
    """Return the last four digits of a telephone, as `***0142`."""
    return mask_number(re.sub(r"\D", "", str(phone if phone is not None else "")))


def mask_email(email: object) -> str:
    """Return `m***@dominio`: the first letter and the domain."""
    text = str(email if email is not None else "").strip()
    if not text:
        return ""
    local, at, domain = text.partition("@")
    return f"{local[:1]}***@{domain}" if at and domain else "***"


def mask_name(name: object) -> str:
    """Return the initials with dots in place of the rest: `A•••• R••••`.

    Always four dots, so that the length of a name does not tell it.
    """
    return " ".join(f"{word[0]}••••" for word in str(name if name is not None else "").split())


def mask_address(address: object) -> str:
    """Return a sign that there was an address; nothing of it is kept."""
    return HIDDEN if str(address if address is not None else "").strip() else ""


def mask_text(text: str, *, known: Iterable[str] = ()) -> str:
    """Scrub a free text, such as an error of Alegra's that echoes what was sent.

    Credentials, e-mails, telephones and document numbers go; our marker and amounts stay.
    `known` are values of the buyer (names, addresses) that no pattern can find: they are
    removed wherever they stand, in any case.
    """
    for value in sorted({value.strip() for value in known}, key=len, reverse=True):
        if len(value) > 2:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _SECRET.sub(_hide_secret, text)
    text = _EMAIL.sub(lambda match: mask_email(match.group()), text)
    kept: list[str] = []
    for pattern in (_MARKER, _PRICE):
        text = pattern.sub(partial(_put_aside, kept), text)
    text = _DIGITS.sub(lambda match: mask_phone(match.group()), text)
    # Backwards, because what was put aside last may hold what was put aside first.
    for index in reversed(range(len(kept))):
        text = text.replace(_place(index), kept[index])
    return text


def mask_payload(value: Any) -> Any:
    """Return a deep copy of any JSON-like value without personal data and secrets.

    Ids, items, amounts, dates and observations stay as they are. The value is not changed.
    """
    return _masked(value, "", "")


def _hide_secret(match: re.Match[str]) -> str:
    if match.group(1):
        return f"{match.group(1)} {HIDDEN}"
    return f"{match.group(2)}{match.group(3)}{HIDDEN}"


def _put_aside(kept: list[str], match: re.Match[str]) -> str:
    kept.append(match.group())
    return _place(len(kept) - 1)


def _place(index: int) -> str:
    # From the private use area: no text that people or machines write holds these signs.
    return f"{chr(0xF0000 + index)}"


def _masked(value: Any, key: str, record: str) -> Any:
    """Mask the value of a key; `record` says what it stands in: person, address, trade or ''."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return _masked_record(value, key, record)
    if isinstance(value, list | tuple):
        return [_masked(part, key, record) for part in value]
    if mask := _mask_for(key, record):
        return mask(value)
    return _masked_text(value, key, record) if isinstance(value, str) else value


def _masked_record(value: dict[Any, Any], key: str, record: str) -> dict[Any, Any]:
    if mask := _mask_for_whole(key):
        return {name: _every_leaf(part, mask) for name, part in value.items()}
    record = _kind_of_record(value, key, record)
    return {name: _masked(part, keys.plain(name), record) for name, part in value.items()}


def _kind_of_record(value: dict[Any, Any], key: str, record: str) -> str:
    if key in keys.TRADE_RECORDS:
        return "trade"
    if keys.ADDRESS_RECORDS.search(key):
        return "address"
    if keys.PERSON_RECORDS.search(key) or keys.MARKS_OF_A_PERSON & {keys.plain(k) for k in value}:
        return "person"
    return record


def _mask_for(key: str, record: str) -> Mask | None:
    if keys.SECRETS.search(key) or key in keys.HIDDEN_TEXTS:
        return mask_address
    if keys.EMAILS.search(key):
        return mask_email
    if keys.PHONES.search(key):
        return mask_phone
    if keys.NUMBERS.search(key):
        return mask_number
    if keys.NAMES.search(key) or (record in ("person", "address") and key in ("name", "company")):
        return mask_name
    if keys.ADDRESSES.search(key):
        return mask_address
    if record == "address" and not keys.PUBLIC_PLACES.search(key):
        return mask_address
    if record == "person" and key in keys.TEXTS_ABOUT_A_PERSON:
        return mask_address
    return _mask_name_unless_id if keys.PERSON_RECORDS.fullmatch(key) else None


def _mask_for_whole(key: str) -> Mask | None:
    """Return the mask for every leaf of a record under this key, if it is all of one kind."""
    if keys.SECRETS.search(key) or key in keys.HIDDEN_TEXTS:
        return mask_address
    if keys.EMAILS.search(key):
        return mask_email
    if keys.PHONES.search(key):
        return mask_phone
    if keys.NUMBERS.search(key):
        return _mask_number_unless_type
    return mask_name if key == "nameobject" or keys.NAMES.search(key) else None


def _mask_number_unless_type(value: object) -> str:
    # Inside an identification: its type (CC, NIT) and its check digit, and its number.
    text = str(value)
    return text if len(text) <= 4 or text == "FOREIGN_NIT" else mask_number(text)


def _mask_name_unless_id(value: object) -> str:
    text = str(value)
    return text if text.isdigit() or (len(text) == 36 and text.count("-") == 4) else mask_name(text)


def _every_leaf(value: Any, mask: Mask) -> Any:
    if isinstance(value, dict):
        return {name: _every_leaf(part, mask) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_every_leaf(part, mask) for part in value]
    return value if value is None or isinstance(value, bool) else mask(value)


def _masked_text(text: str, key: str, record: str) -> str:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return json.dumps(mask_payload(json.loads(text)), ensure_ascii=False)
        except ValueError:
            return mask_text(text)
    if keys.TRADE_TEXTS.search(key) or (record == "trade" and key in keys.NAMES_OF_GOODS):
        # Long digits are the trade's own here; an e-mail never is.
        return HIDDEN if "@" in text else text
    return mask_text(text)
