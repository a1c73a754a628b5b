"""What the taxes of a line are called for a reader. Colombian invoicing reference, "Taxes".

*Exento* (IVA of 0 %) and *excluido* (no IVA at all) cost the buyer the same and are two
different documents: they never share a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

WITHOUT_TAX = "Excluido, sin IVA"
_CONSUMPTION = re.compile(r"\binc\b|consumo", re.IGNORECASE)
_EXCLUDED = re.compile(r"\bexclu", re.IGNORECASE)
_ADDED_VALUE = re.compile(r"\biva\b|exento|valor agregado", re.IGNORECASE)


def is_added_value(name: str, rate: Decimal) -> bool:
    """Whether a tax of this name in Alegra is IVA, *exento* among it. What names no tax at all
    is taken for IVA where it has a rate."""
    if _CONSUMPTION.search(name):
        return False
    return bool(rate) or not _EXCLUDED.search(name)


def taxes_label(taxes: Iterable[tuple[str, Decimal]]) -> str:
    """The name for all taxes of one line, each given as (name in Alegra, percentage).

    "IVA 19 %" · "IVA 0 % (exento)" · "IVA 19 % + INC 8 %"; without any, "Excluido, sin IVA".
    """
    return " + ".join(tax_label(name, rate) for name, rate in taxes) or WITHOUT_TAX


def tax_label(name: str, rate: Decimal) -> str:
    """The same of one tax."""
    percent = f"{rate.normalize():f}".replace(".", ",")
    if _CONSUMPTION.search(name):
        return f"INC {percent} %"
    if not rate and _EXCLUDED.search(name):
        return WITHOUT_TAX
    if not _ADDED_VALUE.search(name):
        return f"{name.strip() or 'Impuesto'} {percent} %"
    return f"IVA {percent} %" if rate else "IVA 0 % (exento)"
