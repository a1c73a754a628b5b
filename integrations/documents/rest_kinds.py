"""What a person said of an order whose amounts do not give its total. Pure.

Read from the answers by `said_amounts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.money import HALF_PESO, to_pesos
from integrations.colombia.peso_text import pesos
from integrations.documents.facts import Facts, LineFact
from integrations.documents.readings import Charge, plain, stated
from integrations.mastershop.charge_names import OWN, PRODUCT, THIRD_PARTY, UNKNOWN
from integrations.sending.problem_kinds import Found


def unusable(facts: Facts) -> Found | None:
    """The chosen product that cannot be invoiced."""
    rest = facts.rest
    if rest is None or rest.kind != PRODUCT:
        return None
    why = "ya no existe en Alegra" if rest.item is None else rest.item.why
    if not why:
        return None
    about = {"charge": rest.name, "item": rest.name, "why": why, "order": facts.number}
    subject = rest.item.alegra_id if rest.item else ""
    return Found("charge_product_unusable", subject, about)


def with_total_of_lines(facts: Facts, lines: list[LineFact]) -> Facts:
    """The order with the total that its lines, charges and discounts come to, in whole pesos
    where prices come without IVA; of its lines alone where the discounts are larger."""
    includes_tax = facts.settings.prices_include_tax
    whole = stated(facts, lines)
    worth = sum((each.total for each in plain(lines, with_tax=includes_tax)), Decimal(0))
    total = worth if whole is None else whole.total
    return replace(facts, total=total if includes_tax else Decimal(to_pesos(total)))


def said(facts: Facts, rest: Decimal) -> Charge | None:
    """The remainder over the lines as a row of the document, where a person said what it is.

    An answer about another remainder than this one is none.
    """
    if facts.rest is None or rest <= 0 or facts.rest_asked not in ("", pesos(rest)):
        return None
    return Charge(facts.rest.name, rest, True, facts.item_of(facts.rest), facts.rest)


def named(facts: Facts, rest: Decimal) -> list[Charge]:
    """The remainder over the lines as each of the amounts of its size that the order names
    elsewhere, of the kind that a person said of the name, else unknown."""
    return [
        Charge(each.name, rest, True, facts.item_of(each), each)
        for each in facts.named
        if abs(each.amount - rest) < HALF_PESO
    ]


def row_of(found: Iterable[Charge]) -> Charge | None:
    """The row of the document that the remainder is; None where none of them can be one, or
    where they would be different rows. A name that nobody knows comes first: it is asked about."""
    rows = [each for each in found if _is_row(each)]
    unknown = [each for each in rows if each.stated.kind == UNKNOWN]
    kinds = {(each.stated.kind, each.item.alegra_id if each.item else "") for each in rows}
    if not unknown and len(kinds) > 1:
        return None
    return next(iter([*unknown, *rows]), None)


def _is_row(extra: Charge) -> bool:
    """Whether what a person said of that name can be a row of the document."""
    said = extra.stated
    if said.kind == PRODUCT:
        return said.item is not None and not said.item.why
    return said.kind in (OWN, THIRD_PARTY, UNKNOWN)


def notes(facts: Facts, paid: Iterable[Charge]) -> tuple[str, ...]:
    """What the page says of lines that could not be read."""
    used = [each for each in paid if each.stated is not None and each.stated is facts.rest]
    found = [
        _("%(rest)s del total van como «%(name)s», como dijiste.")
        % {"rest": pesos(each.amount), "name": each.name}
        for each in used
    ]
    text = _("«%(name)s» no se pudo leer: no va en el documento.")
    return (*found, *(text % {"name": name} for name in facts.not_read))
