"""What a doubtful identification can mean: each reading with the type and number it gives.

Source: Colombian invoicing reference, "NIT check digit" and "Plausibility". A person chooses
among them; nothing here prefers one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.colombia.company_names import has_foreign_form
from integrations.colombia.identity import judge, read_number
from integrations.colombia.identity_types import PATTERNS
from integrations.colombia.nit import check_digit, may_be_cedula, split_glued, split_persons

# The names of the readings: the answers to a question are kept as these.
NIT, NIT_AND_DIGIT, NIT_WRONG_DIGIT = "nit", "nit_and_digit", "nit_wrong_digit"
CC, CC_AND_DIGIT = "cc", "cc_and_digit"
FOREIGN_NIT, PASSPORT = "foreign_nit", "passport"

_LONGEST_BASE = 15


@dataclass(frozen=True)
class Reading:
    value: str
    doc_type: str
    number: str = field(repr=False)


def readings(
    doc_type: str | None,
    number: str | None,
    *,
    phone: str | None,
    name: str = "",
    seller: str = "",
) -> tuple[Reading, ...]:
    """All that can stand on a document as it is, the likelier first. The arguments are those of
    `identity.judge`. Empty where the writing means nothing: masked, a telephone, words.
    """
    found: dict[str, Reading] = {}
    for value, kind, digits in _possible(doc_type, number, name):
        judged = judge(kind, digits, phone=phone, name=name, seller=seller, is_certain=True)
        if judged.verdict == "usable":
            found.setdefault(value, Reading(value, kind, digits))
    return tuple(found.values())


def _possible(
    doc_type: str | None, number: str | None, name: str
) -> Iterator[tuple[str, str, str]]:
    plain = judge(doc_type, number, phone=None)
    if plain.verdict == "missing" or plain.reason in ("masked", "a_phone"):
        return
    read = read_number(doc_type, number)
    typed = read.clean + ("" if read.dv is None else str(read.dv))
    is_apart = read.dv is not None
    if typed.isdigit():
        yield from _with_digit(typed, is_apart=is_apart)
    # A right check digit that is written apart is no part of the number.
    if typed.isdigit() and not (is_apart and check_digit(read.clean) == read.dv):
        if is_of_a_company(typed) or may_be_cedula(typed) or read.kind == "NIT":
            yield NIT, "NIT", typed
        if may_be_cedula(typed) or len(typed) == 9:
            yield CC, "CC", typed
    is_strange = not read.is_known or (read.kind == "NIT" and plain.reason == "implausible")
    if is_strange or has_foreign_form(name):
        yield FOREIGN_NIT, "FOREIGN_NIT", typed
    if not typed.isdigit() and PATTERNS["PP"].fullmatch(typed):
        yield PASSPORT, "PP", typed


def _with_digit(typed: str, *, is_apart: bool) -> Iterator[tuple[str, str, str]]:
    """The last digit is the check digit of the others, right or wrong."""
    base, last = typed[:-1], int(typed[-1])
    if not base or len(base) > _LONGEST_BASE:
        return
    is_right = check_digit(base) == last
    if is_apart or split_glued(typed) or split_persons(typed):
        yield (NIT_AND_DIGIT if is_right else NIT_WRONG_DIGIT), "NIT", base
        if may_be_cedula(base):
            yield CC_AND_DIGIT, "CC", base
    elif is_of_a_company(base):
        yield NIT_WRONG_DIGIT, "NIT", base


def is_of_a_company(base: str) -> bool:
    """Whether these are the digits of a company's NIT, without its check digit."""
    return base.isdigit() and len(base) == 9 and base[0] in "89"
