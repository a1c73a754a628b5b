"""What an order's amounts may come to, plainly added up. Pure."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from itertools import product

from integrations.documents.facts import Facts

_NOTHING = Decimal(0)


def goods(facts: Facts, *, leaving: Container[int] = ()) -> Decimal:
    """The lines without those at the places in `leaving`, in COP."""
    lines = enumerate(facts.lines)
    return sum((line.amount for place, line in lines if place not in leaving), _NOTHING)


def stated_sums(facts: Facts, *, leaving: Container[int] = ()) -> set[Decimal]:
    """The lines, with charges and freight or without, less the discounts or not."""
    charged = sum((each.amount for each in facts.charges if each.is_paid), _NOTHING)
    freight = sum((amount for _name, amount in facts.freight), _NOTHING)
    off = facts.discount + sum((amount for _name, amount in facts.cuts), _NOTHING)
    parts = product({_NOTHING, charged}, {_NOTHING, freight}, {_NOTHING, -off})
    worth = goods(facts, leaving=leaving)
    return {worth + sum(each, _NOTHING) for each in parts}
