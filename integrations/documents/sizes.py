"""Amounts of another size than pesos have: another currency, cents, a zero too many. Pure.

An amount that adds up is not yet one that anybody paid: a document of $ 24,99 does. What is
unlikely is asked, with its reason. Where a price alone is far from its usual one, it is asked
once for the product at that price, because the usual one may be old; else once for the order.
Product rules: *Reading the amounts*; MasterShop reference, amounts ("in COP").
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.colombia.money import to_pesos
from integrations.colombia.peso_text import pesos
from integrations.documents.facts import Facts, LineFact
from integrations.documents.stated_sums import goods, stated_sums
from integrations.mastershop import charge_names
from integrations.sending.problem_kinds import Found

OF_ORDER, OF_PRICE, WRONG = "amounts_unlikely", "price_unlikely", "amounts_wrong"
# Answers to both questions.
IS_RIGHT, IS_WRONG = "right", "wrong"

# A promotion of 80 % and a pack of six are ordinary; a tenth and ten times are not.
TIMES = 10
# A usual price below this is a placeholder, and says nothing.
LEAST_USUAL = Decimal(100)
# COP. Nothing that is sent to a buyer's door costs less in all, nor does sending it.
LEAST_AMOUNT = Decimal(1_000)
# COP for one unit. No carrier takes more against payment at the door.
MOST_PRICE = Decimal(20_000_000)
# Freight may cost more than a cheap article; beyond both of these it is of another size.
MOST_FREIGHT, MOST_FREIGHT_TIMES = Decimal(100_000), 3
# Insurance and the like may be a small share of what it is for.
LEAST_FEE = Decimal(100)
_FEE = re.compile(r"(?i)segur|insur|recaud|manejo|handling|comisi[oó]n|fee|recargo")
# A tip, a tax or another product may be of any size.
_MEASURED = (charge_names.OWN, charge_names.UNKNOWN)
_REASONS_TOLD = 3


@dataclass(frozen=True)
class Doubt:
    """One question: `code` and `key` are those of its problem, `why` the sentences of it."""

    code: str
    key: str
    why: tuple[str, ...]
    line: LineFact | None = None


def doubts(facts: Facts) -> list[Doubt]:
    """What is unlikely, whatever was answered. One of the whole order, or one for each price."""
    if facts.total is None and not facts.as_lines:
        return []
    if facts.total is not None and facts.total <= 0 and not facts.received:
        return []  # no sale, or a question of its own
    of_order = [*_cents(facts), *_tiny(facts), *_charges(facts)]
    prices = [each for line in facts.lines if (each := _price(facts, line))]
    if not of_order:
        return list({each.key: each for each in prices}.values())
    why = (*of_order, *(text for each in prices for text in each.why))
    return [Doubt(OF_ORDER, f"{facts.key}/{_digest(facts)}", tuple(dict.fromkeys(why)))]


def unlikely(facts: Facts) -> list[Found]:
    """The questions that nobody has answered, and what was answered to be wrong."""
    found = []
    for each in doubts(facts):
        match facts.said.get((each.code, each.key), ""):
            case "":
                found.append(Found(each.code, each.key, _about(facts, each)))
            case "wrong":
                found.append(Found(WRONG, facts.key, _about(facts, each)))
    return found


def _about(facts: Facts, doubt: Doubt) -> dict:
    about = {
        "order": facts.number,
        "order_id": facts.order_id,
        "why": "; ".join(doubt.why[:_REASONS_TOLD]),
        "asked": doubt.code,
        "key": doubt.key,
    }
    if doubt.line is not None:
        about |= {"name": doubt.line.label, "price": pesos(doubt.line.unit_price)}
    return about


# --- What is unlikely ------------------------------------------------------------------------


def _price(facts: Facts, line: LineFact) -> Doubt | None:
    """A price far from every usual one; without any, one that no parcel has."""
    if line.unit_price <= 0:
        return None
    price, usual = _paid(facts, line), _usual(line)
    if usual and not _is_near(facts, line):
        nearest = min(usual, key=lambda each: max(each / price, price / each))
        why = _("«%(name)s» vale %(price)s y su precio usual es %(usual)s") % {
            "name": line.label, "price": pesos(line.unit_price), "usual": pesos(nearest),
        }  # fmt: skip
    elif not usual and price > MOST_PRICE:
        why = _("«%(name)s» vale %(price)s, más que lo que se envía a un comprador") % {
            "name": line.label, "price": pesos(line.unit_price),
        }  # fmt: skip
    else:
        return None
    key = f"{line.variant_key[:120]}@{line.unit_price.normalize():f}"
    return Doubt(OF_PRICE, key, (why,), line)


def _tiny(facts: Facts) -> Iterator[str]:
    """Lines worth less than anything that is sent, unless that is what they usually cost."""
    for line in facts.lines:
        amount = _paid(facts, line) * line.quantity
        if 0 < amount < LEAST_AMOUNT and not _is_near(facts, line):
            told = {"name": line.label, "price": pesos(line.unit_price)}
            told["least"] = pesos(LEAST_AMOUNT)
            yield _("«%(name)s» vale %(price)s, menos de %(least)s") % told


def _cents(facts: Facts) -> Iterator[str]:
    """Buyers pay whole pesos. Prices before IVA may have cents, and what is shared out."""
    if not facts.settings.prices_include_tax:
        return
    for line in facts.lines:
        if line.unit_price <= 0 or line.unit_price == int(line.unit_price):
            continue
        explained = _is_whole(line) or _is_percent_off(line)
        if not explained or (_usual(line) and not _is_near(facts, line)):
            told = {"name": line.label, "price": pesos(line.unit_price)}
            yield _("«%(name)s» vale %(price)s: en pesos no hay centavos") % told
    total = facts.total or Decimal(0)
    if total != int(total) and total not in stated_sums(facts):
        yield _("el total es %(total)s: en pesos no hay centavos") % {"total": pesos(total)}


def _is_whole(line: LineFact) -> bool:
    """Whether the line is worth whole pesos, as exactly as its price was told: 3 × 33.333,33."""
    exponent = line.unit_price.normalize().as_tuple().exponent
    told_to = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    off = abs(line.amount - line.amount.to_integral_value())
    return off == 0 or (line.quantity > 1 and off <= told_to * line.quantity)


def _is_percent_off(line: LineFact) -> bool:
    """Whether it is a usual price less a whole percentage: 15 % off 39.990 is 33.991,50."""
    return any(
        0 < line.unit_price < each and (line.unit_price * 100 / each) % 1 == 0
        for each in _usual(line)
    )


def _charges(facts: Facts) -> Iterator[str]:
    """Freight of cents, of less than a parcel costs, or of many times what it brings."""
    worth = goods(facts)
    if facts.total in {worth, worth - facts.discount}:
        return  # the buyer paid none of it, and it does not go on the document
    charges = [(each.name, each.amount) for each in facts.charges if each.kind in _MEASURED]
    for name, amount in (*charges, *facts.freight):
        least = LEAST_FEE if _FEE.search(name) else LEAST_AMOUNT
        told = {"name": name, "price": pesos(amount), "least": pesos(least)}
        if 0 < amount < least:
            yield _("«%(name)s» vale %(price)s, menos de %(least)s") % told
        elif amount > max(MOST_FREIGHT, worth * MOST_FREIGHT_TIMES):
            told["goods"] = pesos(worth)
            yield _("«%(name)s» vale %(price)s y los productos %(goods)s") % told
        elif amount != int(amount) and facts.settings.prices_include_tax:
            yield _("«%(name)s» vale %(price)s: en pesos no hay centavos") % told


# --- What it is measured by ------------------------------------------------------------------


def _paid(facts: Facts, line: LineFact) -> Decimal:
    """The price of one sold unit with its tax."""
    if facts.settings.prices_include_tax:
        return line.unit_price
    return line.unit_price * (1 + line.rate)


def _is_near(facts: Facts, line: LineFact) -> bool:
    """Whether any usual price speaks for this one."""
    prices = {_paid(facts, line)}
    if line.quantity > 1 and facts.total is not None and line.amount > facts.total:
        # More than the whole order: it is the price of all its units.
        prices.add(_paid(facts, line) / line.quantity)
    return any(each / TIMES <= price <= each * TIMES for each in _usual(line) for price in prices)


def _usual(line: LineFact) -> list[Decimal]:
    """What one sold unit usually costs with tax: by the linked item, and by the catalogue."""
    known = [line.catalogue_price]
    if line.item is not None and line.item.price is not None:
        known.append(line.item.price * (1 + line.rate) * line.units_per_sale)
    # In whole pesos: an item of 33.605,04 plus IVA is one of 39.990.
    return [Decimal(to_pesos(each)) for each in known if each is not None and each >= LEAST_USUAL]


def _digest(facts: Facts) -> str:
    """The amounts of the order: an answer is about these, and no others that come later."""
    amounts = [
        facts.total,
        facts.discount,
        *(each for line in facts.lines for each in (line.quantity, line.unit_price)),
        *(each.amount for each in facts.charges),
        *(amount for _name, amount in (*facts.cuts, *facts.freight)),
    ]
    text = "|".join(f"{each.normalize():f}" for each in amounts if each is not None)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
