"""An identification that was typed where none belongs: in the company field or in a note.

MasterShop reference, "Data quality": shops without a field for it reuse the company field, and
whoever takes the order writes "Facturar a Textiles Andina SAS, NIT 901234561-3" in a note. It is
read so that nobody becomes *Cliente no identificado* unasked (product rules, *The document is
built*); whose it is, a person says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from integrations.colombia.identity import judge
from integrations.colombia.same_buyer import same_identification

_DIGITS = r"\d[\d.,\s]{3,18}\d(?:\s*[-–]\s*\d(?!\d))?"
_LABELLED = re.compile(
    rf"\b(n\.?i\.?t|r\.?u\.?t|c\.?c|c\.?e|c[eé]dula|pasaporte)\b\.?"
    rf"(?:\s+de\s+ciudadan[ií]a)?[\s.:#°º-]*(?:n[oº°]\.?\s*)?[:#]?\s*({_DIGITS})",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\s*({_DIGITS})\s*")


def typed_elsewhere(
    *, number: str, company: str, notes: Iterable[str], phone: str | None
) -> tuple[str, str]:
    """(type, number) as written; ('', '') where there is none.

    `number` is what the field for it holds. A cédula counts only where that holds nothing; a NIT
    that is another one counts always: the buyer wants the invoice in the name of somebody else.
    """
    has_number = judge(None, number, phone=phone).verdict != "missing"
    for text in (company, *notes):
        for label, digits in _found(text, alone=text is company):
            found = judge(label, digits, phone=phone)
            if found.verdict == "missing" or found.reason == "a_phone":
                continue
            if has_number and (found.type != "NIT" or same_identification(number, digits)):
                continue
            if has_number and same_identification(number, found.number):
                continue
            return label, digits.strip()
    return "", ""


def _found(text: str, *, alone: bool) -> list[tuple[str, str]]:
    found = [(_type_of(label), digits) for label, digits in _LABELLED.findall(text)]
    if alone and not found and (match := _ALONE.fullmatch(text)):
        found.append(("", match.group(1)))
    return found


def _type_of(label: str) -> str:
    plain = label.replace(".", "").casefold()
    return {"nit": "NIT", "rut": "NIT", "ce": "CE", "pasaporte": "PP"}.get(plain, "CC")
