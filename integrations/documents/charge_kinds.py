"""What each charge of an order is, and what that does to its document. Pure.

The name of a charge is classified once for an integration: by its own words, or by a person
(`mastershop.charge_names`, `documents.charge_answers`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from integrations.configuration.questions import CHARGE_NAME
from integrations.documents.facts import ChargeFact, Facts
from integrations.mastershop.charge_names import PRODUCT, TAX, THIRD_PARTY, UNKNOWN, key
from integrations.sending.problem_kinds import Found

if TYPE_CHECKING:
    from integrations.documents.readings import Charge

# Amounts of more taxes than this are compared one by one and all together.
_MOST_COMBINED = 6


def unknown(facts: Facts, charges: Iterable[ChargeFact] | None = None) -> list[Found]:
    """A question for each name that nobody has classified."""
    found = {}
    for charge in facts.charges if charges is None else charges:
        if charge.kind == UNKNOWN:
            about = {"name": charge.name, "order": facts.number}
            found[key(charge.name)] = Found(CHARGE_NAME, key(charge.name), about)
    return list(found.values())


def unknown_among(facts: Facts, paid: Iterable[Charge]) -> list[Found]:
    """The same for charges that the document would carry: what the buyer did not pay has no row,
    and need not be asked about."""
    return unknown(facts, [each.stated for each in paid if each.amount and each.stated])


def lacks_product(facts: Facts, paid: Iterable[Charge]) -> bool:
    """Whether a charge goes with the product of the settings, and there is none."""
    is_ready = facts.settings.charges_enabled and facts.charges_item is not None
    own = [each for each in paid if each.stated is None or each.stated.kind != PRODUCT]
    return not is_ready and any(each.amount for each in own)


def notes(facts: Facts, paid: Iterable[Charge]) -> tuple[str, ...]:
    """What the page says of charges that are no sale of the merchant's own."""
    found = [
        _("«%(name)s» ya está en el impuesto de los productos: no va como línea.")
        % {"name": charge.name}
        for charge in facts.charges
        if charge.kind == TAX
    ]
    for charge in paid:
        if charge.stated is not None and charge.stated.kind == THIRD_PARTY:
            text = _("«%(name)s» es plata de otro o sin IVA: va en una línea sin impuesto.")
            found.append(text % {"name": charge.name})
    return tuple(dict.fromkeys(found))


def is_stated_otherwise(facts: Facts, rest: Decimal) -> bool:
    """A remainder over the lines that is no charge of its own: the order names its amount as a
    tax, which would be invoiced with IVA on top, or as a discount, which was added instead."""
    taxes = [charge.amount for charge in facts.charges if charge.kind == TAX]
    count = len(taxes)
    sizes = range(1, count + 1) if count <= _MOST_COMBINED else (1, count)
    named = [sum(some, Decimal(0)) for size in sizes for some in combinations(taxes, size)]
    if facts.discount:
        named.append(2 * facts.discount)
    return any(abs(rest - amount) < 1 for amount in named)
