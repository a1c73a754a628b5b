"""The taxes of a document one by one: of each line, and of all of them by tax and rate.

Colombian invoicing reference, "Taxes on the line". Amounts in COP, with cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.colombia.money import taxes_apart
from integrations.colombia.tax_names import WITHOUT_TAX, tax_label, taxes_label


@dataclass(frozen=True)
class TaxTotal:
    """What is taxed by one tax and how much that is; `tax` is 0 for *exento* and *excluido*."""

    name: str
    base: Decimal
    tax: Decimal


def tax_rows(
    base: Decimal, tax: Decimal, taxes: Iterable[tuple[str, str, Decimal]]
) -> list[dict[str, str]]:
    """What the summary of a line keeps of its taxes, given as (id, name in Alegra, percentage).

    Their amounts add up to the line's `tax`.
    """
    taxes = list(taxes)
    amounts = taxes_apart(base, tax, tuple(rate / 100 for _id, _name, rate in taxes))
    return [
        {"id": tax_id, "name": name, "rate": str(rate), "tax": str(amount)}
        for (tax_id, name, rate), amount in zip(taxes, amounts, strict=True)
    ]


def taxes_of(line: dict[str, Any]) -> str:
    """What the taxes of a summary's line are called: "IVA 19 %", "Excluido, sin IVA"."""
    return taxes_label((tax["name"], Decimal(tax["rate"])) for tax in line["taxes"])


def by_tax(lines: Iterable[dict[str, Any]]) -> tuple[TaxTotal, ...]:
    """Of the lines of a summary: one row for each tax and rate, in the order of the lines.

    A line without any tax is *excluido*.
    """
    totals: dict[str, TaxTotal] = {}
    for line in lines:
        base = Decimal(line["base"])
        told = [
            (tax_label(each["name"], Decimal(each["rate"])), Decimal(each["tax"]))
            for each in line["taxes"]
        ]
        for name, tax in told or [(WITHOUT_TAX, Decimal(0))]:
            known = totals.get(name, TaxTotal(name, Decimal(0), Decimal(0)))
            totals[name] = TaxTotal(name, known.base + base, known.tax + tax)
    return tuple(totals.values())
