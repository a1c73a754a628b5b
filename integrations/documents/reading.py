"""Which reading of an order's amounts gives what the buyer paid.

Items do not have to add up to the total (MasterShop reference, amounts). First the reading
is sought that gives it, with what was received before (`exact_reading`). Where there is none,
one that would under the other answer to *¿Los precios incluyen IVA?* is asked about; else the
remainder is a charge within the merchant's limits, or a question about this order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.money import HALF_PESO
from integrations.colombia.peso_text import number, pesos
from integrations.documents import charge_kinds, received, rest_kinds
from integrations.documents.exact_reading import Exact, find
from integrations.documents.facts import Facts, LineFact
from integrations.documents.gifts import with_gifts
from integrations.documents.kept_for import word_of
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
# Why there is nothing to document: nothing has a price, or what a person said of a total of 0.
NOTHING = "zero_total"
OF_ZERO = {"exchange": "exchange", "discount": "full_discount"}


@dataclass(frozen=True)
class Reading:
    """What goes on the document: lines with their discounts, and charges.

    `value` is the value of the sale: what the document's total must be, to the peso. Of it
    `received` was paid before. `shared` is a discount that all lines share, in COP. `nothing`
    says why there is nothing to document, as `Document.reason` keeps it.
    """

    lines: tuple[PricedLine, ...]
    charges: tuple[Charge, ...]
    value: Decimal
    notes: tuple[str, ...] = ()
    received: received.Payments = ()
    shared: Decimal = Decimal(0)
    nothing: str = ""


def read_amounts(facts: Facts) -> Reading | list[Found]:
    """The reading, or every problem that keeps the amounts from being read."""
    if facts.total is None and not facts.as_lines:
        return [_about(facts, "total_missing")]
    if found := rest_kinds.unusable(facts):
        return [found]
    lines, problems = with_gifts(facts)
    if problems:
        return problems
    if facts.as_lines:
        facts = rest_kinds.with_total_of_lines(facts, lines)
    if facts.total < 0:
        return Reading((), (), facts.total, nothing=NOTHING)
    if not facts.settings.prices_include_tax and any(line.item is None for line in lines):
        # Without its product a line's IVA is not known, and what the sums say is nothing.
        return []
    found = find(facts, lines)
    if isinstance(found, Exact):
        reading = _exact(facts, found)
    elif isinstance(found, Found):
        return [found]
    else:
        rest = _of_nothing(facts, lines) if not facts.total else _inexact(facts, lines)
        if isinstance(rest, list):
            return rest
        reading = rest
    if unknown := charge_kinds.unknown_among(facts, reading.charges):
        return unknown
    if charge_kinds.lacks_product(facts, reading.charges):
        return [Found("charges_disabled", "", {"order": facts.number})]
    return _told(facts, reading)


def _told(facts: Facts, reading: Reading) -> Reading:
    """The reading without charges of 0, with its notes on payment and on what is left out."""
    notes = list(reading.notes)
    if facts.left_out and not reading.nothing:
        names = ", ".join(facts.left_out)
        notes.append(_("%(lines)s: su cantidad es 0 y no va.") % {"lines": names})
    notes += [
        _("El mismo pedido devuelve %(n)s de «%(name)s»: va lo que queda.")
        % {"n": number(units), "name": name}
        for name, units in facts.returned
    ]
    if reading.received:
        paid = sum((amount for _label, amount in reading.received), Decimal(0))
        due = reading.value - paid
        notes.insert(0, received.note(reading.received, due, family=facts.family))
    notes += charge_kinds.notes(facts, reading.charges)
    notes += rest_kinds.notes(facts, reading.charges)
    charges = tuple(each for each in reading.charges if each.amount)
    return replace(reading, charges=charges, notes=tuple(notes))


def _exact(facts: Facts, found: Exact) -> Reading:
    chosen, told = found.candidate, found.facts
    notes = list(found.notes)
    off = told.discount + sum((amount for _name, amount in told.cuts), Decimal(0))
    if chosen.cancelled:
        notes.append(
            _("%(charges)s y un descuento igual se anulan: ninguno va.")
            % {"charges": ", ".join(chosen.cancelled)}
        )
    elif off and not chosen.laid.discount and not chosen.laid.own:
        notes.append(
            _("El total no descuenta los %(discount)s que dice el pedido: no van.")
            % {"discount": pesos(off)}
        )
    if chosen.unpaid and not chosen.charges:
        notes.append(_("El comprador no pagó los cargos adicionales: no van."))
    elif chosen.unpaid:
        notes.append(
            _("El comprador no pagó %(charges)s: no va.") % {"charges": ", ".join(chosen.unpaid)}
        )
    if told.cuts and chosen.laid.discount:
        names = ", ".join(name for name, _amount in told.cuts)
        notes.append(_("%(names)s va como descuento.") % {"names": names})
    return Reading(
        chosen.laid.lines,
        chosen.charges,
        found.value,
        tuple(notes),
        received=found.received or received.told_within(facts),
        shared=chosen.laid.discount,
    )


def _inexact(facts: Facts, lines: list[LineFact]) -> Reading | list[Found]:
    if other := _read_the_other_way(facts, lines):
        return [other]
    if unknown := charge_kinds.unknown(facts):
        # What they are may explain the total.
        return unknown
    rest = _with_remainder(facts, lines)
    return [rest] if isinstance(rest, Found) else rest


def _of_nothing(facts: Facts, lines: list[LineFact]) -> Reading | list[Found]:
    """A total of 0: no sale where nothing has a price, else what a person says of this order."""
    worth = _worth(facts, lines)
    if not worth.total:
        return Reading((), (), Decimal(0), nothing=NOTHING)
    label = received.is_said_without_amount(facts)
    about = (pesos(worth.total),)
    answer = facts.answers.zero if facts.answers.zero_about in ((), about) else ""
    if label or answer == "received":
        paid = ((label or received.DEPOSIT, worth.total),)
        return Reading(worth.laid.lines, worth.charges, worth.total, received=paid)
    if answer in OF_ZERO:
        return Reading((), (), Decimal(0), nothing=OF_ZERO[answer])
    return [_about(facts, "total_zero", lines=pesos(worth.total))]


def _worth(facts: Facts, lines: list[LineFact]) -> Candidate:
    """What the order states, or all of it without its discounts where these leave nothing."""
    said = stated(facts, lines)
    if said is not None and said.total > 0:
        return said
    bare = [replace(line, discounts=(), told_total=None, cut=Decimal(0)) for line in lines]
    return stated(replace(facts, discount=Decimal(0), cuts=()), bare) or said


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
    """A remainder that nobody explains: a charge, or what a person says of it."""
    settings, total = facts.settings, facts.total or Decimal(0)
    is_charged = any(each.is_paid for each in facts.charges)
    if is_charged and facts.charges_item is None and not settings.prices_include_tax:
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
    is_within = abs(rest) <= min(percent, Decimal(settings.remainder_limit_pesos))
    if rest < 0:
        return _short(facts, said, -rest, is_within=is_within)
    if extra := rest_kinds.said(facts, rest):
        return Reading(said.laid.lines, (*said.charges, extra), total)
    if several := rest_kinds.named(facts, rest):
        extra = rest_kinds.row_of(several)
        if extra is None:
            return _mismatch(facts, said.total)
        return Reading(said.laid.lines, (*said.charges, extra), total)
    if not is_within or _must_be_exact(facts, lines, rest):
        return _mismatch(facts, said.total)
    extra = Charge(UNEXPLAINED, rest, with_tax=True, item=facts.charges_item)
    note = _("%(rest)s del total no vienen explicados: van como cobro adicional.")
    return Reading(said.laid.lines, (*said.charges, extra), total, (note % {"rest": pesos(rest)},))


def _must_be_exact(facts: Facts, lines: list[LineFact], rest: Decimal) -> bool:
    """Whether something of it is no plain price: a rest beside it is not guessed at."""
    if charge_kinds.is_stated_otherwise(facts, rest):
        return True
    return bool(facts.cuts or facts.left_out) or any(line.cut or line.discounts for line in lines)


def _short(facts: Facts, said: Candidate, rest: Decimal, *, is_within: bool) -> Reading | Found:
    """A total that is `rest` less than what the order states: a discount or money received, as
    a word in the order or a person says; what was kept for others only within the limits."""
    label = received.is_said_without_amount(facts) if is_within else ""
    answer = received.said_of_short(facts, said.total) or ("received" if label else "")
    if not answer and is_within:
        answer = facts.answers.short_kept
    total = facts.total or Decimal(0)
    if answer == "received":
        paid = ((label or word_of(facts.received) or received.DEPOSIT, rest),)
        value = total + rest
        return Reading(said.laid.lines, said.charges, value, received=paid)
    if answer == "discount":
        less = discounted(said.laid.lines, rest, with_tax=True)
        if less is None:
            return _mismatch(facts, said.total)
        note = _("El total es menor que los productos: va como descuento.")
        shared = said.laid.discount + rest
        return Reading(less, said.charges, total, (note,), shared=shared)
    return received.question(facts, said.total, is_within=is_within)


def _mismatch(facts: Facts, lines: Decimal) -> Found:
    total = facts.total or Decimal(0)
    told = {"lines": pesos(lines), "total": pesos(total), "rest": pesos(total - lines)}
    return _about(facts, "total_mismatch", **told)


def _about(facts: Facts, code: str, **params) -> Found:
    return Found(code, facts.key, {"order": facts.number, "order_id": facts.order_id, **params})
