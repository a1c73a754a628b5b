"""A bundle and its components: one price, and one movement of stock. Pure.

Components that come in $ 0 beside their bundle are no gifts, and a bundle that comes in $ 0 over
priced components is none either. Which it is, is asked once for the bundle's product. Product
rules: a combo's stock is its components', and a sale is one movement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.documents.facts import Facts, LineFact
from integrations.documents.stated_sums import stated_sums
from integrations.mastershop.bundle_hints import UNNAMED
from integrations.sending.problem_kinds import Found

# Components in $ 0, or counted twice, beside their bundle; and a bundle in $ 0 over them.
OF_COMPONENTS, OF_EMPTY = "bundle_components", "bundle_empty"
# Answers to both.
ARE_COMPONENTS, ARE_GIFTS = "components", "gifts"

_BUNDLE_WORDS = re.compile(r"(?i)\b(combo|kit|pack|paquete|bundle)s?\b")
# Words that products have too; they count where a thing in $ 0 lies over several paid ones.
_SET_WORDS = re.compile(r"(?i)\b(juego|set|d[uú]o|tr[ií]o|conjunto)s?\b")
_GIFT_WORDS = re.compile(r"(?i)\b(regalos?|obsequios?|gratis|gift|muestras?|cortes[ií]a)\b")
_NAMES_TOLD = 4


@dataclass(frozen=True)
class Bundle:
    """`code` is that of its question; places are those of the order's lines."""

    code: str
    parent: int
    components: tuple[int, ...]


@dataclass(frozen=True)
class Settled:
    """The facts with the lines that go on the document, and what of it is asked or noted."""

    facts: Facts
    problems: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()


def bundle_questions(facts: Facts) -> list[tuple[str, str]]:
    """Code and subject of all that may be asked, whatever was answered."""
    return [(each.code, _key(facts, each)) for each in _bundles(facts)]


def settle(facts: Facts) -> Settled:
    """What was answered is done. While nobody has, lines in $ 0 are neither gifts nor unlinked."""
    lines: list[LineFact | None] = list(facts.lines)
    problems, notes = [], []
    for bundle in _bundles(facts):
        match facts.said.get((bundle.code, _key(facts, bundle)), ""):
            case "":
                problems.append(_question(facts, bundle))
                for place in (bundle.parent, *bundle.components):
                    if facts.lines[place].unit_price == 0:
                        lines[place] = None
            case "components":
                notes.append(_without_doubles(facts, bundle, lines))
    if not problems and not notes:
        return Settled(facts)
    kept = [line for line in lines if line is not None]
    gone = [line for line, left in zip(facts.lines, lines, strict=True) if left is None]
    still = tuple(each for each in facts.problems if not is_about(each, facts.key, gone, kept))
    return Settled(replace(facts, lines=tuple(kept), problems=still), tuple(problems), tuple(notes))


def _without_doubles(facts: Facts, bundle: Bundle, lines: list[LineFact | None]) -> str:
    """Leave one price and one movement of stock in `lines`; what was done, for people."""
    parent = facts.lines[bundle.parent]
    told = {"bundle": parent.label, "components": _names(facts, bundle)}
    if bundle.code == OF_EMPTY:
        lines[bundle.parent] = None
        return _("«%(bundle)s» no va: van sus componentes, %(components)s.") % told
    if parent.item is None or parent.item.moves_stock:
        for place in bundle.components:
            lines[place] = None
        return _("%(components)s van dentro de «%(bundle)s»: no van aparte.") % told
    for place in bundle.components:
        lines[place] = replace(
            facts.lines[place], unit_price=Decimal(0), whole=None, is_component=True
        )
    return (
        _("%(components)s son de «%(bundle)s»: van en $ 0, y su inventario es el que baja.") % told
    )


def is_about(
    problem: Found, order_key: str, gone: Sequence[LineFact], kept: Sequence[LineFact]
) -> bool:
    """Whether it asks for the product of a line that does not go on the document."""
    subjects = {each.variant_key for each in gone} - {each.variant_key for each in kept}
    subjects |= {f"{order_key}/{each.position}" for each in gone}
    if problem.code == "another_article":
        return problem.subject_key.rpartition("@")[0] in subjects
    codes = ("product_unlinked", "product_missing", "variation_missing")
    return problem.code in codes and problem.subject_key in subjects


def _question(facts: Facts, bundle: Bundle) -> Found:
    about = {
        "order": facts.number,
        "name": facts.lines[bundle.parent].label,
        "components": _names(facts, bundle),
    }
    return Found(bundle.code, _key(facts, bundle), about)


def _key(facts: Facts, bundle: Bundle) -> str:
    parent = facts.lines[bundle.parent]
    # A line that names no product is known by what it is called.
    return ((parent.variant_key.strip("/") and parent.variant_key) or parent.label)[:160]


def _names(facts: Facts, bundle: Bundle) -> str:
    names = [facts.lines[place].label for place in bundle.components]
    more = len(names) - _NAMES_TOLD
    told = ", ".join(f"«{name}»" for name in names[:_NAMES_TOLD])
    return told if more <= 0 else _("%(names)s y %(n)d más") % {"names": told, "n": more}


# --- Which lines are one ---------------------------------------------------------------------


def _bundles(facts: Facts) -> list[Bundle]:
    """The bundles of an order that are not what they seem; no line is in two of them."""
    if not facts.total or facts.total <= 0:
        return []
    found: list[Bundle] = []
    taken: set[int] = set()
    for parent, components in (*_told(facts), *_worded(facts), *_worth_more(facts)):
        places = {parent, *components}
        code = _code(facts, parent, components)
        if code and len(places) == 1 + len(components) and not places & taken:
            found.append(Bundle(code, parent, tuple(components)))
            taken |= places
    return found


def _code(facts: Facts, parent: int, components: list[int]) -> str:
    """Which question a bundle raises, '' where everything has its price once."""
    paid = [place for place in components if facts.lines[place].unit_price > 0]
    if not components or any(facts.lines[place].unit_price < 0 for place in components):
        return ""
    if facts.lines[parent].unit_price <= 0:
        return OF_EMPTY if paid else ""
    if not paid:
        return OF_COMPONENTS
    # Both have a price: the total says which of them was paid.
    if facts.total in stated_sums(facts):
        return ""
    if facts.total in stated_sums(facts, leaving=components):
        return OF_COMPONENTS
    return OF_EMPTY if facts.total in stated_sums(facts, leaving=[parent]) else ""


def _told(facts: Facts) -> Iterator[tuple[int, list[int]]]:
    """Bundles that the order itself tells."""
    groups: dict[str, list[int]] = {}
    for place, line in enumerate(facts.lines):
        if line.bundle:
            groups.setdefault(line.bundle, []).append(place)
    for name, members in groups.items():
        parent = _parent(facts, name, members)
        if parent is not None:
            yield parent, [place for place in members if place != parent]


def _parent(facts: Facts, name: str, members: list[int]) -> int | None:
    """The line that the members name; else the one among them, or before them, that is another."""
    others = [place for place in range(len(facts.lines)) if place not in members]
    if name != UNNAMED:
        for place in (*others, *members):
            line = facts.lines[place]
            if name in (line.product_id, line.variant_key.rpartition("/")[2], line.sku):
                return place
    priced = [place for place in members if facts.lines[place].unit_price > 0]
    empty = [place for place in members if facts.lines[place].unit_price == 0]
    for alone, rest in ((priced, empty), (empty, priced)):
        if name != UNNAMED and len(alone) == 1 and len(rest) > 1:
            return alone[0]
    worded = [place for place in others if _BUNDLE_WORDS.search(facts.lines[place].label)]
    before = [place for place in worded or others if place < members[0]]
    return before[-1] if before else next(iter(worded or others), None)


def _worded(facts: Facts) -> Iterator[tuple[int, list[int]]]:
    """A combo, kit or pack by its name, with things in $ 0; or one in $ 0 over paid ones."""
    priced, empty = _by_price(facts)
    for place in priced:
        if _BUNDLE_WORDS.search(facts.lines[place].label):
            following = [each for each in empty if each > place]
            yield place, following or empty
            return
    for place in empty:
        label = facts.lines[place].label
        if len(priced) > 1 and (_BUNDLE_WORDS.search(label) or _SET_WORDS.search(label)):
            yield place, priced
            return


def _worth_more(facts: Facts) -> Iterator[tuple[int, list[int]]]:
    """Nobody gives away what costs more than all that is paid."""
    priced, empty = _by_price(facts)
    paid = sum((facts.lines[place].amount for place in priced), Decimal(0))
    for place in empty:
        worth = facts.lines[place].catalogue_price
        if len(priced) > 1 and worth is not None and worth > paid:
            yield place, priced
            return


def _by_price(facts: Facts) -> tuple[list[int], list[int]]:
    """The places of paid lines, and of those in $ 0 that are not called gifts."""
    lines = list(enumerate(facts.lines))
    empty = [
        place
        for place, line in lines
        if line.unit_price == 0 and not _GIFT_WORDS.search(line.label)
    ]
    return [place for place, line in lines if line.unit_price > 0], empty
