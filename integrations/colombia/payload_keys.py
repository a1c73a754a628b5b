"""The keys of Alegra's and MasterShop's JSON, by what they hold.

They are compared in lower case without `_`, `-`, spaces and accents, so that `docNumber`,
`doc_number` and `DocNumber` are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from integrations.colombia.longest import line

SECRETS: Final = re.compile(
    r"token|authorization|password|secret|apikey|cookie|contrasena|credential"
)
EMAILS: Final = re.compile(r"e?mail|correo")
PHONES: Final = re.compile(r"phone|mobile|celular|telefono|whatsapp|^fax|contactnumber")
NUMBERS: Final = re.compile(
    r"identification|identificacion|^document(number|id)?$|^doc(number)?$|^(dni|cedula|nit)$|"
    r"^numero(de)?documento$|^taxid$"
)
NAMES: Final = re.compile(
    r"^(full|first|second|third|middle|last|secondlast|sur|given|family|client|customer|buyer|"
    r"recipient|contact|billing|shipping|holder)name\d?$|^(nombre|apellido)|^razonsocial$"
)
ADDRESSES: Final = re.compile(r"^address|direccion|street|^line\d?$|^zip|postalcode|addressline")

# A text of the seller with the buyer's address in it, and the QR text with the buyer's number.
HIDDEN_TEXTS: Final = frozenset(
    {"anotation", "annotation", "barcodecontent", "qrcode", "qrcodecontent"}
)
TEXTS_ABOUT_A_PERSON: Final = frozenset({"observations", "notes", "comments", "description"})

PERSON_RECORDS: Final = re.compile(
    r"(internal)?(clients?|customers?|contacts?)(info)?|buyer|recipient|receiver|nameobject|"
    r"destinatario|comprador|cliente"
)
ADDRESS_RECORDS: Final = re.compile(r"address|^(ship|bill)to$|direccion")
# What an address says that does not lead to a door.
PUBLIC_PLACES: Final = re.compile(
    r"city|department|country|state|province|municip|dane|^id$|^type$|^ciudad|^departamento|^pais"
)
TRADE_RECORDS: Final = frozenset(
    {
        "account",
        "bankaccount",
        "company",
        "costcenter",
        "currency",
        "item",
        "items",
        "numbertemplate",
        "orderitems",
        "pricelist",
        "printingtemplate",
        "product",
        "products",
        "seller",
        "stamp",
        "tax",
        "taxes",
        "term",
        "units",
        "variant",
        "variants",
        "warehouse",
    }
)
MARKS_OF_A_PERSON: Final = frozenset(
    {"identificationobject", "nameobject", "kindofperson", "identification", "documentnumber"}
)
NAMES_OF_GOODS: Final = frozenset({"name", "description", "reference", "text", "unit"})

# Texts that may hold long digits of the trade's own.
TRADE_TEXTS: Final = re.compile(
    r"^id|id$|ids$|^code$|^(full|formatted|purchaseorder|order)?number$|^uuid$|^cufe$|^cude$|"
    r"total|price$|amount$|balance|quantity$|^reference$|^sku$|^barcode$|date(time)?$|date|"
    r"^(created|updated|deleted)at$|^observations$|trackingcode$|dane|^externalorder"
)


def plain(key: object) -> str:
    """Return the key as the patterns know it."""
    text = line(key)
    return _plain(text) if len(text) <= _LONGEST_NAME else _made_plain(text)


def _made_plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if char.isascii() and char.isalnum())


# The same few names come with each payload; what is longer is no field's name.
_LONGEST_NAME: Final = 80
_plain = lru_cache(maxsize=4096)(_made_plain)
