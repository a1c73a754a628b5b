"""Reading the body of a request or a stored delivery, within limits.

Reliability reference, threats: 256 KiB read at most, whatever the sender announces, and caps on
depth and items before anything looks into the document.
"""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from integrations.timekeeping.timing import timing

MOST_BYTES = 256 * 1024
_MOST_DEPTH = 32
_MOST_ITEMS = 20_000
_CHUNK = 16 * 1024


class TooLarge(Exception):
    """More bytes than a delivery may have."""


class Incomplete(Exception):
    """The sender went away, was too slow, or announced more than it sent."""


class Unreadable(Exception):
    """Not a JSON object, or one no order could look like. The message is for the merchant."""


def read_body(request: HttpRequest) -> bytes:
    """The raw body. Raises TooLarge or Incomplete, having read at most one byte too many."""
    announced = _announced(request)
    if announced is not None and announced > MOST_BYTES:
        raise TooLarge
    source = request if announced is not None else _unannounced(request)
    if source is None:
        return b""
    ends_at = time.monotonic() + timing().body_read
    parts: list[bytes] = []
    size = 0
    try:
        while size <= MOST_BYTES:
            wanted = min(_CHUNK, MOST_BYTES + 1 - size)
            if announced is not None:
                wanted = min(wanted, announced - size)
            part = source.read(wanted) if wanted else b""
            if not part:
                break
            parts.append(part)
            size += len(part)
            if time.monotonic() > ends_at:
                raise Incomplete
    except OSError as error:
        raise Incomplete from error
    if size > MOST_BYTES:
        raise TooLarge
    if announced is not None and size < announced:
        raise Incomplete
    return b"".join(parts)


def read_object(raw: bytes | str) -> dict[str, Any]:
    """The JSON object in a body; amounts with a point are `Decimal`. Raises Unreadable."""
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError):
        # The decoder's own message quotes the document, and with it a buyer's data.
        raise Unreadable("Lo recibido no es JSON.") from None
    if not isinstance(found, dict):
        raise Unreadable("Lo recibido no es un objeto JSON.")
    _check_shape(found)
    return found


def _announced(request: HttpRequest) -> int | None:
    """The announced length; None when the body's end is told otherwise (chunked)."""
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _unannounced(request: HttpRequest) -> Any:
    # Django reads nothing without a length. A server that ends the stream itself says so.
    if request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"]
    return None


def _check_shape(found: dict[str, Any]) -> None:
    items = 0
    level: list[Any] = [found]
    for _ in range(_MOST_DEPTH):
        inner: list[Any] = []
        for one in level:
            content = list(one.values()) if isinstance(one, dict) else one
            items += len(content)
            if items > _MOST_ITEMS:
                raise Unreadable("Lo recibido trae demasiados datos para ser un pedido.")
            inner += [part for part in content if isinstance(part, dict | list)]
        if not inner:
            return
        level = inner
    raise Unreadable("Lo recibido está anidado más de lo que un pedido necesita.")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
