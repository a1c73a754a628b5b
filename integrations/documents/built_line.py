"""One line of a document, built. Amounts in COP, with cents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from integrations.colombia.pricing import PricedLine
from integrations.documents.facts import ItemFact


@dataclass(frozen=True)
class BuiltLine:
    """One line of the document beside what was bought."""

    label: str
    quantity: Decimal
    amount: Decimal
    discount: Decimal
    item: ItemFact
    parts: tuple[PricedLine, ...]
    is_charge: bool = False
    # What was sold, as the order names it beside the label.
    variation: str = ""
    sku: str = ""
    units_per_sale: int = 1

    @property
    def base(self) -> Decimal:
        return sum((part.base for part in self.parts), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((part.tax for part in self.parts), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.base + self.tax
