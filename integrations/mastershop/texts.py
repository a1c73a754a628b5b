"""Repairing what texts suffer on their way: UTF-8 read as Windows-1252, and HTML entities.

Only what can have been nothing else is repaired; a correct text comes back as it is. Whatever
is repaired is kept beside as it arrived, because a person may have to see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any

from . import values

# No text of an order is kept at such a length.
_LONGEST = 4000
_DEEPEST = 12
_MOST_KEPT = 60
# A text may have been damaged on its way from the shop to MasterShop, and again from there.
_MOST_TIMES = 4

_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,24}));")
# Marks that nobody sees and that only hinder: soft hyphen, zero width, direction of writing. The
# joiner of emoji is not among them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

# What each byte above 127 reads as; the five that Windows-1252 leaves open as in Latin-1.
_BYTE_OF = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_ABOVE = "".join(re.escape(sign) for sign in _BYTE_OF)
_LEADS = {2: "\u00c2\u00c3\u00c5\u00c6\u00cb", 3: "\u00e2\u00ef", 4: "\u00f0"}
_DAMAGED = re.compile(
    "|".join(f"[{lead}][{_ABOVE}]{{{size - 1}}}" for size, lead in sorted(_LEADS.items()))
)


def repaired(text: str) -> str:
    """The text with its entities and its letters as they were written."""
    if text.isascii() and "&" not in text:
        return text
    text = text[:_LONGEST]
    for _ in range(_MOST_TIMES):
        better = _DAMAGED.sub(_read_as_utf8, _ENTITY.sub(_named, text))
        if better == text:
            break
        text = better
    return _INVISIBLE.sub("", text)


def repaired_body(body: Any) -> tuple[Any, dict[str, str]]:
    """The body with every text in it repaired, names of fields too, and what was repaired.

    The second maps each repaired text to the text as it arrived, both as one clean line.
    """
    arrived: dict[str, str] = {}
    return _repaired(body, arrived, 0), arrived


def as_arrived(text: str, arrived: Mapping[str, str]) -> str:
    """How a text arrived, which may be put together from several; '' where it arrived as it is."""
    if text in arrived:
        return arrived[text]
    found = text
    for better in sorted(arrived, key=len, reverse=True):
        found = found.replace(better, arrived[better])
    return "" if found == text else found


def still_said(order: Mapping[str, Any]) -> dict[str, str]:
    """Of an order as JSON, the `arrived` of the texts that it still has."""
    said = list(_texts_of({name: inner for name, inner in order.items() if name != "arrived"}))
    return {
        better: told
        for better, told in sorted(order["arrived"].items())
        if any(better in text for text in said)
    }


def _texts_of(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping | list):
        inner = content.values() if isinstance(content, Mapping) else content
        for each in inner:
            yield from _texts_of(each)


def _repaired(content: Any, arrived: dict[str, str], depth: int) -> Any:
    if isinstance(content, str):
        better = repaired(content)
        if better != content:
            shown, told = values.text(better), values.text(_INVISIBLE.sub("", content))
            if shown != told and shown and len(arrived) < _MOST_KEPT:
                arrived[shown] = told
        return better
    if depth >= _DEEPEST:
        return content
    if isinstance(content, Mapping):
        return {
            _repaired(name, arrived, depth + 1): _repaired(inner, arrived, depth + 1)
            for name, inner in content.items()
        }
    if isinstance(content, list):
        return [_repaired(inner, arrived, depth + 1) for inner in content]
    return content


def _named(match: re.Match[str]) -> str:
    """The sign that an entity names; what names none stays as it is written."""
    decimal, hexadecimal, name = match.groups()
    if name is None:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else match.group()
    # A shop that writes everything in capitals writes entities so too.
    for spelling in (name, name.lower(), name.capitalize()):
        if f"{spelling};" in html5:
            found = html5[f"{spelling};"]
            return found.upper() if name.isupper() and len(name) > 3 else found
    return match.group()


def _read_as_utf8(match: re.Match[str]) -> str:
    try:
        found = bytes(_BYTE_OF[sign] for sign in match.group()).decode()
    except UnicodeDecodeError:
        return match.group()
    # A capital before a sign of its own (CAFÉ°) gives no letter that Spanish is written with.
    return found if _is_usual(found) else match.group()


def _is_usual(sign: str) -> bool:
    code = ord(sign)
    return (
        # Windows-1252 itself: of a text that was damaged twice it is half of a sign.
        sign in _BYTE_OF
        or 0x2010 <= code <= 0x203A
        or 0x2190 <= code < 0x2BFF
        or 0x1F000 <= code < 0x1FB00
        # After an emoji, before a file, and in place of a letter that is lost.
        or code in (0xFE0F, 0xFEFF, 0xFFFD)
    )
