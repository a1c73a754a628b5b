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

from integrations.colombia.longest import line
from integrations.colombia.place_names import (
    ADDRESS_SPELLINGS,
    CITY_ALIASES,
    DEPARTMENT_ALIASES,
)

DOUBTS = {
    "no_town": "El pedido no dice el municipio del comprador: el cliente nuevo va sin ciudad ni "
    "dirección.",
    "unknown": "El municipio del pedido no está en la lista del DANE: el cliente nuevo va sin "
    "ciudad ni dirección.",
    "elsewhere": "El municipio del pedido no está en el departamento que dice: el cliente nuevo "
    "va sin ciudad ni dirección.",
    "code_differs": "El código DANE del pedido es de otro municipio que el que dice: va el del "
    "código.",
}

_DATA = Path(__file__).with_name("divipola.csv")
_BOGOTA = "11001"
_SAYS_NOTHING = frozenset({"", "sindatos", "noaplica", "null", "none", "na"})


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
    by_code, _by_name = _load()
    return by_code.get(_five_digits(dane_code)) or _by_names(city, department)


def doubt(
    *, dane_code: object = None, city: str | None = None, department: str | None = None
) -> str:
    """Return a key of DOUBTS for what a person should look at, or ''.

    A code wins over the names. They contradict it only where they name another municipality or
    department that exists: a neighbourhood in place of the town proves nothing.
    """
    by_code, _by_name = _load()
    town = by_code.get(_five_digits(dane_code))
    if town is not None:
        return "code_differs" if _contradicts(town, city, department) else ""
    if _by_names(city, department) is not None:
        return ""
    if _key(city) in _SAYS_NOTHING:
        return "no_town"
    return "elsewhere" if _is_a_town(city) else "unknown"


def _contradicts(town: Municipality, city: str | None, department: str | None) -> bool:
    _by_code, by_name = _load()
    named = _by_names(city, department)
    if named is not None:
        return named != town
    own, said = _key(town.department), _department_key(department)
    if said != own and said in {known for known, _city in by_name}:
        return True
    return by_name.get((own, _key(city))) != town and _is_a_town(city)


def _is_a_town(city: str | None) -> bool:
    """Tell whether any department has a municipality of that name."""
    return any(name == _key(city) for _department, name in _load()[1])


def _by_names(city: str | None, department: str | None) -> Municipality | None:
    by_code, by_name = _load()
    department_key, city_key = _department_key(department), _key(city)
    if city_key in ("bogota", "santafedebogota") and department_key in ("bogota", "cundinamarca"):
        return by_code[_BOGOTA]
    return by_name.get((department_key, city_key))


def spellings(city: str, department: str) -> tuple[str, list[tuple[str, str]]]:
    """(DANE code, the (city, department) pairs that Alegra may know it by, likeliest first).

    Of a municipality by its official names; of another place ("", the names as given).
    """
    town = find(city=city, department=department)
    if town is None:
        return "", [(city, department)]
    others = [(name, town.department) for name in CITY_ALIASES.get(town.code, ())]
    pairs = [(town.name, town.department), *ADDRESS_SPELLINGS.get(town.code, others)]
    return town.code, list(dict.fromkeys(pairs))


def _department_key(department: str | None) -> str:
    key = _key(department)
    return DEPARTMENT_ALIASES.get(key, key)


def _five_digits(dane_code: object) -> str:
    text = re.sub(r"\.0+$", "", line(dane_code).strip())
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
    decomposed = unicodedata.normalize("NFD", line(text).lower())
    letters = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\bd\.?\s*c\b\.?", "", letters))
