"""A contact that Alegra refuses for what a document can do without: sent again without it, once.

Alegra reference: contacts. Which words Alegra uses is not documented; the data are named in
Spanish or as the fields are called. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from integrations.alegra.errors import Rejected

# What is refused for itself: kind of person, identification, number already there.
_NOT_OPTIONAL = frozenset({"2006", "2032", "2035"})
_ADDRESS_OF_MAIL = re.compile(r"direcci[oó]n (?:de |del )?(?:correo|e-?mail)", re.IGNORECASE)
_PHONES = ("phonePrimary", "mobile")
# Each datum: its fields in a body, what a refusal calls it, and what we call it.
_OPTIONAL = (
    (("email",), re.compile(r"e-?mail|correo", re.IGNORECASE), "el correo"),
    (_PHONES, re.compile(r"phone|mobile|tel[eé]fono|celular|m[oó]vil", re.IGNORECASE),
     "el teléfono"),
    (("address",), re.compile(
        r"address|direcci[oó]n|ciudad|city|depart[a-z]*|municipio|zip.?code|c[oó]digo postal",
        re.IGNORECASE,
    ), "la dirección"),
)  # fmt: skip


def names_optional(error: Rejected, body: dict[str, Any]) -> bool:
    """Whether the refusal speaks of a datum of this body that may be left out."""
    return bool(_named(error, body))


def without_refused(error: Rejected, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """(The body without what was refused, what that is in words); ({}, '') where nothing of it
    may be left out. A refusal that names none of them may mean any: then all are left out.
    """
    if error.code in _NOT_OPTIONAL:
        return {}, ""
    out = _named(error, body) or [each for each in _OPTIONAL if _is_in(body, each)]
    if not out:
        return {}, ""
    fields = {name for each in out for name in each[0]}
    rest = {name: value for name, value in body.items() if name not in fields}
    return rest, ", ".join(each[2] for each in out)


def _named(error: Rejected, body: dict[str, Any]) -> list[tuple]:
    """By its sentence; else by the rest of its answer, which may name fields."""
    if error.code in _NOT_OPTIONAL:
        return []
    for told in (error.message, error.excerpt):
        told = _ADDRESS_OF_MAIL.sub("correo", told)
        if found := [each for each in _OPTIONAL if _is_in(body, each) and each[1].search(told)]:
            return found
    return []


def _is_in(body: dict[str, Any], optional: tuple) -> bool:
    return any(name in body for name in optional[0])
