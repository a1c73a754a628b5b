"""A discount that products of several rates share: what becomes of the IVA of each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext

from integrations.colombia.peso_text import number, pesos
from integrations.documents.facts import ItemFact


class Line(Protocol):
    """A line of the document, priced. Amounts in COP, with cents."""

    @property
    def item(self) -> ItemFact: ...
    @property
    def is_charge(self) -> bool: ...
    @property
    def base(self) -> Decimal: ...
    @property
    def tax(self) -> Decimal: ...


def rates_note(shared: Decimal, lines: Sequence[Line]) -> tuple[str, ...]:
    """The note about a discount of `shared` pesos, () where all products have one rate."""
    sold = [line for line in lines if not line.is_charge]
    if not shared or len({line.item.rate for line in sold}) < 2:
        return ()
    told = []
    for rate in sorted({line.item.rate for line in sold}, reverse=True):
        of_rate = [line for line in sold if line.item.rate == rate]
        told.append(
            gettext("%(rate)s %%: base %(base)s, impuesto %(tax)s")
            % {
                "rate": number((rate * 100).normalize()),
                "base": pesos(sum((line.base for line in of_rate), Decimal(0))),
                "tax": pesos(sum((line.tax for line in of_rate), Decimal(0))),
            }
        )
    note = gettext(
        "El descuento de %(discount)s se reparte entre productos con distinto IVA: %(told)s."
    )
    return (note % {"discount": pesos(shared), "told": " · ".join(told)},)
