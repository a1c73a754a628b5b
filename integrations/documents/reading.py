"""Which reading of an order's amounts gives what the buyer paid.

Items do not have to add up to the total (MasterShop reference, amounts). First the reading
is sought that gives it (`readings`). Where there is none, one that would under the other
answer to *¿Los precios incluyen IVA?* is asked about; else the remainder is a charge or a
discount within the merchant's limits, and beyond them the order waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.money import HALF_PESO
from integrations.colombia.peso_text import pesos
from integrations.documents.facts import Facts, LineFact
from integrations.documents.gifts import with_gifts
from integrations.documents.readings import (
    Candidate,
    Charge,
    PricedLine,
    best,
    discounted,
    plain,
    stated,
)
from integrations.sending.problem_kinds import Found

UNEXPLAINED = "Otros cargos del pedido"


@dataclass(frozen=True)
class Reading:
    """What goes on the document: lines with their share of the discount, and charges.

    `value` is the value of the sale: what the document's total must be, to the peso.
    """

    lines: tuple[PricedLine, ...]
    charges: tuple[Charge, ...]
    value: Decimal
    notes: tuple[str, ...] = ()


def read_amounts(facts: Facts) -> Reading | list[Found]:
    """The reading, or every problem that keeps the amounts from being read."""
    if facts.total is None:
        return [_about(facts, "total_missing")]
    lines, problems = with_gifts(facts)
    if problems:
        return problems
    if facts.total <= 0:
        return Reading((), (), facts.total)
    includes_tax = facts.settings.prices_include_tax
    if not includes_tax and any(line.item is None for line in lines):
        # Without its product a line's IVA is not known, and what the sums say is nothing.
        return []
    found = best(facts, lines, includes_tax=includes_tax)
    if found is not None:
        reading = _exact(facts, found)
    else:
        other = _read_the_other_way(facts, lines)
        rest = other or _with_remainder(facts, lines)
        if isinstance(rest, Found):
            return [rest]
        reading = rest
    charged = any(charge.amount for charge in reading.charges)
    if charged and (not facts.settings.charges_enabled or facts.charges_item is None):
        return [Found("charges_disabled", "", {"order": facts.number})]
    return replace(reading, charges=tuple(each for each in reading.charges if each.amount))


def _exact(facts: Facts, found: Candidate) -> Reading:
    notes = []
    if found.cancelled:
        notes.append(
            _("%(charges)s y un descuento igual se anulan: ninguno va.")
            % {"charges": ", ".join(found.cancelled)}
        )
    elif facts.discount and not found.laid.discount:
        notes.append(
            _("El total no descuenta los %(discount)s que dice el pedido: no van.")
            % {"discount": pesos(facts.discount)}
        )
    if found.unpaid and not found.charges:
        notes.append(_("El comprador no pagó los cargos adicionales: no van."))
    elif found.unpaid:
        notes.append(
            _("El comprador no pagó %(charges)s: no va.") % {"charges": ", ".join(found.unpaid)}
        )
    return Reading(found.laid.lines, found.charges, facts.total or Decimal(0), tuple(notes))


def _read_the_other_way(facts: Facts, lines: list[LineFact]) -> Found | None:
    """The question that arises where only prices with IVA, or only without, give the total.

    Read as configured such an order would invent a charge or a discount of exactly the IVA.
    """
    settings = facts.settings
    if settings.prices_told or any(line.item is None for line in lines):
        return None
    other = not settings.prices_include_tax
    if best(facts, lines, includes_tax=other) is None:
        return None
    how = _("lo incluyen") if other else _("no lo incluyen")
    subject = "included" if other else "excluded"
    return Found("prices_tax", subject, {"order": facts.number, "how": how})


def _with_remainder(facts: Facts, lines: list[LineFact]) -> Reading | Found:
    """A remainder that nobody explains: a charge, or what the merchant answered, or a person."""
    settings, total = facts.settings, facts.total or Decimal(0)
    if facts.charges and facts.charges_item is None and not settings.prices_include_tax:
        # What the buyer paid for them depends on the IVA of a product that is not there.
        return Found("charges_disabled", "", {"order": facts.number})
    said = stated(facts, lines)
    undiscounted = plain(lines, with_tax=settings.prices_include_tax)
    worth = sum((each.total for each in undiscounted), Decimal(0))
    if said is None:
        return _mismatch(facts, worth)
    rest = total - said.total
    if abs(rest) < HALF_PESO:
        # Unit prices were rounded: 3 × 33.333,33 of 100.000. Nobody charged a cent.
        return Reading(said.laid.lines, said.charges, total)
    percent = worth * settings.remainder_limit_percent / 100
    # Both ways: a total far below its lines is no discount either.
    if abs(rest) > min(percent, Decimal(settings.remainder_limit_pesos)):
        return _mismatch(facts, said.total)
    if rest > 0:
        rate = facts.charges_item.rate if facts.charges_item else Decimal(0)
        extra = Charge(UNEXPLAINED, rest, with_tax=True, rate=rate)
        note = _("%(rest)s del total no vienen explicados: van como cobro adicional.")
        return Reading(
            said.laid.lines, (*said.charges, extra), total, (note % {"rest": pesos(rest)},)
        )
    match settings.short_total:
        case "discount":
            note = _("El total es menor que los productos: va como descuento.")
            less = discounted(said.laid.lines, -rest, with_tax=True)
            if less is not None:
                return Reading(less, said.charges, total, (note,))
        case "down_payment":
            note = _("%(rest)s se toman como abono ya recibido.") % {"rest": pesos(-rest)}
            return Reading(said.laid.lines, said.charges, total - rest, (note,))
        case _:
            return Found("short_total", "", {"order": facts.number})
    return _mismatch(facts, said.total)


def _mismatch(facts: Facts, lines: Decimal) -> Found:
    return _about(
        facts, "total_mismatch", lines=pesos(lines), total=pesos(facts.total or Decimal(0))
    )


def _about(facts: Facts, code: str, **params) -> Found:
    return Found(code, facts.number, {"order": facts.number, "order_id": facts.order_id, **params})
