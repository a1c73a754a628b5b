"""The kinds of identity document, how people write them, and the numbers they carry.

Source: Colombian invoicing reference, "Codes" and "Plausibility". The keys are Alegra's codes
and PPT, which Alegra does not list.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from integrations.colombia.longest import line

PATTERNS: Final = {
    "CC": re.compile(r"[1-9]\d{4,9}"),
    "TI": re.compile(r"\d{10,11}"),
    "NUIP": re.compile(r"\d{10,11}"),
    # Letters stand on some old cards.
    "CE": re.compile(r"(?=.*\d)[0-9A-Z]{5,10}"),
    "TE": re.compile(r"(?=.*\d)[0-9A-Z]{5,10}"),
    "PEP": re.compile(r"\d{15}"),
    "PPT": re.compile(r"\d{5,9}"),
    "PP": re.compile(r"(?=.*\d)[0-9A-Z]{4,16}"),
    "DIE": re.compile(r"(?=.*\d)[0-9A-Z]{4,16}"),
    "FOREIGN_NIT": re.compile(r"(?=.*\d)[0-9A-Z]{4,16}"),
    "RC": re.compile(r"\d{5,11}"),
    # The base alone: nine digits, or the cédula of a person with RUT.
    "NIT": re.compile(r"[1-9]\d{4,9}"),
}

# Their numbers may begin with letters that look like a label.
LETTERED: Final = frozenset({"PP", "DIE", "FOREIGN_NIT"})

# Compared without accents, spaces and punctuation. Among them the DIAN's own codes.
_WRITINGS: Final = {
    "CC": ("cc", "cedula", "ceduladeciudadania", "cedulaciudadania", "13"),
    "NIT": ("nit", "rut", "numerodeidentificaciontributaria", "31"),
    "CE": ("ce", "ceduladeextranjeria", "cedulaextranjeria", "22"),
    "TE": ("te", "tarjetadeextranjeria", "21"),
    "TI": ("ti", "tarjetadeidentidad", "tarjetaidentidad", "12"),
    "PP": ("pp", "pa", "pas", "pasaporte", "passport", "41"),
    "PEP": ("pep", "permisoespecialdepermanencia", "47"),
    "PPT": ("ppt", "permisoporprotecciontemporal", "permisodeprotecciontemporal", "48"),
    "DIE": (
        "die",
        "documentodeidentificacionextranjero",
        "documentodeidentidadextranjero",
        "documentoextranjero",
        "42",
    ),
    "RC": ("rc", "registrocivil", "registrocivildenacimiento", "11"),
    "NUIP": ("nuip", "91"),
    "FOREIGN_NIT": ("foreignnit", "nitdeotropais", "nitextranjero", "50"),
}
_TYPE_OF: Final = {text: kind for kind, texts in _WRITINGS.items() for text in texts}

# Words that name no type: as good as an empty field.
_NO_TYPE: Final = frozenset(
    {"", "id", "documento", "identificacion", "sindatos", "null", "none", "na", "noaplica"}
)


def read_type(text: str | None) -> tuple[str | None, bool]:
    """Return the type and whether the text was understood; `(None, True)` when it is missing."""
    decomposed = unicodedata.normalize("NFD", line(text or "").lower())
    key = "".join(char for char in decomposed if char.isascii() and char.isalnum())
    if key in _NO_TYPE:
        return None, True
    kind = _TYPE_OF.get(key)
    return kind, kind is not None
