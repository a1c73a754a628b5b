"""JSON as it crosses the wire: amounts keep exactly the digits they were written with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def encode(value: Any) -> bytes:
    """UTF-8 JSON of dicts, lists, text, ints, booleans, None and Decimals.

    A Decimal becomes a JSON number with its own digits (``41932.773109``). A float raises
    TypeError: by the time one arrives here its noise can no longer be told from money. The same
    value gives the same bytes, so that a repeated request can be proven equal.
    """
    return _text(value).encode()


def decode(body: bytes) -> Any:
    """The value of a JSON body, fractions as Decimal. ValueError when it is not JSON."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("an amount must be a finite number")
        return format(value, "f")
    if isinstance(value, float):
        raise TypeError("amounts and quantities are sent as Decimal or int, never as float")
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(k), ensure_ascii=False)}:{_text(v)}" for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
