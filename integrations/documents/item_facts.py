"""A product of Alegra as documents are built from it."""

from __future__ import annotations

from decimal import Decimal

from integrations.catalog.models import AlegraItem
from integrations.documents.facts import ItemFact, TaxFact


def item_fact(item: AlegraItem) -> ItemFact:
    why = ""
    if item.missing_since is not None:
        why = "ya no existe en Alegra"
    elif not item.is_active:
        why = "está inactivo en Alegra"
    elif not item.can_be_invoiced:
        why = "tiene variantes; Alegra necesita un producto por cada una"
    elif any(not tax["percentage"] for tax in item.taxes):
        why = "su impuesto no dice cuánto es"
    return ItemFact(
        alegra_id=item.alegra_id,
        name=item.name,
        reference=item.reference,
        taxes=tuple(
            TaxFact(str(tax["id"]), tax.get("name", ""), Decimal(tax["percentage"] or 0))
            for tax in item.taxes
        ),
        why=why,
        price=item.price,
        moves_stock=item.has_stock or item.type == "kit",
    )
