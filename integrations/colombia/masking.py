"""What may be shown of a buyer's data outside the order page: enough to recognise, no more.

In a payload the key of a field and the record it stands in tell what it holds: `name` is
masked in a contact and left in an item. Source: Colombian invoicing reference, "Keeping
records and personal data".

What arrives may be megabytes. It is cut before it is searched, and what is cut off is not shown.
The time of each pattern here must grow no faster than the length of its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from integrations.colombia import payload_keys as keys
from integrations.colombia.longest import LINE, line

HIDDEN = "•••"

Mask = Callable[[object], str]

_NO_SIGN_OF_EMAIL = r"\s@<>\"'(),;:=\[\]{}"
# Only from the beginning of a word; otherwise every letter is tried as the first one.
_EMAIL = re.compile(
    rf"(?<![^{_NO_SIGN_OF_EMAIL}])[^{_NO_SIGN_OF_EMAIL}]+@"
    rf"[^{_NO_SIGN_OF_EMAIL}]*[^{_NO_SIGN_OF_EMAIL}.]"
)
# After such a word the next one is a credential, whatever it looks like.
_SECRET = re.compile(
    r"\b(bearer|basic)\s+[\w+/=.:~-]+"
    r"|(token|password|secret|api[_-]?key|contraseña)(\"?\s*[:=]\s*\"?)[^\s\",;}]+",
    re.IGNORECASE,
)
# The marker that finds a document again, which is ours and says nothing of the buyer; and amounts:
# after a peso sign, or with exactly two decimals.
_SHOWN = re.compile(
    r"\[MS\d{1,3}-[0-9A-Z]{1,40}\]"
    r"|(?:\$|\bCOP)\s?\d{1,3}(?:[.,]?\d{3}){0,3}(?:[.,]\d{1,2})?(?![\d.,]*\d)"
    r"|(?<![\d.,])\d{1,9}\.\d{2}(?![\d.,]*\d)"
)
# Six digits and more, in one run or in groups as people write cédulas and phones: (315) 708-4926,
# 1'032.456.789. Groups may also be separated by the spaces and hyphens of spreadsheets.
_PARTS = " .'\u2019\u00a0\u2007-\u200b\u202f\u2010-\u2015-"
_DIGITS = re.compile(rf"(?:\(\d{{1,4}}\)[{_PARTS}]?)?\d(?:[{_PARTS}]?\d){{5,}}")
# A character of the private use area, which no ordinary text contains.
_ASIDE = "\U000f0000"

# How many characters of a text are searched, and how many of the last of these are not shown when
# the text was longer: half of a number, an e-mail or a name is not recognised.
LONGEST, _MARGIN = 4_000, 500
# Ceilings of a payload: characters in all, keys of one record, and depth of nesting. No payload of
# the portal, of Alegra or of MasterShop reaches them.
_MOST_CHARACTERS, _MOST_KEYS, _DEEPEST = 100_000, 1_000, 40
_MORE = "…"


def mask_number(number: object) -> str:
    """Return `***3456`: the last four characters, none of a number that has no more."""
    text = str(number if number is not None else "").strip()
    if not text:
        return ""
    return f"***{text[-4:]}" if len(text) > 4 else "***"


def mask_phone(phone: object) -> str:
    """Return the last four digits of a telephone, as `***0142`."""
    text = str(phone if phone is not None else "")
    return mask_number(re.sub(r"\D", "", text[-LINE:]))


def mask_email(email: object) -> str:
    """Return `m***@dominio`: the first letter and the domain."""
    text = line(email).strip()
    if not text:
        return ""
    local, at, domain = text.partition("@")
    return f"{local[:1]}***@{domain}" if at and domain else "***"


def mask_name(name: object) -> str:
    """Return the initials with dots in place of the rest: `A•••• R••••`.

    Always four dots, so that the length of a name does not tell it.
    """
    return " ".join(f"{word[0]}••••" for word in line(name).split())


def mask_address(address: object) -> str:
    """Return a sign that there was an address; nothing of it is kept."""
    return HIDDEN if line(address).strip() else ""


def mask_text(text: str, *, known: Iterable[str] = ()) -> str:
    """Scrub a free text, such as an error of Alegra's that echoes what was sent.

    Credentials, e-mails, telephones and document numbers go; our marker and amounts stay.
    `known` are values of the buyer (names, addresses) that no pattern can find: they are
    removed wherever they stand, in any case. Of a text that is longer than 4,500 characters about
    the first 4,000 are kept.
    """
    if len(text) <= LONGEST + _MARGIN:
        return _scrubbed(text, known)
    return _scrubbed(text[: LONGEST + _MARGIN], known)[:-_MARGIN] + _MORE


def _scrubbed(text: str, known: Iterable[str]) -> str:
    text = text.replace(_ASIDE, "")
    for value in sorted({value.strip() for value in known}, key=len, reverse=True):
        if len(value) > 2:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _SECRET.sub(_hide_secret, text)
    text = _EMAIL.sub(lambda match: mask_email(match.group()), text)
    aside = iter(_SHOWN.findall(text))
    text = _DIGITS.sub(lambda match: mask_phone(match.group()), _SHOWN.sub(_ASIDE, text))
    return re.sub(_ASIDE, lambda _: next(aside), text)


def mask_payload(value: Any, *, most: int = _MOST_CHARACTERS) -> Any:
    """Return a deep copy of any JSON-like value without personal data and secrets.

    Ids, items, amounts, dates and observations stay as they are. The value is not changed. A value
    beyond the ceilings ends in "…", and its rest is not shown. `most`: the ceiling of characters.
    """
    return _Payload(most).masked(value, "", "", 0)


def _hide_secret(match: re.Match[str]) -> str:
    if match.group(1):
        return f"{match.group(1)} {HIDDEN}"
    return f"{match.group(2)}{match.group(3)}{HIDDEN}"


class _Payload:
    """Masks one payload, and counts the characters that it has read."""

    def __init__(self, most: int) -> None:
        self._left = most

    def masked(self, value: Any, key: str, record: str, depth: int) -> Any:
        """Mask the value of a key; `record`: what it stands in, person, address, trade or ''."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return self._record(value, key, record, depth + 1)
        if isinstance(value, list | tuple):
            return self._list(value, depth, lambda part: self.masked(part, key, record, depth + 1))
        self._spend(value)
        if mask := _mask_for(key, record):
            return mask(value)
        return self._text(value, key, record, depth) if isinstance(value, str) else value

    def _record(self, value: dict[Any, Any], key: str, record: str, depth: int) -> Any:
        if depth > _DEEPEST or len(value) > _MOST_KEYS:
            return _MORE
        if mask := _mask_for_whole(key):
            return self._fields(value, lambda _, part: self._every_leaf(part, mask, depth))
        record = _kind_of_record(value, key, record)
        return self._fields(
            value, lambda name, part: self.masked(part, keys.plain(name), record, depth)
        )

    def _fields(self, value: dict[Any, Any], mask: Callable[[Any, Any], Any]) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for name, part in value.items():
            self._spend(name)
            if self._left <= 0:
                made[_MORE] = _MORE
                break
            shown = name[:LINE] if isinstance(name, str) else name
            made[shown] = mask(name, part)
        return made

    def _list(self, value: Iterable[Any], depth: int, mask: Callable[[Any], Any]) -> Any:
        if depth > _DEEPEST:
            return _MORE
        made = []
        for part in value:
            self._left -= 1
            if self._left <= 0:
                made.append(_MORE)
                break
            made.append(mask(part))
        return made

    def _every_leaf(self, value: Any, mask: Mask, depth: int) -> Any:
        if isinstance(value, dict):
            if depth > _DEEPEST or len(value) > _MOST_KEYS:
                return _MORE
            return self._fields(value, lambda _, part: self._every_leaf(part, mask, depth + 1))
        if isinstance(value, list | tuple):
            return self._list(value, depth, lambda part: self._every_leaf(part, mask, depth + 1))
        self._spend(value)
        return value if value is None or isinstance(value, bool) else mask(value)

    def _text(self, text: str, key: str, record: str, depth: int) -> str:
        if text.lstrip()[:1] in ("{", "["):
            # Only keys tell what is a name in it, so a text too long to be parsed is not shown.
            if len(text) > self._left or depth > _DEEPEST:
                return HIDDEN
            self._left -= len(text)
            try:
                told = json.loads(text)
            except RecursionError:
                return HIDDEN
            except ValueError:
                return mask_text(text)
            return json.dumps(self.masked(told, "", "", depth + 1), ensure_ascii=False)
        if keys.TRADE_TEXTS.search(key) or (record == "trade" and key in keys.NAMES_OF_GOODS):
            # Long numbers are ids and amounts here and stay; an e-mail goes.
            return HIDDEN if "@" in text else _cut(text)
        return mask_text(text)

    def _spend(self, value: Any) -> None:
        self._left -= 1 + min(len(value), LONGEST) if isinstance(value, str) else 1


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + _MORE


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
