"""Amounts with names outside of `additional_charge`: fees, tips, donations and taxes.

Which fields MasterShop would tell them in is not known (MasterShop reference, amounts), so known
names are read; what each amount is, its name says (`charge_names`). An amount that the buyer did
not pay does no harm: a document is built from the amounts that give the order's total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from . import values
from .charge_names import UNNAMED, key, told_kind
from .orders import Charge
from .statuses import fold
from .values import Fields

_PLACES = ("order_transaction", "transaction", "")
# Lists of amounts with names of their own.
_LISTS = (
    "fee_lines", "fees", "additional_fees", "extra_fees", "custom_fees", "surcharges",
    "other_charges", "extra_charges", "cargos", "recargos", "otros_cargos", "cobros_adicionales",
)  # fmt: skip
# What one amount is called, and the fields that may hold it: the first one that does counts.
_AMOUNTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Propina", ("tip_lines", "tips", "tip", "total_tip_received", "total_tip", "total_tips",
                 "tip_amount", "tip_total", "propinas", "propina", "gratuity")),
    ("Donación", ("donation_lines", "donations", "donation", "donation_amount", "total_donation",
                  "donaciones", "donacion")),
    ("Impuesto", ("tax_lines", "taxes", "total_tax", "tax_total", "tax_amount", "tax", "total_iva",
                  "valor_iva", "iva", "impuestos", "impuesto")),
    ("Seguro", ("insurance", "insurance_fee", "insurance_amount", "seguro")),
    ("Recaudo", ("cod_fee", "collection_fee", "recaudo")),
)  # fmt: skip
FIELDS = (*_LISTS, *(name for _called, names in _AMOUNTS for name in names))
_NAMES = ("name", "title", "description", "concept", "label", "type", "nombre", "concepto")
_HELD = (
    "amount", "total", "price", "value", "valor", "monto", "fee", "cost", "amount_set",
    "price_set", "shop_money",
)  # fmt: skip
# Numbers beside an amount that are none.
_NO_AMOUNTS = frozenset(
    ("id", "rate", "tasa", "percentage", "percent", "porcentaje", "quantity", "qty", "position")
)
_MOST = 50
_DEEPEST = 4


def read_fees(body: Fields) -> tuple[Charge, ...]:
    """What these fields tell, each once; what is no amount is no fee."""
    found: list[Charge] = []
    places = [body.object(place) if place else body for place in _PLACES]
    for fields in places:
        for name in _LISTS:
            found += _new(list(_of(fields.first(name), "")), found)
    for called, names in _AMOUNTS:
        held = (fields.first(name) for name in names for fields in places)
        found += next(filter(None, (list(_of(each, called)) for each in held)), [])
    return tuple(found[:_MOST])


def _new(charges: list[Charge], known: list[Charge]) -> list[Charge]:
    """Without those that another field has told already."""
    told = {(key(each.name), each.amount) for each in known}
    return [each for each in charges if (key(each.name), each.amount) not in told]


def _of(content: Any, called: str) -> Iterator[Charge]:
    """The amounts in a field of any shape: a number, `{"Tip": 5000}`, an object, a list."""
    if isinstance(content, list | tuple):
        for entry in content[:_MOST]:
            yield from _of(entry, called)
        return
    fields = Fields(content)
    name, amount = "", _amount(content)
    if fields:
        name = values.text(fields.first(*_NAMES), limit=150)
    if fields and amount is None:
        for inner, held in list(content.items())[:_MOST] if not name else ():
            told = values.number(held)
            if told and isinstance(inner, str) and fold(inner) not in _NO_AMOUNTS:
                yield Charge(_name(inner, called), told)
        return
    if amount:
        yield Charge(_name(name, called), amount)


def _amount(content: Any, depth: int = 0) -> Decimal | None:
    if not isinstance(content, Mapping):
        return values.number(content)
    held = Fields(content).first(*_HELD)
    return None if held is None or depth == _DEEPEST else _amount(held, depth + 1)


def _name(name: str, called: str) -> str:
    """The entry's own name; where it does not say what the field says, beside that."""
    name = values.text(name, limit=120)
    if not called or told_kind(name) == told_kind(called):
        return name or UNNAMED
    return f"{called} {name}".strip()
