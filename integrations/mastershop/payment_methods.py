"""The names of a payment method and the family each belongs to. MasterShop reference: payment
methods."""

from __future__ import annotations

from typing import Any, Literal

from . import values
from .statuses import fold

Family = Literal["cod", "prepaid"]

COD: Family = "cod"
PREPAID: Family = "prepaid"

LABELS: dict[Family, str] = {COD: "Contra Entrega", PREPAID: "Pago Anticipado"}

# Names of the family prepaid that MasterShop itself uses; any other text is a gateway's name.
PREPAID_NAMES = ("transfer", "prepaid", "pia", "bank")

_COD_PHRASES = frozenset(
    {
        "cod",
        "contraentrega",
        "contra entrega",
        "pago contraentrega",
        "pago contra entrega",
        "pago al recibir",
        "pago en destino",
        "cash on delivery",
        "collect on delivery",
    }
)


def normalise(raw: Any) -> str:
    """The name for comparing and for looking up an account: trimmed, lower case, single spaces."""
    return values.text(raw, limit=100).lower()


def family(raw: Any) -> Family:
    """Who holds the money: "cod" only for its own name and usual phrases, else "prepaid"."""
    return (
        COD if fold(normalise(raw)).replace("-", " ").replace("_", " ") in _COD_PHRASES else PREPAID
    )
