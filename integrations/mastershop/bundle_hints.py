"""Whether a line of an order is part of a bundle, and of which.

Nowhere is it documented how MasterShop tells it. The names that shops have for it are read by
their words, whatever their order and spelling: `parent_item`, `bundleId`, `id_combo`,
`is_component`, `part_of_kit`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import values
from .values import Fields

# A part of some bundle that is not named.
UNNAMED = "?"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PARENT = {"parent", "padre"}
_PART = {"bundled", "component", "componente", "child"}
_BUNDLE = {"bundle", "combo", "kit", "pack", "paquete", "composite"}
# What may stand beside them in a name that tells which one.
_WHICH = {
    "id", "of", "by", "in", "part", "item", "line", "product", "variant", "sku", "key", "ref",
    "reference", "uuid", "is", "de", "es", "linea", "producto", "group", "grupo",
}  # fmt: skip
_POINTS = {"id", "of", "by", "part", "key", "ref", "reference", "uuid", "sku", "group", "grupo"}
_NO = {"no", "false", "0", "none", "null"}


def bundle_of(entry: Mapping[str, Any]) -> str:
    """The bundle that this line is part of, as the order names it; UNNAMED, or '' for none.

    Lines of one bundle may share a name, or name the line of the bundle itself.
    """
    for name, content in entry.items():
        if not isinstance(name, str) or len(name) > values.LONGEST_KEY:
            continue
        words = {word.casefold() for word in _WORDS.findall(name)}
        about = words & (_PARENT | _PART | _BUNDLE)
        if not about or words - about - _WHICH:
            continue
        # `bundle: true` and `kit: [...]` are said by the bundle of itself.
        if not words & (_PARENT | _PART) and not words & _POINTS:
            continue
        told = _reference(content)
        if told == "1" and not words & (_PARENT | _POINTS):
            told = UNNAMED
        if told:
            return told
    return ""


def _reference(content: Any) -> str:
    if content is True:
        return UNNAMED
    if isinstance(content, Mapping):
        inner = Fields(content)
        content = inner.first("id", "id_product", "product_id", "id_variant", "sku", "name")
    if isinstance(content, bool | list | tuple) or content is None:
        return ""
    told = values.text(content, limit=values.LONGEST_KEY)
    if told.casefold() in _NO or told.strip("0") == "":
        return ""
    return UNNAMED if told.casefold() in ("yes", "true", "si", "sí") else told
