"""Municipalities by DANE code or by department and city: the right one, or none.

Source: Colombian invoicing reference, "Places"; DANE, Divipola (see `divipola.README.md`).
A wrong municipality on an invoice is worse than an empty one, so nothing is guessed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from integrations.colombia.place_names import CITY_ALIASES, DEPARTMENT_ALIASES

_DATA = Path(__file__).with_name("divipola.csv")
_BOGOTA = "11001"


@dataclass(frozen=True)
class Municipality:
    """`code` has five digits; both names are the official ones in normal capitals."""

    code: str
    name: str
    department: str


def find(
    *, dane_code: object = None, city: str | None = None, department: str | None = None
) -> Municipality | None:
    """Return the municipality, by its code first, else by department and city together.

    Codes may have eight digits, or have lost their zero to a spreadsheet. A city alone never
    suffices: 66 names repeat.
    """
    by_code, by_name = _load()
    if found := by_code.get(_five_digits(dane_code)):
        return found
    department_key, city_key = _key(department), _key(city)
    department_key = DEPARTMENT_ALIASES.get(department_key, department_key)
    if city_key in ("bogota", "santafedebogota") and department_key in ("bogota", "cundinamarca"):
        return by_code[_BOGOTA]
    return by_name.get((department_key, city_key))


def _five_digits(dane_code: object) -> str:
    text = re.sub(r"\.0+$", "", str(dane_code if dane_code is not None else "").strip())
    text = text.replace(",", "").replace(" ", "")
    if not (text.isascii() and text.isdigit()):
        return ""
    padded = {4: text.zfill(5), 5: text, 7: text.zfill(8), 8: text}.get(len(text), "")
    return padded[:5]


@cache
def _load() -> tuple[dict[str, Municipality], dict[tuple[str, str], Municipality]]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        rows = [
            Municipality(row["code"], row["municipality"], row["department"])
            for row in csv.DictReader(file)
        ]
    by_code = {row.code: row for row in rows}
    by_name: dict[tuple[str, str], Municipality] = {}
    for code, names in CITY_ALIASES.items():
        for name in names:
            by_name[_key(by_code[code].department), _key(name)] = by_code[code]
    for row in rows:
        by_name[_key(row.department), _key(row.name)] = row
    return by_code, by_name


def _key(text: str | None) -> str:
    """Return letters and digits only: no accents, case, spaces, punctuation or `D.C.`."""
    decomposed = unicodedata.normalize("NFD", (text or "").lower())
    letters = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\bd\.?\s*c\b\.?", "", letters))
