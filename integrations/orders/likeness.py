"""Whether two bodies of one number are about the same buyer and the same goods.

What one of them leaves out, or covers, says nothing: then nobody can know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from integrations.mastershop import personal
from integrations.mastershop.orders import Customer, Line
from integrations.scoping.search_key import normalised as search_key

_NO_SIGN = re.compile(r"[^0-9A-Za-z]")
_NO_DIGIT = re.compile(r"\D")
# The characters that are compared. No name or telephone is longer.
_LONGEST_TEXT = 1_000
# Of a name: fewer words in common may be another person's.
_LEAST_WORDS = 2
_LONGEST_PHONE = 10


class Likeness(Enum):
    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def buyers(one: Customer, other: Customer) -> Likeness:
    """By identification; where one of them has none, or the same name has two, by name and
    telephone."""
    names = _names(one.name, other.name)
    phones = _phones(one.phone, other.phone)
    numbers = _numbers(one.doc_number, other.doc_number)
    if numbers is Likeness.SAME:
        return Likeness.SAME
    if numbers is Likeness.OTHER:
        if names is not Likeness.SAME:
            return Likeness.OTHER
        return Likeness.SAME if phones is Likeness.SAME else Likeness.UNKNOWN
    if names is Likeness.OTHER and phones is Likeness.SAME:
        return Likeness.UNKNOWN
    if names is Likeness.UNKNOWN and phones is Likeness.SAME:
        return Likeness.SAME
    return names


def goods(lines: Iterable[Line], others: Iterable[Line]) -> Likeness:
    """By products and their quantities; the same ones at other prices may be either."""
    mine, theirs = _sold(lines), _sold(others)
    if not mine or not theirs:
        return Likeness.UNKNOWN
    left = list(theirs)
    for line, quantity in mine:
        found = next((each for each in left if _is_one_product(line, each[0])), None)
        if found is None or found[1] != quantity:
            return Likeness.OTHER
        left.remove(found)
    if left:
        return Likeness.OTHER
    return Likeness.SAME if _value(lines) == _value(others) else Likeness.UNKNOWN


def _numbers(one: str, other: str) -> Likeness:
    covered = [each for each in (one, other) if personal.is_covered(each)]
    if len(covered) == 1 and one and other:
        whole = other if covered[0] == one else one
        # What is left of it may already be another's.
        may_be = personal.is_no_number(whole) or personal.may_cover(covered[0], whole)
        return Likeness.UNKNOWN if may_be else Likeness.OTHER
    if personal.is_no_number(one) or personal.is_no_number(other):
        return Likeness.UNKNOWN
    short, long = sorted(
        (_NO_SIGN.sub("", each[:_LONGEST_TEXT]).upper() for each in (one, other)), key=len
    )
    # The longer one may carry its check digit.
    is_one = long.startswith(short) and len(long) - len(short) <= 1
    return Likeness.SAME if is_one else Likeness.OTHER


def _names(one: str, other: str) -> Likeness:
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return Likeness.UNKNOWN
    common = mine & theirs
    if not common:
        return Likeness.OTHER
    is_all = len(common) == min(len(mine), len(theirs))
    is_enough = len(common) >= _LEAST_WORDS or mine == theirs
    return Likeness.SAME if is_all and is_enough else Likeness.UNKNOWN


def _words(name: str) -> set[str]:
    name = name[:_LONGEST_TEXT]
    if personal.names_nobody(name):
        return set()
    words = [word for word in name.split() if not personal.is_covered(word)]
    return set(search_key(" ".join(words)).split())


def _phones(one: str, other: str) -> Likeness:
    mine, theirs = (
        ""
        if personal.is_covered(each)
        else _NO_DIGIT.sub("", each[-_LONGEST_TEXT:])[-_LONGEST_PHONE:]
        for each in (one, other)
    )
    if len(mine) < _LONGEST_PHONE or len(theirs) < _LONGEST_PHONE:
        return Likeness.UNKNOWN
    return Likeness.SAME if mine == theirs else Likeness.OTHER


def _sold(lines: Iterable[Line]) -> list[tuple[Line, Decimal]]:
    """Each product once, with its units; lines of quantity 0 are none."""
    found: list[tuple[Line, Decimal]] = []
    for line in lines:
        if not line.qty:
            continue
        known = next((each for each in found if _is_one_product(line, each[0])), None)
        if known is not None:
            found.remove(known)
        found.append((line, line.qty + (known[1] if known else 0)))
    return found


def _is_one_product(one: Line, other: Line) -> bool:
    """By the variation where both name it, else by SKU, product and name."""
    if one.variant_id and other.variant_id:
        return one.variant_id == other.variant_id
    if one.sku and other.sku:
        return search_key(one.sku) == search_key(other.sku)
    if one.product_id and other.product_id:
        return one.product_id == other.product_id
    return search_key(f"{one.name} {one.variant_name}") == search_key(
        f"{other.name} {other.variant_name}"
    )


def _value(lines: Iterable[Line]) -> Decimal:
    return sum((line.unit_price * line.qty for line in lines), Decimal(0))
