"""Which reading of an order's amounts gives what the buyer paid.

Items do not have to add up to the total (MasterShop reference, amounts). Sought are, in
this order of what they use of the order: lines + charges − discount, lines + charges,
lines − discount, lines. A remainder nobody explains is a charge within limits; a missing
part follows the merchant's answer; beyond that the order waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.money import HALF_PESO, share_out, to_cents
from integrations.colombia.peso_text import pesos
from integrations.documents.facts import Facts, LineFact
from integrations.sending.problem_kinds import Found

UNEXPLAINED = "Otros cargos del pedido"


@dataclass(frozen=True)
class Reading:
    """What goes on the document: lines with their share of the discount, and charges.

    `value` is the value of the sale: what the document's total must be, to the peso.
    """

    lines: tuple[tuple[LineFact, Decimal], ...]
    charges: tuple[tuple[str, Decimal], ...]
    discount: Decimal
    value: Decimal
    notes: tuple[str, ...] = ()


def read_amounts(facts: Facts) -> Reading | list[Found]:
    """The reading, or every problem that keeps the amounts from being read."""
    settings = facts.settings
    if facts.total is None:
        return [_about(facts, "total_missing")]
    lines, problems = _with_gifts(facts)
    if problems:
        return problems
    worth = sum((_worth(facts, line) for line in lines), Decimal(0))
    charged = sum((_charge_worth(facts, amount) for _name, amount in facts.charges), Decimal(0))
    total, discount, charges = facts.total, facts.discount, facts.charges
    notes: list[str] = []
    value = total
    for use_charges, use_discount in ((True, True), (True, False), (False, True), (False, False)):
        sum_read = worth + (charged if use_charges else 0) - (discount if use_discount else 0)
        if _equal(facts, sum_read, total):
            if charged and not use_charges:
                notes.append(_("El comprador no pagó los cargos adicionales: no van."))
            charges = charges if use_charges else ()
            discount = discount if use_discount else Decimal(0)
            break
    else:
        rest = total - (worth + charged - discount)
        if rest > 0:
            limit = worth * settings.remainder_limit_percent / 100
            if rest > settings.remainder_limit_pesos or rest > limit:
                return [_mismatch(facts, worth + charged - discount)]
            charges = (*charges, (UNEXPLAINED, rest))
            notes.append(
                _("%(rest)s del total no vienen explicados: van como cobro adicional.")
                % {"rest": pesos(rest)}
            )
        elif total <= 0:
            discount = worth + charged
        elif settings.short_total == "discount":
            discount -= rest
            notes.append(_("El total es menor que los productos: va como descuento."))
        elif settings.short_total == "down_payment":
            value = total - rest
            notes.append(_("%(rest)s se toman como abono ya recibido.") % {"rest": pesos(-rest)})
        else:
            return [Found("short_total", "", {"order": facts.number})]
    charged = sum((amount for _name, amount in charges), Decimal(0))
    if charged and value and (not settings.charges_enabled or facts.charges_item is None):
        return [Found("charges_disabled", "", {"order": facts.number})]
    return Reading(
        lines=_share_discount(lines, discount),
        charges=tuple(each for each in charges if each[1]),
        discount=discount,
        value=value,
        notes=tuple(notes),
    )


def _with_gifts(facts: Facts) -> tuple[list[LineFact], list[Found]]:
    """Lines worth nothing, as the merchant said they are to be treated."""
    lines = list(facts.lines)
    if not any(line.is_gift for line in lines) or not facts.total:
        return lines, []
    match facts.settings.gift_lines:
        case "zero":
            return lines, []
        case "leave_out":
            return [line for line in lines if not line.is_gift], []
        case "spread":
            return _spread(lines), []
    return lines, [Found("gift_line", "", {"order": facts.number})]


def _spread(lines: list[LineFact]) -> list[LineFact]:
    """Gifts take their share of the lines' value by catalogue price, in whole pesos."""
    paid = [line for line in lines if not line.is_gift]
    if not paid:
        return lines
    least = min(line.unit_price for line in paid)
    weights = [
        line.amount if not line.is_gift else (line.list_price or least) * line.quantity
        for line in lines
    ]
    worth = sum((line.amount for line in lines), Decimal(0))
    shares = share_out(int(worth), weights)
    left = worth - int(worth)
    spread = []
    for line, share in zip(lines, shares, strict=True):
        amount, left = share + left, Decimal(0)
        spread.append(replace(line, unit_price=amount / line.quantity))
    return spread


def _share_discount(
    lines: list[LineFact], discount: Decimal
) -> tuple[tuple[LineFact, Decimal], ...]:
    """Each line with its share of the discount; the shares add up to it exactly."""
    if not discount:
        return tuple((line, Decimal(0)) for line in lines)
    # Whole pesos where the discount is whole, else cents.
    unit = Decimal(1) if discount == int(discount) else Decimal("0.01")
    weights = [line.amount for line in lines]
    if sum(weights) < discount:
        # A discount larger than the lines eats the charges too: the total is 0 or wrong.
        return tuple((line, line.amount) for line in lines)
    shares = share_out(int(discount / unit), weights)
    return tuple((line, share * unit) for line, share in zip(lines, shares, strict=True))


def _worth(facts: Facts, line: LineFact) -> Decimal:
    """What the buyer pays for the line: with its tax."""
    if facts.settings.prices_include_tax or line.item is None:
        return line.amount
    return to_cents(line.amount * (1 + line.item.rate))


def _charge_worth(facts: Facts, amount: Decimal) -> Decimal:
    if facts.settings.prices_include_tax or facts.charges_item is None:
        return amount
    return to_cents(amount * (1 + facts.charges_item.rate))


def _equal(facts: Facts, one: Decimal, other: Decimal) -> bool:
    if facts.settings.prices_include_tax:
        return one == other
    return abs(one - other) < HALF_PESO


def _about(facts: Facts, code: str, **params) -> Found:
    return Found(code, facts.number, {"order": facts.number, "order_id": facts.order_id, **params})


def _mismatch(facts: Facts, lines: Decimal) -> Found:
    return _about(facts, "total_mismatch", lines=pesos(lines), total=pesos(facts.total))
