"""Lines worth nothing, as the merchant said they are to be treated. Product rules: gift lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from integrations.colombia.money import share_out
from integrations.documents.facts import Facts, LineFact
from integrations.sending.problem_kinds import Found


def with_gifts(facts: Facts) -> tuple[list[LineFact], list[Found]]:
    """The lines that go on the document, or the question that a gift raises."""
    lines = list(facts.lines)
    if not any(line.is_gift for line in lines) or not facts.total:
        return lines, []
    match facts.settings.gift_lines:
        case "zero":
            return lines, []
        case "leave_out":
            return [line for line in lines if not line.is_gift], []
        case "spread":
            return _spread(facts, lines)
    return lines, [Found("gift_line", "", {"order": facts.number})]


def _spread(facts: Facts, lines: list[LineFact]) -> tuple[list[LineFact], list[Found]]:
    """Gifts take their share of the value of the lines with the same taxes, and of no others:
    value that went to another rate would take its IVA along."""
    if all(line.is_gift for line in lines):
        return lines, []  # nothing to share: the total says the rest
    places = defaultdict(list)
    for place, line in enumerate(lines):
        places[line.taxes].append(place)
    spread = list(lines)
    for group in places.values():
        shared = _share([lines[place] for place in group])
        if shared is None:
            gift = lines[group[0]]
            if gift.item is None:
                continue  # told otherwise: it has no product yet
            return lines, [Found("gift_rate", "", {"order": facts.number, "name": gift.label})]
        for place, line in zip(group, shared, strict=True):
            spread[place] = line
    return spread, []


def _share(lines: list[LineFact]) -> list[LineFact] | None:
    """By catalogue price, in whole pesos; None when all of them are gifts."""
    paid = [line for line in lines if not line.is_gift]
    if not paid:
        return None
    if len(paid) == len(lines):
        return lines
    least = min(line.unit_price for line in paid)
    weights = [
        line.amount if not line.is_gift else _list_price(line, least) * line.quantity
        for line in lines
    ]
    worth = sum((line.amount for line in lines), Decimal(0))
    shares = share_out(int(worth), weights)
    left = worth - int(worth)
    spread = []
    for line, share in zip(lines, shares, strict=True):
        amount, left = share + left, Decimal(0)
        spread.append(replace(line, unit_price=amount / line.quantity, whole=amount))
    return spread


def _list_price(gift: LineFact, least: Decimal) -> Decimal:
    """The catalogue's price; one of nothing, or less, says nothing of what it is worth."""
    return gift.list_price if gift.list_price and gift.list_price > 0 else least
