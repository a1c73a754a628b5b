"""Amounts with a name, wherever a body holds them: `aporte_social: 2000`, `{"title": "Bordado",
"amount": 12000}`.

Which fields MasterShop uses is not known (MasterShop reference, amounts), so a remainder of the
total may be told under a name that nobody has heard of. What such an amount is, its name says
(`charge_names`), or a person; it counts only where the order's sum is exact with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from . import money_told, values
from .charge_names import OWN, THIRD_PARTY, UNKNOWN, key, told_kind
from .fees import read_fees
from .orders import Charge
from .paid_words import amounts_in
from .statuses import fold
from .values import Fields

_NAMES = ("name", "title", "concept", "label", "key", "nombre", "concepto", "titulo", "description")
_HELD = ("amount", "value", "price", "total", "valor", "monto", "precio", "cost", "costo")
_LEAST, _LARGEST = Decimal(100), Decimal(10**7)
_MOST, _DEEPEST, _LONGEST_NAME = 24, 6, 60
# What is read elsewhere, is about a person or a parcel, or is no amount.
_NOT_HERE = re.compile(
    r"additionalcharges?|notes?|tags?|customer|client(?:info)?|buyer|user|warehouse|package|paquete|.*address|carrier.*"
    r"|(?:order|item|sub)*(?:total|subtotal|gross|net|price|amount|valor|value|total(?:order|price"
    r"|provider|paid|due|items|products|productos|tax|taxes))"
    r"|.*(?:id|ids|date|fecha|phone|telefono|celular|zip|postal|code|codigo|number|numero|guia"
    r"|guide|tracking|weight|peso|gramos|qty|quantity|cantidad|status|version|stock|count|points"
    r"|puntos|rate|percent|percentage|porcentaje|latitude|longitude|height|width|length|year|time"
    r"|hour|method|metodo|min|max|rank|position|score)"
    r"|(?:id|date|fecha|phone|telefono|zip|created|updated).*"
    r"|.*(?:discount|descuento|coupon|cupon|voucher|bono|gift|prepa|abono|anticipo|paid|pagado"
    r"|payment|pago|transaction|saldo|balance|due|collect|recaud).*(?<!wrap)"
)
_OF_LINES = re.compile(r"(?:order|line)?items|products?|productos?")
_PRIVATE = re.compile(r"\d{5}|@")
_THIRD_PARTY_WORD = re.compile(r"\b(propinas?|tips?|donacion(?:es)?|donativos?|teleton)\b")
_WORD_ENDS = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])")
_SAYS = {"p": "Propina", "t": "Propina", "d": "Donación"}


Charges = tuple[Charge, ...]


def beside(
    body: Fields, charges: Charges, as_lines: Charges, notes: tuple[str, ...]
) -> tuple[Charges, Charges, Charges]:
    """What is told outside of the charges: fees, freight, and amounts whose name says nothing.

    `as_lines`: charges that came among the lines; they are fees.
    """
    fees, freight = (*as_lines, *read_fees(body)), money_told.freight(body)
    named = read_named(body, notes)
    known = (*charges, *fees)
    tips = {each.amount for each in known if told_kind(each.name) == THIRD_PARTY}
    fees += tuple(each for each in named[THIRD_PARTY] if each.amount not in tips)
    amounts = {each.amount for each in (*known, *freight)}
    freight += tuple(each for each in named[OWN] if each.amount not in amounts)
    told = {(key(each.name), each.amount) for each in known}
    unknown = tuple(each for each in named[UNKNOWN] if (key(each.name), each.amount) not in told)
    return fees, freight[:4], unknown


def read_named(body: Fields, notes: tuple[str, ...]) -> dict[str, tuple[Charge, ...]]:
    """By kind: `third_party`, `own` and `unknown`. Names of the fields are as people read them;
    a note gives only the word that it has."""
    found: dict[str, list[Charge]] = {THIRD_PARTY: [], OWN: [], UNKNOWN: []}
    told: set[tuple[str, Decimal]] = set()
    for name, amount in [*_walk(body.named(), 0), *_of_notes(notes)]:
        kind = told_kind(name)
        if kind not in found or (key(name), amount) in told or len(told) >= _MOST:
            continue
        told.add((key(name), amount))
        found[kind].append(Charge(name, amount))
    return {kind: tuple(charges) for kind, charges in found.items()}


def _walk(fields: list[tuple[str, Any]], depth: int) -> Iterator[tuple[str, Decimal]]:
    for raw, held in fields:
        # No field has a longer name, and the search in one grows with its square.
        folded = re.sub(r"[\W_]+", "", fold(raw[:_LONGEST_NAME]))
        is_place = isinstance(held, Mapping) and folded in ("ordertransaction", "transaction")
        is_elsewhere = _NOT_HERE.fullmatch(folded) or (depth == 0 and _OF_LINES.fullmatch(folded))
        if not folded or (is_elsewhere and not is_place):
            continue
        yield from _of(raw, held, depth)


def _of(raw: str, held: Any, depth: int) -> Iterator[tuple[str, Decimal]]:
    if isinstance(held, list | tuple):
        for entry in held[:_MOST] if depth < _DEEPEST else ():
            if isinstance(entry, Mapping | list):
                yield from _of("", entry, depth + 1)
        return
    if isinstance(held, Mapping):
        fields = Fields(held)
        name, amount = values.text(fields.first(*_NAMES)), values.number(fields.first(*_HELD))
        if name and amount is not None:
            yield from _one(name, amount)
        elif depth < _DEEPEST:
            yield from _walk(fields.named(), depth + 1)
        return
    amount = values.number(held)
    if raw and amount is not None and not isinstance(held, bool):
        yield from _one(" ".join(_WORD_ENDS.sub(" ", raw.replace("_", " ")).split()), amount)


def _one(name: str, amount: Decimal) -> Iterator[tuple[str, Decimal]]:
    is_name = 2 < len(name) <= _LONGEST_NAME and not _PRIVATE.search(name)
    if is_name and _LEAST <= amount <= _LARGEST and any(sign.isalpha() for sign in name):
        yield name, amount


def _of_notes(notes: tuple[str, ...]) -> Iterator[tuple[str, Decimal]]:
    """A note with one amount that speaks of a tip or of a donation."""
    for note in notes:
        said = _THIRD_PARTY_WORD.search(fold(note))
        amounts = amounts_in(note)
        if said and len(amounts) == 1:
            yield _SAYS[said.group(1)[0]], amounts[0]
