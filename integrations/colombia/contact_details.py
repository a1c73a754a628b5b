"""E-mail and telephone as a document may carry them: clean, or left out.

Source: Colombian invoicing reference, "What may be demanded".
"""

from __future__ import annotations

import re

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_SPREADSHEET_ZERO = re.compile(r"[.,]0+$")
_NATIONAL = re.compile(r"3\d{9}|60\d{8}")


def clean_email(text: object) -> str:
    """Return the address trimmed and in lower case; '' when it is missing or not an address.

    Nothing is invented in its place: the invoice does without.
    """
    address = str(text or "").strip().lower()
    if len(address) > 254 or len(address.partition("@")[0]) > 64:
        return ""
    return address if _EMAIL.fullmatch(address) else ""


def clean_phone(text: object) -> str:
    """Return the ten national digits of a mobile (3…) or fixed (60…) number, else ''.

    Numbers arrive as text or as JSON numbers, with and without the country's 57.
    """
    digits = re.sub(r"\D", "", _SPREADSHEET_ZERO.sub("", str(text or "").strip()))
    if len(digits) == 14 and digits.startswith("0057"):
        digits = digits[4:]
    if len(digits) == 12 and digits.startswith("57"):
        digits = digits[2:]
    return digits if digits.isascii() and _NATIONAL.fullmatch(digits) else ""
