"""Finds where a request ends, from the bytes that came so far, without waiting for more.

gunicorn's own parser reads the request, and gets exactly these bytes. Where it would read further
(`Handed.asked_past`) the two do not agree, and the connection ends with the answer: the bytes that
follow must never be taken for another request (RFC 9112 section 11.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from mastershop_alegra.door.limits import MOST_HEAD, WEBHOOKS, most_bytes

_PIECE = 64 * 1024
# The limit of a line with a chunk's size, and of the trailer after the last chunk.
_MOST_LINE = 1024
_MOST_TRAILERS = 8 * 1024
# What the sizes of chunks may add to a body; and how far the application reads beyond its limit, to
# know that there is more.
_FRAMING = 64 * 1024

# A bare LF ends a line too, so that gunicorn sees it and refuses it.
_HEAD_ENDS = re.compile(rb"\n\r?\n")
_FIRST_LINE = re.compile(
    rb"([A-Za-z]+) +(?:https?://[^/? \r\n]*)?([^? \r\n]*)[^\r\n]*?( HTTP/1\.1)?\r?\n"
)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*chunked", re.I | re.M)
_CONTINUE = re.compile(rb"^expect[ \t]*:[ \t]*100-continue[ \t]*\r?$", re.I | re.M)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?", re.S)


@dataclass(frozen=True, slots=True)
class Head:
    """The part of a request line with its headers that is needed before the request is parsed.

    `ends`: its length in bytes. `length`: the bytes of the body; None where it comes in chunks.
    """

    method: str
    path: str
    ends: int
    length: int | None
    expects: bool

    @property
    def most(self) -> int:
        return most_bytes(self.path)


@dataclass(slots=True)
class Handed:
    """The bytes of one request, as an iterator for gunicorn's parser.

    `is_cut`: the body is larger than its limit, and the rest of it was not read.
    """

    head: Head
    pieces: tuple[bytes, ...]
    is_cut: bool = False
    asked_past: bool = False
    _left: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(reversed(self.pieces))

    @property
    def size(self) -> int:
        return sum(len(piece) for piece in self.pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.asked_past = True
            raise StopIteration
        return self._left.pop()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a request that is not read to its end. `text`: for the sender."""

    status: int
    reason: str
    text: str

    def as_bytes(self) -> bytes:
        body = f"{self.text}\n".encode()
        again = "Retry-After: 10\r\n" if self.status == 503 else ""
        head = (
            f"HTTP/1.1 {self.status} {self.reason}\r\nConnection: close\r\n{again}"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


CUT_SHORT = Refusal(400, "Bad Request", "La petición llegó incompleta.")
TOO_SLOW = Refusal(408, "Request Timeout", "La petición tardó demasiado en llegar completa.")
LONG_HEAD = Refusal(
    431,
    "Request Header Fields Too Large",
    f"El encabezado de la petición pasa de {MOST_HEAD // 1024} KiB.",
)
TOO_BUSY = Refusal(503, "Service Unavailable", "El portal está ocupado. Intenta en un momento.")


def too_large(most: int) -> Refusal:
    return Refusal(
        413,
        "Content Too Large",
        f"Lo enviado pasa de {most // 1024} KiB, lo más que se recibe aquí. Envía menos.",
    )


class Incoming:
    """The bytes of a connection that belong to no complete request yet."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._forget()

    def _forget(self) -> None:
        self._head: Head | None = None
        # The bytes up to here were searched for the end of the head, or of the chunks.
        self._at = 0
        self._said_continue = False

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, data: bytes) -> None:
        self._bytes += data

    def next(self) -> Handed | Refusal | None:
        """The next request; None while it is not complete."""
        if self._head is None:
            refusal = self._look_for_head()
            if refusal is not None or self._head is None:
                return refusal
        head = self._head
        length = self._chunks_end(head) if head.length is None else head.ends + head.length
        most = head.ends + head.most + (_FRAMING if head.length is None else 0)
        if max(length or 0, len(self._bytes) if length is None else 0) > most:
            # Too large an event is counted with its merchant, which takes a thread.
            return self._take(None) if head.path.startswith(WEBHOOKS) else too_large(head.most)
        return None if length is None or len(self._bytes) < length else self._take(length)

    def wants_continue(self) -> bool:
        """Whether the sender waits for "100 Continue"; True once a request."""
        if self._head is None or not self._head.expects or self._said_continue:
            return False
        self._said_continue = True
        return len(self._bytes) == self._head.ends

    def _look_for_head(self) -> Refusal | None:
        while self._bytes.startswith(b"\r\n"):
            # RFC 9112 section 2.2: an empty line before a request is ignored.
            del self._bytes[:2]
            self._at = 0
        found = _HEAD_ENDS.search(self._bytes, max(0, self._at - 2))
        self._at = len(self._bytes)
        if (found.end() if found else self._at) > MOST_HEAD:
            return LONG_HEAD
        if found:
            self._head = _head_of(bytes(self._bytes[: found.end()]))
            self._at = found.end()
        return None

    def _chunks_end(self, head: Head) -> int | None:
        """Where a chunked body ends; None while it has not. A malformed one ends with the bytes
        that came: gunicorn answers what is wrong with it."""
        while True:
            line_ends = self._bytes.find(b"\n", self._at, self._at + _MOST_LINE)
            if line_ends < 0:
                is_open = len(self._bytes) < self._at + _MOST_LINE
                return None if is_open else len(self._bytes)
            size = _SIZE.fullmatch(self._bytes, self._at, line_ends)
            if size is None:
                return len(self._bytes)
            if int(size[1], 16) == 0:
                return self._trailers_end(line_ends + 1)
            after = line_ends + 1 + int(size[1], 16) + len(b"\r\n")
            if after > len(self._bytes):
                return None
            self._at = after

    def _trailers_end(self, at: int) -> int | None:
        if self._bytes.startswith(b"\r\n", at):
            return at + 2
        found = self._bytes.find(b"\r\n\r\n", at, at + _MOST_TRAILERS)
        if found >= 0:
            return found + 4
        return None if len(self._bytes) < at + _MOST_TRAILERS else len(self._bytes)

    def _take(self, length: int | None) -> Handed:
        """The request with a body of this length; None: a body that is cut where it is now."""
        head = self._head
        ends = len(self._bytes) if length is None else length
        if length is None and head.length is not None:
            # A body that is announced as too large is not read.
            ends = head.ends
        bounds = [0, *range(head.ends, ends, _PIECE), ends]
        pieces = tuple(
            bytes(self._bytes[begins:stops]) for begins, stops in pairwise(bounds) if stops > begins
        )
        del self._bytes[:ends]
        self._forget()
        return Handed(head, pieces, is_cut=length is None)


def _head_of(raw: bytes) -> Head:
    line = _FIRST_LINE.match(raw)
    length = _LENGTH.search(raw)
    is_chunked = _CHUNKED.search(raw) is not None
    return Head(
        method=line[1].decode() if line else "",
        path=line[2].decode("latin-1") if line else "",
        ends=len(raw),
        length=None if is_chunked else int(length[1]) if length else 0,
        expects=bool(line and line[3] and _CONTINUE.search(raw)),
    )
