"""What a reader of the printed invoice must find on it beside the amounts. Pure.

Of a sale at a distance the law wants the address of delivery printed where the buyer is not
identified by NIT (Colombian invoicing reference, "Consumidor final"). An accountant wants each
line to say what was sold where the product's name in Alegra does not say it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from integrations.catalog.suggestions import words_of
from integrations.colombia import municipalities
from integrations.colombia.peso_text import number, pesos
from integrations.documents.buyer import ContactFact
from integrations.documents.contact_body import is_damaged
from integrations.documents.facts import BuyerFact, ItemFact
from integrations.mastershop import personal
from integrations.scoping.search_key import normalised

# Alegra's limit for a text of the header; that of a line is taken to be the same.
LONGEST = 500
# A SKU longer than this is not sent as a line's reference.
_LONGEST_REFERENCE = 45
_NO_VARIATION = frozenset({"", "default variant", "default title"})
_IN_THE_ORDER = "Se puede escribir en este pedido con «Corregir datos»."
NO_ADDRESS = (
    "La factura debe llevar impresa la dirección de entrega y el pedido no la trae. "
    + _IN_THE_ORDER
)
COVERED_ADDRESS = (
    "La factura debe llevar impresa la dirección de entrega y llegó tapada: no se imprime. "
    + _IN_THE_ORDER
)
DAMAGED_ADDRESS = (
    "La dirección de entrega se imprime como llegó, con letras que se perdieron en el camino. "
    "Se puede corregir en este pedido."
)


@dataclass(frozen=True)
class Delivery:
    """`text` goes into the invoice's `anotation`, '' for none; `notes` say what it lacks."""

    text: str = field(default="", repr=False)
    notes: tuple[str, ...] = ()


def delivery(buyer: BuyerFact, contact: ContactFact) -> Delivery:
    """Where the goods were delivered, for a buyer whom no NIT identifies."""
    if contact.doc_type == "NIT":
        return Delivery()
    street, notes = _line(buyer.address), []
    if personal.is_covered(street):
        street, notes = "", [COVERED_ADDRESS]
    elif not street:
        notes = [NO_ADDRESS]
    elif is_damaged(street):
        notes = [DAMAGED_ADDRESS]
    place = _place(buyer)
    if not street and not place:
        return Delivery(notes=tuple(notes))
    before = "Dirección de entrega: "
    street = street[: LONGEST - len(before) - len(place) - 2]
    return Delivery(before + ", ".join(filter(None, [street, place])), tuple(notes))


def _place(buyer: BuyerFact) -> str:
    """By their official names where the municipality is known, else as the order tells them."""
    town = municipalities.find(
        dane_code=buyer.dane_code, city=buyer.city, department=buyer.department
    )
    if town is None:
        told = [_line(buyer.city), _line(buyer.department)]
    else:
        told = [town.name, town.department]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def description(
    label: str,
    *,
    variation: str,
    item: ItemFact,
    is_charge: bool,
    quantity: int,
    units_per_sale: int,
    discount: Decimal,
    is_one_of_several: bool,
) -> str:
    """What a line says under the product's name: what the order calls it where that says more,
    how many units one sold has, and its discount in COP; '' for nothing.

    `is_one_of_several`: one price cannot give the amount, the line is two rows of the document.
    """
    told = label
    if _says_more(variation, label) and _line(variation).casefold() not in _NO_VARIATION:
        told = f"{label} · {variation}"
    parts = []
    if is_charge or _says_more(told, item.name, item.reference):
        parts.append(told)
    if units_per_sale > 1:
        parts.append(f"{quantity} × {units_per_sale} unidades")
    if discount:
        # On both rows it would read like two discounts.
        of = f" en las {number(quantity * units_per_sale)} unidades" if is_one_of_several else ""
        parts.append(f"Descuento {pesos(discount)}{of}")
    return " · ".join(parts)[:LONGEST]


def _says_more(text: str, *than: str) -> bool:
    known = frozenset().union(*(words_of(normalised(each)) for each in than))
    return not words_of(normalised(text)) <= known


def reference(item: ItemFact, sku: str) -> str:
    """The product's reference in Alegra; the SKU sold where it has none there."""
    return item.reference or (sku if len(sku) <= _LONGEST_REFERENCE else "")
