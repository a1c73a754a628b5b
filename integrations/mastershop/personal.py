"""Texts about the buyer: what stands for nothing, and what is covered.

MasterShop reference, "Data quality": a missing datum comes as null, as "Sin datos", as a dash or
as whatever a person typed to get past a compulsory field. Such a text says nothing, and never
replaces what was known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from . import values

# Where bodies keep who the buyer is. Which of these MasterShop uses is not public, and what a
# shop's form adds goes by other names again.
NAMES = ("full_name", "name", "nombre_completo", "nombre", "customer_name")
COMPANIES = (
    *("company", "company_name", "business_name", "legal_name", "razon_social"),
    *("nombre_empresa", "empresa"),
)
DOC_TYPES = (
    "document_type",
    "doc_type",
    "identification_type",
    "tipo_documento",
    "tipo_identificacion",
)
DOC_NUMBERS = (
    *("document_number", "doc_number", "identification_number", "identification"),
    *("numero_documento", "numero_identificacion", "documento", "cedula", "nit", "tax_id"),
    *("vat_number", "id_number", "document"),
)

# Compared without accents, case and punctuation.
_NOTHING = frozenset(
    {
        *("sin datos", "sin dato", "sin informacion", "sin info", "sin nombre", "sin apellido"),
        *("sin correo", "sin email", "sin telefono", "sin celular", "sin direccion", "sin ciudad"),
        *("sin documento", "sin cedula", "sin identificacion", "sin empresa", "sin especificar"),
        *("no aplica", "no tiene", "no tengo", "no registra", "no disponible", "no informa"),
        *("no suministra", "no suministrado", "no especificado", "no definido", "no hay"),
        *("ninguno", "ninguna", "vacio", "desconocido", "desconocida"),
        *("null", "none", "nil", "nan", "na", "n a", "nd", "n d", "sd", "s d", "undefined"),
        *("unknown", "empty", "not provided", "not available", "not applicable", "no data"),
    }
)
_PLACEHOLDERS = frozenset({"null", "none", "undefined", "nan", "nil"})
# No name of anybody: what a cashier or a programme writes for one who gave none.
_NOBODY = frozenset(
    {
        *("consumidor final", "cliente final", "cliente general", "cliente generico"),
        *("cliente no identificado", "cliente mostrador", "cliente", "comprador", "usuario"),
        *("cliente varios", "clientes varios", "cliente ocasional", "cuantias menores"),
    }
)
_COVERED = re.compile(r"[*＊∗⁎✱✻•●∙⬤█▒░■…]|[xX#_]{3,}|\.{3}")

# The characters of a text that are searched. No name, address or number is longer.
_LONGEST = 1_000


def told(value: Any, *, limit: int = 500) -> str:
    """`values.text`, and '' for a text that stands for nothing."""
    line = values.text(value, limit=limit)
    return "" if says_nothing(line) else line


def says_nothing(text: str) -> bool:
    """Whether the text only says that there is no datum: "Sin datos", "N/A", "-", "(null)"."""
    text = text[:_LONGEST]
    plain = _plain(text)
    if plain and set(plain.split()) <= _PLACEHOLDERS:
        return True  # of a name that was put together of two parts
    return plain in _NOTHING or (not re.search(r"[^\W_]", text) and not is_covered(text))


def names_nobody(name: str) -> bool:
    """Whether it is nobody's name: "Consumidor final", or digits alone."""
    name = name[:_LONGEST]
    return _plain(name) in _NOBODY or not any(sign.isalpha() for sign in name)


def is_covered(text: str) -> bool:
    """Whether the source hid some of its signs: `52998***`, `M*** R***`."""
    return bool(_COVERED.search(text[:_LONGEST]))


def is_no_number(number: str) -> bool:
    """Whether an identification says as little as none: zeros, one repeated digit, fewer than
    five, or covered. Good only while nobody has told another."""
    if is_covered(number):
        return True
    signs = re.sub(r"[^0-9A-Za-z]", "", number[:_LONGEST])
    return len(set(signs)) <= 1 or (signs.isdigit() and len(signs) < 5)


def may_cover(covered: str, whole: str) -> bool:
    """Whether a covered number can be the whole one: what is left of its beginning and of its
    end is also there."""
    covered, whole = covered[:_LONGEST], whole[:_LONGEST]
    if not is_covered(covered):
        return False
    parts = [re.sub(r"\W|_", "", part) for part in _COVERED.split(covered)]
    plain = re.sub(r"\W|_", "", whole)
    return plain.startswith(parts[0]) and plain.endswith(parts[-1])


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(
        sign if sign.isalnum() else " " for sign in decomposed if unicodedata.category(sign) != "Mn"
    )
    return " ".join(letters.split())
