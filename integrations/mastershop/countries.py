"""The country of an order and the currency of its amounts, by whatever name.

Only Colombia and its peso are served (MasterShop reference, "What MasterShop is").
"""

from __future__ import annotations

from typing import Any

from . import values
from .statuses import fold

_PESOS = frozenset(
    {"", "cop", "copesos", "peso", "pesos", "pesocolombiano", "pesoscolombianos", "pesoscop"}
    | {"colombianpeso", "colombianpesos", "coppesos"}
)
_COUNTRIES = {"colombia": "CO", "col": "CO", "peru": "PE", "per": "PE", "brasil": "BR"}


def country_of(told: Any) -> str:
    name = values.text(told, limit=60)
    return _COUNTRIES.get(fold(name), name.upper())


def currency_of(told: Any) -> str:
    """Upper case; an order that names no currency is in pesos, as MasterShop's own are."""
    name = values.text(told, limit=40).casefold()
    bare = "".join(sign for sign in name if sign not in "$. ")
    return "COP" if bare in _PESOS else name[:10].upper()
