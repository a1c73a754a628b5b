"""Money of an order outside of its lines and charges: freight in a field of its own, a discount
under another name, and what was received before.

Which fields MasterShop uses is not known (MasterShop reference, amounts): names are read by
their words. What is found here is used only where the order's sum is exact with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from . import payment_methods, values
from .doubtful_words import VOUCHER, WALLET, doubt_in
from .line_amounts import amount_of
from .orders import Charge, Received
from .paid_words import CREDIT, GIFT_CARD, amounts_in, label_of_field, noted, word_in
from .paid_words import PAID as PAID_BEFORE
from .statuses import fold
from .values import Fields

_ZERO = Decimal(0)
_MOST_ENTRIES = 50
_FREIGHT_PLACES = ("order_transaction", "transaction", "order_logistics", "logistics", "shipping")
_MONEY_PLACES = ("order_transaction", "transaction", "payment", "payment_info", "payment_details")
_AFFIX = (
    r"(?:total|order|amount|value|valor|monto|cost|costo|price|precio|fee|charges?|cobro|tarifa"
    r"|rate|lines?|set|de|del|customer|buyer|cliente|cop|money|sum|by)*"
)
_FREIGHT = re.compile(
    rf"{_AFFIX}(?:shipping|shipment|freight|fletes?|envios?|delivery|domicilio|despacho"
    rf"|transporte|logistics?|logistica|carrier){_AFFIX}"
)
# These name the parcel's price only with one of these words, alone they are a person or a place.
_NEEDS_PRICE = re.compile(r"(?:shipment|delivery|domicilio|despacho|logistics?|carrier)")
_OF_LOGISTICS = re.compile(
    r"(?:total|order)*(?:price|cost|costo|valor|value|amount|fee|rate|tarifa|charge)"
    r"(?:total|amount)*"
)
_DISCOUNTS = (
    "total_discount", "total_discounts", "discount_total", "discount_amount", "discounts",
    "order_discount", "coupon_discount", "coupon_amount", "descuento", "descuentos",
    "total_descuento", "valor_descuento", "discount_value", "discount_codes",
    "discount_applications", "coupons", "cupones", "coupon_lines",
)  # fmt: skip
_CODES = re.compile(r"(?:discount|coupon|cupon|promo|descuento|voucher)\w*")
_VOUCHER = re.compile(
    r"(?:valor|monto|total)*(?:bonos?|vales?|vouchers?)(?:amount|value|total|valor)*"
)
_PAYMENTS = re.compile(
    r"(?:order|split|partial)*(?:payments?|pagos?|transactions?|tenders?)"
    r"(?:details?|lines?|methods?|split|info|received)*|(?:formas|medios|metodos)(?:de)?pago"
)
_UNPAID = re.compile(
    r"\b(?:fail\w*|pending|pendiente|declin\w*|refus\w*|rechaz\w*|void\w*|cancel\w*|refund\w*"
    r"|devuelt\w*|error|authoriz\w*)\b"
)
DISCOUNT_KEYS = ("discount", *_DISCOUNTS)


def freight(body: Fields) -> tuple[Charge, ...]:
    """The amounts that fields of their own call freight, distinct; the parser's charges apart."""
    found: dict[Decimal, Charge] = {}
    for place in ("", *_FREIGHT_PLACES):
        fields = body.object(place) if place else body
        for name, content in fields.all():
            is_of_logistics = place in ("order_logistics", "logistics", "shipping")
            if not (_is_freight(name) or (is_of_logistics and _OF_LOGISTICS.fullmatch(name))):
                continue
            amount = _price(content)
            if amount > 0:
                found.setdefault(amount, Charge("Envío", amount))
    return tuple(found.values())[:4]


def says_freight(body: Fields) -> bool:
    """Whether a field tells freight, be it 0."""
    places = [body, *(body.object(place) for place in _FREIGHT_PLACES)]
    return any(
        _is_freight(name) and (_price(held) > 0 or values.number(held) == 0)
        for place in places
        for name, held in place.all()
    )


def discount_elsewhere(body: Fields, gross: Decimal) -> Decimal:
    """The order's discount under another name than `discount`, or 0. `gross`: of its lines."""
    for fields in (body.object("order_transaction", "transaction"), body):
        for name in _DISCOUNTS:
            if amount := amount_of(fields.first(name), gross):
                return amount
    return _ZERO


def received(body: Fields) -> tuple[Received, ...]:
    """Money received before, by fields and by codes of discount that are no discount."""
    found: list[Received] = []
    for fields in _places(body):
        for name, content in fields.all():
            if label := label_of_field(name):
                found += _of_field(label, content)
            elif _VOUCHER.fullmatch(name) and (amount := abs(_price(content))):
                found.append(Received(VOUCHER, (amount,)))
            elif _CODES.fullmatch(name):
                found += _of_codes(content, fields)
            elif _PAYMENTS.fullmatch(name) and isinstance(content, list):
                found += _of_payments(content)
    return _once(found)


def says_received(body: Fields) -> bool:
    """Whether a field that may tell of money received holds anything, be it 0."""
    return any(
        label_of_field(name)
        or _VOUCHER.fullmatch(name)
        or (_CODES.fullmatch(name) and (_is_word(held) or isinstance(held, list | dict)))
        or (_PAYMENTS.fullmatch(name) and isinstance(held, list))
        for fields in _places(body)
        for name, held in fields.all()
    )


def received_in_notes(notes: tuple[str, ...]) -> tuple[Received, ...]:
    found = (_of_note(note) for note in notes)
    return _once(each for each in found if each.label)


def received_by_name(*names: str) -> tuple[Received, ...]:
    """By the names of method and gateway, which tell no amount ("Abono + contraentrega")."""
    return _once(Received(label) for name in names if (label := word_in(name)))


def _places(body: Fields) -> list[Fields]:
    return [body, *(body.object(place) for place in _MONEY_PLACES)]


def _is_freight(name: str) -> bool:
    if len(name) > values.LONGEST_KEY or not (match := _FREIGHT.fullmatch(name)):
        return False
    bare = _NEEDS_PRICE.fullmatch(match.group(0))
    return bare is None


def _price(content: Any) -> Decimal:
    """A price in any shape: a number, an object with one, a list of such."""
    if isinstance(content, list | tuple):
        return sum((_price(each) for each in content[:_MOST_ENTRIES]), _ZERO)
    if isinstance(content, Mapping):
        fields = Fields(content)
        told = fields.first(
            "price", "amount", "cost", "total", "value", "valor", "fee", "shop_money",
            "amount_set", "price_set",
        )  # fmt: skip
        return _ZERO if told is None else _price(told)
    amount = values.number(content)
    return _ZERO if amount is None else amount


def _of_field(label: str, content: Any) -> Iterator[Received]:
    """A field of money received; the code of a card without its amount is a word alone."""
    amount = abs(_price(content))
    if amount:
        yield Received(label, (amount,))
    elif label in (GIFT_CARD, CREDIT) and _is_word(content):
        yield Received(label)


def _of_note(note: str) -> Received:
    said = Received(*noted(note))
    if not said.label and doubt_in(note) in (VOUCHER, WALLET) and (amounts := amounts_in(note)):
        return Received(doubt_in(note), amounts)
    return said


def _of_codes(content: Any, beside: Fields) -> Iterator[Received]:
    """A code, a name or a type of a discount that says gift card, credit or deposit."""
    if not isinstance(content, list | tuple | Mapping):
        if label := _word_of_code(content):
            amount = values.number(beside.first("discount", *_DISCOUNTS))
            yield Received(label, (abs(amount),) if amount else ())
        return
    entries = [content] if isinstance(content, Mapping) else content
    for entry in entries[:_MOST_ENTRIES]:
        if not isinstance(entry, Mapping):
            if label := _word_of_code(entry):
                yield Received(label)
            continue
        fields = Fields(entry)
        if label := next(filter(None, (_word_of_code(held) for _n, held in fields.all())), ""):
            amount = amount_of(entry, _ZERO)
            yield Received(label, (amount,) if amount else ())


def _of_payments(entries: list[Any]) -> Iterator[Received]:
    """Payments told one by one; what is paid at the door was not received before."""
    for entry in entries[:_MOST_ENTRIES]:
        fields = Fields(entry)
        amount = _price(entry) if fields else _ZERO
        if amount <= 0:
            continue
        told = " ".join(
            fold(_spaced(held)) for _name, held in fields.all() if isinstance(held, str)
        )
        if _UNPAID.search(told) or payment_methods.family(told) == payment_methods.COD:
            continue
        label = word_in(told)
        if not label and payment_methods.family(told) != payment_methods.PREPAID:
            continue
        yield Received(label or PAID_BEFORE, (amount,))


def _word_of_code(held: Any) -> str:
    return word_in(_spaced(held)) or doubt_in(_spaced(held))


def _is_word(held: Any) -> bool:
    return isinstance(held, str) and bool(values.text(held)) and values.number(held) is None


def _spaced(held: Any) -> str:
    return values.text(held, limit=200).replace("_", " ").replace("-", " ")


def _once(found: Any) -> tuple[Received, ...]:
    """Each money once: the same amount under two names is the first one's."""
    kept: list[Received] = []
    for each in found:
        if each not in kept and not (
            each.amounts and any(each.amounts == other.amounts for other in kept)
        ):
            kept.append(each)
    return tuple(kept[:6])
