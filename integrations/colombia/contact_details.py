"""E-mail and telephone as a document may carry them: clean, or left out with a note.

Source: Colombian invoicing reference, "What may be demanded". Only what can be meant in one way
is repaired; nothing is invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrations.colombia.longest import line
from integrations.colombia.masks import is_masked

# What is said of an e-mail or a telephone that does not go as it arrived. No sentence repeats it.
NOTES = {
    "email_repaired": "El correo traía signos de más: va sin ellos.",
    "email_first": "El correo traía más de una dirección: va la primera.",
    "email_left_out": "El correo no va en el cliente: así como llegó no es una dirección. "
    "Se puede corregir en este pedido.",
    "phone_first": "El teléfono traía más de un número: va el primero.",
    "phone_left_out": "El teléfono no va en el cliente: así como llegó no es un celular ni un "
    "fijo de Colombia. Se puede corregir en este pedido.",
}

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_SPREADSHEET_ZERO = re.compile(r"[.,]0+$")
_NATIONAL = re.compile(r"3\d{9}|60\d{8}")


@dataclass(frozen=True)
class Detail:
    """`value` goes on the document, '' for none; `note` is a key of NOTES, or ''."""

    value: str = ""
    note: str = ""


def read_email(text: object) -> Detail:
    """The address, repaired where that is safe: the first of several, dots and blanks that cannot
    belong to it. A blank inside a name may stand for a dot: that is left out."""
    told = line(text or "").strip().lower()
    if not told:
        return Detail()
    if is_masked(told):
        return Detail(note="email_left_out")
    if _is_address(told):
        return Detail(told)
    if within := re.search(r"<\s*([^<>\s]+)\s*>", told):
        told = within.group(1)
    told = re.sub(r"^(?:mailto|e-?mail|correo)\s*:\s*", "", told)
    told = re.sub(r"\s*@\s*", "@", told)
    parts = [part for part in re.split(r"[\s,;/|]+", told) if part not in ("", "y", "o", "e", "-")]
    addresses = [_without_ends(part) for part in parts]
    if parts and all(_is_address(each) for each in addresses):
        several = len(set(addresses)) > 1
        return Detail(addresses[0], "email_first" if several else "email_repaired")
    joined = _without_ends(re.sub(r"\s*\.\s*", ".", told))
    if _is_address(joined):
        return Detail(joined, "email_repaired")
    return Detail(note="email_left_out")


def _without_ends(part: str) -> str:
    return part.strip("\"'<>()[]").rstrip(".,;:").strip("\"'<>()[]")


def _is_address(text: str) -> bool:
    if len(text) > 254 or len(text.partition("@")[0]) > 64:
        return False
    return bool(_EMAIL.fullmatch(text))


def clean_email(text: object) -> str:
    """Return the address that goes on a document, in lower case; '' for none."""
    return read_email(text).value


def read_phone(text: object) -> Detail:
    """The ten national digits of a mobile (3…) or fixed (60…) number, of several the first.

    Numbers arrive as text or as JSON numbers, with and without the country's 57.
    """
    told = line(text or "").strip()
    if not told:
        return Detail()
    if whole := _national(told):
        return Detail(whole)
    parts = re.split(r"[/;,|]|\s(?:y|o|e|-|ext\.?|extensi[oó]n)\s", told, flags=re.IGNORECASE)
    numbers = [number for part in parts if (number := _national(part))]
    if not numbers:
        # Two without a sign between them.
        numbers = [
            found for run in re.findall(r"[\d+][\d .()+-]*", told) if (found := _halved(run))
        ]
        several = bool(numbers)
    else:
        several = len(parts) > 1
    if not numbers:
        return Detail(note="phone_left_out")
    return Detail(numbers[0], "phone_first" if several else "")


def clean_phone(text: object) -> str:
    """Return the ten national digits of a telephone, else ''."""
    return read_phone(text).value


def _halved(run: str) -> str:
    digits = re.sub(r"\D", "", run)
    return _national(digits[:10]) if len(digits) == 20 and _national(digits[10:]) else ""


def _national(text: str) -> str:
    digits = re.sub(r"\D", "", _SPREADSHEET_ZERO.sub("", text.strip()))
    if len(digits) == 14 and digits.startswith("0057"):
        digits = digits[4:]
    if len(digits) == 12 and digits.startswith("57"):
        digits = digits[2:]
    return digits if digits.isascii() and _NATIONAL.fullmatch(digits) else ""
