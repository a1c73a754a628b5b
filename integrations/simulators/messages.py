"""Requests and responses as the simulators pass them around, and how an answer is delivered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from integrations.simulators.wire import Wire


class BadJson(ValueError):
    """The body of a request is not the JSON object it should be."""


def encode(data: Any) -> bytes:
    """JSON in UTF-8 without spaces; a Decimal becomes a JSON number with its own digits."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_number).encode()


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


@dataclass
class Request:
    """One request, read whole.

    ``path`` is decoded and has no query; ``target`` is what stood on the request line.
    ``headers`` has lower-case names. ``params`` holds what a route's pattern captured.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    wire: Wire
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        raw_path, _, raw_query = self.target.partition("?")
        self.path = unquote(raw_path)
        self.query = dict(parse_qsl(raw_query, keep_blank_values=True)) if raw_query else {}

    def json(self) -> dict[str, Any]:
        """The body as a JSON object, numbers with a point as Decimal; an empty body is ``{}``.

        Raises BadJson for anything else.
        """
        if not self.body.strip():
            return {}
        try:
            data = json.loads(self.body, parse_float=Decimal)
        except (ValueError, UnicodeDecodeError) as error:
            raise BadJson("The body is not JSON") from error
        if not isinstance(data, dict):
            raise BadJson("The body is not a JSON object")
        return data


@dataclass
class Response:
    """One answer. ``delivery`` says what becomes of it on the wire:

    ``whole`` is sent in one piece; ``reset`` never leaves, the connection is reset; ``cut``
    stops half-way through the body and resets; ``trickle`` dribbles over ``seconds``.
    ``afterwards`` runs when the delivery is over.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    delivery: str = "whole"
    seconds: float = 0.0
    afterwards: Callable[[], None] | None = None

    @classmethod
    def json(cls, data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return cls(status, encode(data), headers=headers or {})

    @classmethod
    def html(cls, text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return cls(status, text.encode(), "text/html; charset=utf-8", headers or {})

    def raw(self, *, keep_alive: bool, head_only: bool = False) -> bytes:
        """Status line, headers and body as one block of bytes."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [
            f"HTTP/1.1 {self.status} {phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            f"Connection: {'keep-alive' if keep_alive else 'close'}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if head_only else head + self.body
