"""Whether a contact of Alegra's and the buyer of an order are the same person or company.

Source: Colombian invoicing reference, "Finding and updating contacts" and "Names". Nothing here
decides what follows; an unknown is None, never a guess.
"""

from __future__ import annotations

import re
import unicodedata

from integrations.colombia.company_names import looks_like_company
from integrations.colombia.longest import line
from integrations.colombia.name_words import (
    COMPANY_WORDS,
    PARTICLES,
    SECOND_GIVEN_NAMES,
    TITLES,
)
from integrations.colombia.nit import split_glued

_CHECK_DIGIT = re.compile(r"\s*[-–]\s*\d\s*$")
# What people and programs type where a name or a part of it is missing, and legal forms: two
# names that share only these share nothing.
_NO_NAMES = (
    PARTICLES
    | TITLES
    | COMPANY_WORDS
    | frozenset("sin apellido apellidos nombre datos na cia compania limitada sa esp eu".split())  # noqa: SIM905
)


def plain_identification(number: str) -> str:
    """The number without dots, spaces and the check digit behind a hyphen, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", _CHECK_DIGIT.sub("", line(number)).upper())


def same_identification(one: str, other: str) -> bool:
    """Whether two writings are of one number, with or without a NIT's check digit.

    A digit glued on counts as a check digit only where `nit.split_glued` proves it. Nothing is
    equal to an empty number.
    """
    first, second = plain_identification(one), plain_identification(other)
    if not first or not second:
        return False
    return first == second or _is_glued(first, second) or _is_glued(second, first)


def _is_glued(number: str, base: str) -> bool:
    parts = split_glued(number)
    return parts is not None and parts[0] == base


def share_a_name(one: str, other: str) -> bool | None:
    """Whether two names have a given name or surname in common; None when one says nothing.

    Accents, case, order, particles, titles and legal forms apart. A single letter is an initial
    and names nobody.
    """
    first, second = name_words(one), name_words(other)
    return bool(first & second) if first and second else None


def is_written_alike(one: str, other: str) -> bool:
    """Whether two names have the same words, accents, case, order and particles apart."""
    return name_words(one) == name_words(other)


def is_plainly_of_a_person(name: str, *, beside: str) -> bool:
    """Whether a name has a usual given name that the company's name `beside` it has not."""
    if looks_like_company(name):
        return False
    return bool((name_words(name) - name_words(beside)) & SECOND_GIVEN_NAMES)


def name_words(text: str) -> frozenset[str]:
    """The words that name somebody, in lower case without accents."""
    decomposed = unicodedata.normalize("NFD", line(text).casefold())
    letters = "".join(
        char if char.isalnum() else " " for char in decomposed if unicodedata.category(char) != "Mn"
    )
    return frozenset(word for word in letters.split() if len(word) > 1) - _NO_NAMES


def is_company(*, kind_of_person: str, doc_type: str, number: str, name: str) -> bool | None:
    """Whether a contact is a company; None when nothing tells.

    `kind_of_person` is Alegra's LEGAL_ENTITY or PERSON_ENTITY and decides where it is given. A
    NIT is a company's when its base has nine digits and begins with 8 or 9 (Colombian invoicing
    reference, "NIT check digit"); every other type is a person's, but for a foreign NIT.
    """
    if kind_of_person in ("LEGAL_ENTITY", "PERSON_ENTITY"):
        return kind_of_person == "LEGAL_ENTITY"
    if looks_like_company(name):
        return True
    base = plain_identification(number)
    if doc_type == "NIT" and base:
        parts = split_glued(base)
        base = parts[0] if parts else base
        return len(base) == 9 and base[0] in "89"
    if doc_type in ("", "FOREIGN_NIT"):
        return None
    return False
