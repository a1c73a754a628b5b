"""What a body tells of an order, and what it names without telling anything.

MasterShop reference, *Events may be partial*: an absent key says nothing. A key that is there
and empty says nothing either in an event; in an order read by number it says that there is none.
"""

from __future__ import annotations

from typing import Any

from . import personal, values
from .fees import FIELDS
from .money_told import DISCOUNT_KEYS, says_freight, says_received
from .orders import NormalisedOrder
from .parts import (
    DOC_NUMBER,
    FREIGHT,
    LINES,
    NAME,
    NAMED,
    PAYMENT,
    RECEIVED,
    STATUS,
    TOTAL,
    value_of,
)
from .values import Fields

# Each part with the keys that hold it: (object, keys); '' is the body itself. Parts of the buyer
# and of the address are looked for in every object that may hold them.
_BUYER = ("customer", "client_info", "client", "shipping_address", "billing_address")
_PLACES = ("shipping_address", "customer", "client_info", "client")
_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    STATUS: (("",), ("id_status", "status_id", "id_order_status", "confirmation_status_name",
                     "order_status", "status_name", "status")),
    "external": (("",), ("external_order_id", "external_id")),
    "business": (("",), ("id_business", "business_id")),
    PAYMENT: (("order_transaction", "transaction", ""), ("payment_method",)),
    "gateway": (("order_transaction", "transaction", ""), ("payment_gateway",)),
    "created": (("",), ("date_created_order", "created_at", "date_created")),
    NAME: (_BUYER, personal.NAMES),
    DOC_NUMBER: (_BUYER, personal.DOC_NUMBERS),
    "doc_type": (_BUYER, personal.DOC_TYPES),
    "email": (_BUYER, ("email",)),
    "phone": (_BUYER, ("phone",)),
    "company": (_BUYER, personal.COMPANIES),
    "city": (_PLACES, ("city",)),
    "address": (_PLACES, ("address1", "address")),
    "department": (_PLACES, ("state", "department", "province")),
    "dane_code": (_PLACES, ("city_dane_code", "dane_code")),
    "country": (("shipping_address", ""), ("country", "country_code")),
    LINES: (("",), ("order_items", "items", "products")),
    "charges": (("",), ("additional_charge", "additional_charges")),
    "fees": (("order_transaction", "transaction", ""), FIELDS),
    "discount": (("order_transaction", "transaction", ""), DISCOUNT_KEYS),
    "received_noted": (("",), ("notes", "note")),
    "received_named": (("order_transaction", "transaction", ""), ("payment_gateway",)),
    TOTAL: (("order_transaction", "transaction", ""), ("total", "total_order", "order_total")),
    "currency": (("order_transaction", "transaction", ""), ("currency",)),
    "warehouse": (("",), ("warehouse", "id_warehouse", "warehouse_id")),
    "carrier": (("order_logistics", "logistics", ""), ("carrier_name",)),
    "guide": (("order_logistics", "logistics", ""), ("carrier_tracking_code", "url_tracking")),
    "is_test": (("",), ("is_test",)),
    "notes": (("",), ("notes", "note")),
    "tags": (("",), ("tags",)),
}  # fmt: skip

# Told also by content that could not be read: it may say something else than what is known.
_TOLD_EVEN_UNREADABLE = frozenset(
    {
        STATUS, LINES, "charges", "discount", TOTAL, "currency", "country", "is_test",
        "received_noted", "received_named",
    }
)  # fmt: skip

# These have no keys of their own: their fields are known by the words in their names.
_BY_WORDS = {FREIGHT: says_freight, RECEIVED: says_received}


def presence(
    body: Fields, order: dict[str, Any]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Three sets of parts: told, hinted and emptied. `order`: what was read of the body, as JSON.

    Hinted is what the body implies without saying it, good only while nobody has said it: the
    payment family read from another field, a type of document without its number, and of the
    buyer what is covered or names nobody.
    """
    told, hinted, emptied = set(), set(), set()
    for part, (places, keys) in _KEYS.items():
        found = [body if not place else body.object(place) for place in places]
        if _is_told(part, found, keys, order):
            told.add(part)
        elif any(place.has(*keys) for place in found):
            emptied.add(part)
    told |= {part for part, says in _BY_WORDS.items() if says(body)}
    if order["freight"]:
        told.add(FREIGHT)
    if TOTAL in told:
        # Amounts without a field of their own go with the total that they are part of.
        told.add(NAMED)
    if PAYMENT not in told and value_of(order, PAYMENT) != value_of(_NOTHING, PAYMENT):
        hinted.add(PAYMENT)
    weak = {part for part in told if _is_weak(part, order)}
    told -= weak
    hinted |= weak
    if "doc_type" in told and DOC_NUMBER not in told:
        told.discard("doc_type")
        hinted.add("doc_type")
    return frozenset(told), frozenset(hinted), frozenset(emptied)


def _is_told(part: str, places: list[Fields], keys: tuple[str, ...], order: dict[str, Any]) -> bool:
    if part in _TOLD_EVEN_UNREADABLE:
        return any(_says_something(place.first(*keys)) for place in places)
    if part == PAYMENT:
        return bool(order["payment_raw"])
    return value_of(order, part) != value_of(_NOTHING, part)


def _is_weak(part: str, order: dict[str, Any]) -> bool:
    """Whether a text about the buyer replaces only what nobody has told."""
    if part == DOC_NUMBER:
        return personal.is_no_number(order["customer"]["doc_number"])
    if part == NAME:
        name = order["customer"]["name"]
        return personal.is_covered(name) or personal.names_nobody(name)
    if part in ("company", "email", "phone"):
        return personal.is_covered(order["customer"][part])
    return False


def _says_something(content: Any) -> bool:
    """Not null, empty, or one of the words that stand for missing."""
    if isinstance(content, str):
        return bool(values.text(content))
    return content is not None


_NOTHING = NormalisedOrder(order_id="").to_json()
