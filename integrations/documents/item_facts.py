"""A product of Alegra as documents are built from it."""

from __future__ import annotations

from decimal import Decimal

from integrations.catalog.models import AlegraItem
from integrations.documents.facts import ItemFact, TaxFact


def item_fact(item: AlegraItem) -> ItemFact:
    why = item.why_unusable
    return ItemFact(
        alegra_id=item.alegra_id,
        name=item.name,
        reference=item.reference,
        taxes=tuple(
            TaxFact(str(tax["id"]), tax.get("name", ""), Decimal(tax["percentage"] or 0))
            for tax in item.taxes
        ),
        why=str(why.label) if why is not None else "",
        price=item.price,
        unit=item.unit,
        moves_stock=item.has_stock or item.type == "kit",
    )
