"""The reading of an order whose sum is exact, with what was received before.

Pure. The total may be the whole price or what is left to pay; where it can be both, and the
document's IVA would differ, a person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.documents import received
from integrations.documents.facts import Facts, LineFact
from integrations.documents.readings import Candidate, exact, tax_differs
from integrations.documents.variants import Variant, variants
from integrations.sending.problem_kinds import Found

_MOST_TOLD = 6


@dataclass(frozen=True)
class Exact:
    """`value` of the sale in COP, of which `received` was paid before. `facts` are the order's
    as they were read. `rival`: another reading that fits as well, with another tax."""

    candidate: Candidate
    facts: Facts
    value: Decimal
    received: received.Payments = ()
    notes: tuple[str, ...] = ()
    rival: Candidate | None = None


def find(facts: Facts, lines: list[LineFact]) -> Exact | Found | None:
    """The reading, the question that two of them raise, or None where no sum is exact."""
    found = _find(facts, lines)
    taken = received.as_payment(facts, lines)
    if taken is not None:
        paid_facts, paid_lines, is_said = taken
        paid = _find(paid_facts, paid_lines)
        if paid is not None and paid.received:
            answer = received.said_of_short(facts, paid.value) or facts.answers.short_kept
            if is_said or found is None or answer == "received":
                found = paid
            elif answer != "discount":
                return received.question(facts, paid.value, is_within=True)
    if found is None or found.rival is None:
        return found
    return _of_two(facts, found)


def _find(facts: Facts, lines: list[LineFact]) -> Exact | None:
    total = facts.total or Decimal(0)
    by_value = {
        total + sum((amount for _label, amount in paid), Decimal(0)): paid
        for paid in received.options(facts)
    }
    wanted = [value for value in by_value if value > 0]
    found: list[tuple[Variant, Exact]] = []
    for variant in variants(facts, lines) if wanted else ():
        if found and variant.tier > found[0][0].tier:
            break
        includes_tax = facts.settings.prices_include_tax
        fits = exact(variant.facts, variant.lines, wanted, includes_tax=includes_tax)
        found += [
            (
                variant,
                Exact(
                    each.candidate, variant.facts, value, by_value[value], variant.notes, each.rival
                ),
            )
            for value, each in fits.items()
        ]
    if not found:
        return None
    chosen = min((each for _variant, each in found), key=_rank)
    if chosen.rival is None:
        same = [each for _variant, each in found if _rank(each) == _rank(chosen)]
        rival = next((x for x in same if tax_differs(x.candidate, chosen.candidate)), None)
        chosen = replace(chosen, rival=rival.candidate if rival else None)
    return chosen


def _rank(each: Exact) -> tuple[Decimal, int, int]:
    return each.candidate.ignored, each.candidate.laid.rank, len(each.received)


def _of_two(facts: Facts, found: Exact) -> Exact | Found:
    """The one a person chose, by its words: another order body may bring other readings."""
    told = {
        _in_words(found.candidate, found.rival): found.candidate,
        _in_words(found.rival, found.candidate): found.rival,
    }
    chosen = told.get(facts.answers.two_ways)
    if chosen is not None:
        return replace(found, candidate=chosen, rival=None)
    first, second = sorted(told)
    about = {"order": facts.number, "order_id": facts.order_id}
    return Found("amounts_two_ways", facts.key, {**about, "first": first, "second": second})


def _in_words(one: Candidate, other: Candidate) -> str:
    """What the lines come to that differ from the other reading's."""
    told = [
        _("%(line)s por %(amount)s") % {"line": mine.line.label, "amount": pesos(mine.total)}
        for mine, theirs in zip(one.laid.lines, other.laid.lines, strict=True)
        if mine.total != theirs.total
    ]
    return ", ".join(told[:_MOST_TOLD])
