"""The name of a charge and what kind of amount it is. Words that are known decide by themselves.

Colombian invoicing reference: freight and other accessory charges are part of the seller's sale
and taxed with it (§5.5); a tax is no line, because it is in the prices of the lines (§4); a tip
or a donation is another's money, on which the seller charges no IVA.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from . import values
from .paid_words import PAID, word_in
from .statuses import fold

Kind = Literal["own", "discount", "tax", "third_party", "received", "product", "unknown"]

# Freight, insurance, collection: what the seller charges beside the goods.
OWN: Kind = "own"
DISCOUNT: Kind = "discount"
# IVA or INC that the order names and the lines already have.
TAX: Kind = "tax"
# A tip or a donation: charged with no IVA.
THIRD_PARTY: Kind = "third_party"
# Money the seller had before: a gift card, store credit, a deposit.
RECEIVED: Kind = "received"
# Said by a person alone: another product of Alegra.
PRODUCT: Kind = "product"
# No word says it and nobody has answered.
UNKNOWN: Kind = "unknown"

# What a charge is called that came without a name.
UNNAMED = "Cargo adicional"

_DISCOUNT = (
    "descuentos?", "dcto", "dsto", "dscto", "dto", "desc", "cupon(?:es)?", "coupons?", "discounts?",
    "promo(?:cion(?:es)?)?", "rebajas?", "oferta", "ahorro",
)  # fmt: skip
_TAX = (
    "iva", "i v a", "inc", "impuestos?", "imp", "impoconsumo", "ipoconsumo", "tax(?:es)?", "vat",
)  # fmt: skip
_THIRD_PARTY = (
    "propinas?", "tips?", "gratuity", "gratificacion(?:es)?", "donacion(?:es)?", "donations?",
    "donativos?", "donar", "teleton", "caridad", "charity", "fundacion",
    "(?:aporte|contribucion|redondeo) (?:solidari[oa]|voluntari[oa])", "servicio voluntario",
)  # fmt: skip
_OWN = (
    "envios?", "fletes?", "sobrefletes?", "domicilios?", "shipping", "ship", "shipment", "freight",
    "delivery", "transportes?", "transportadora", "despachos?", "entregas?", "mensajeria",
    "courier", "correo", "postage", "acarreos?", "recaudos?", "recoleccion", "recogida", "guias?",
    "seguros?", "aseguramiento", "insurance", "manejo", "handling", "logistica", "contra ?entrega",
    "cod", "recargos?", "surcharge",
    "(?:cargos?|cobros?|costos?|valor(?:es)?|otros?) (?:adicional(?:es)?|extras?|cargos?|cobros?)",
    "(?:additional|other|extra) (?:charges?|fees?|costs?)",
)  # fmt: skip

# Says of another charge how it is taxed, and is no tax itself: "Envío (IVA incluido)".
_ABOUT_IVA = re.compile(
    r"\b(?:(?:con|mas|sin|no incluye|incluye|incl|inc|exento de|excluido de) )?"
    r"(?:iva|impuestos?|tax(?:es)?) (?:incluid[oa]s?|incl|inc|included)\b"
    r"|\b(?:con|mas|sin|no incluye|incluye|incl|exento de|excluido de) (?:iva|impuestos?)\b"
)
_SIGNS = re.compile(r"[\W_]+")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{'|'.join(words)})\b"))
    for kind, words in (
        (DISCOUNT, _DISCOUNT), (TAX, _TAX), (THIRD_PARTY, _THIRD_PARTY), (OWN, _OWN),
    )
)  # fmt: skip


def key(name: Any) -> str:
    """The name without accents, capitals, spaces and signs: names that differ in these are one."""
    return _SIGNS.sub("", fold(values.text(name, limit=150)))[:150]


def told_kind(name: Any) -> Kind:
    """What the words of the name say; "unknown" where they say nothing, or two things at once.

    A discount on the freight is a discount. A tax is one only where the name begins with it:
    "IVA 5%", and not "Envío con IVA".
    """
    if word_in(name) not in ("", PAID):
        return RECEIVED
    words = fold(values.text(name, limit=150)).replace("+", " mas ")
    words = _SIGNS.sub(" ", words).strip()
    words = _ABOUT_IVA.sub(" ", words).strip() or words
    found = {kind for kind, known in _KINDS if known.search(words)}
    if DISCOUNT in found:
        return DISCOUNT
    if TAX in found and dict(_KINDS)[TAX].match(words):
        return TAX
    return found.pop() if len(found) == 1 and TAX not in found else UNKNOWN
