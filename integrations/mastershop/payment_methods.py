"""The names of a payment method and the family each belongs to. MasterShop reference: payment
methods."""

from __future__ import annotations

import re
from typing import Any, Literal

from . import values
from .statuses import fold

Family = Literal["cod", "prepaid", "unknown"]

COD: Family = "cod"
PREPAID: Family = "prepaid"
# Neither the words say it nor has anybody answered: no document is made on a guess.
UNKNOWN: Family = "unknown"

LABELS: dict[Family, str] = {COD: "Contra Entrega", PREPAID: "Pago Anticipado"}

# Names of the family prepaid that MasterShop itself uses; any other text is a gateway's name.
PREPAID_NAMES = ("transfer", "prepaid", "pia", "bank")

_COD_PHRASES = (
    "contra ?entregas?",
    "contra ?reembolso",
    "contra ?pago",
    "pag[oa]r? (?:al|en el momento de) recibir",
    "pag[oa]r? (?:en|a la) (?:destino|entrega)",
    "(?:cash|collect|pay|pago|payment|card) ?on ?delivery",
    "c o d",
)
# The list grows: whatever is not in it is asked about once.
_PREPAID_WORDS = (
    *PREPAID_NAMES,
    *("transferencias?", "transferido", "consignacion", "banco", "bancolombia", "davivienda"),
    *("prepago", "prepagad[oa]", "anticipad[oa]", "pago en linea", "pago online"),
    *("card", "tarjetas?", "visa", "mastercard", "amex", "american express", "diners"),
    *("pse", "nequi", "daviplata", "bre b", "efecty", "apple pay", "google pay"),
    *("wompi", "mercado ?pago", "payu", "bold", "e ?payco", "paypal", "stripe", "place ?to ?pay"),
    *("shopify payments", "openpay", "kushki", "dlocal", "checkout com"),
)

_SIGNS = re.compile(r"[\W_]+")
_DENIED = r"(?:no|sin|not|without)(?: es| is| con)?(?: pago| pagos)? "
_COD = re.compile(rf"\b(?:{'|'.join(_COD_PHRASES)})\b")
_COD_DENIED = re.compile(rf"\b{_DENIED}(?:cod|{'|'.join(_COD_PHRASES)})\b")
_COD_WORD = re.compile(r"\bcod\b")
_PREPAID = re.compile(rf"\b(?:{'|'.join(_PREPAID_WORDS)})\b")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def normalise(raw: Any) -> str:
    """The name for showing: trimmed, lower case, single spaces."""
    return values.text(raw, limit=100).lower()


def key(raw: Any) -> str:
    """What one method is known by, however it is spelled: without accents, capitals, spaces and
    signs. A name of signs alone is itself."""
    name = normalise(raw)
    return _SIGNS.sub("", fold(name)) or name


def family(raw: Any) -> Family:
    """Who holds the money: "cod" or "prepaid" where the text says so, else "unknown".

    The words are looked for inside the text, without accents, capitals and signs. A text with
    words of both is contraentrega ("Contraentrega, paga con Nequi"); one that denies it is
    unknown.
    """
    name = normalise(raw)
    words = _words(fold(name))
    if _COD_DENIED.search(words):
        return UNKNOWN
    # "cód." is short for a code, so the accent counts for this one word.
    if _COD.search(words) or _COD_WORD.search(_words(name)):
        return COD
    return PREPAID if _PREPAID.search(words) else UNKNOWN


def told_family(method: Any, *, event_name: Any, gateway: Any) -> Family:
    """The family that one body tells: by its method; only where that is absent by what the
    event's name says in brackets, else by a gateway that names contraentrega."""
    if normalise(method):
        return family(method)
    bracketed = _BRACKETS.findall(values.text(event_name, limit=100))
    told = family(bracketed[-1]) if bracketed else UNKNOWN
    if told == UNKNOWN and family(gateway) == COD:
        return COD
    return told


def _words(text: str) -> str:
    return _SIGNS.sub(" ", text).strip()
