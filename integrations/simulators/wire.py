"""One TCP connection seen raw, so that a fault can reset, hang, trickle or cut it."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time

_MAX_HEAD = 64 * 1024
_MAX_BODY = 20 * 1024 * 1024
_RESET = struct.pack("ii", 1, 0)


class WireError(Exception):
    """What arrived is not an HTTP request; ``status`` is the answer it deserves."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Wire:
    """A connection with its read buffer. ``stopping`` is set when the server wants to end."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self.connection = connection
        self.stopping = stopping
        self._buffer = bytearray()

    # Reading ---------------------------------------------------------------------------

    def read_request(self) -> tuple[str, str, dict[str, str], bytes] | None:
        """Method, target, headers and body; None when the other side closed in between.

        Raises WireError when the bytes are no HTTP request, OSError when the wire broke.
        """
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _MAX_HEAD:
                raise WireError(431, "The headers are too long")
            if not self._fill():
                return None
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        try:
            method, target, version = lines[0].split(" ")
            headers = {}
            for line in lines[1:]:
                name, _, value = line.partition(":")
                headers[name.strip().lower()] = value.strip()
        except ValueError as error:
            raise WireError(400, "The request line is malformed") from error
        if version not in {"HTTP/1.1", "HTTP/1.0"}:
            raise WireError(505, "Only HTTP/1.1 is spoken here")
        if version == "HTTP/1.0" and headers.get("connection", "").lower() != "keep-alive":
            headers["connection"] = "close"
        if headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return method, target, headers, self._read_body(headers)

    def _read_body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._read_chunks()
        length = headers.get("content-length", "0")
        if not length.isdigit():
            raise WireError(400, "Content-Length is not a number")
        return self._take(int(length))

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            try:
                size = int(self._take_line().split(b";")[0], 16)
            except ValueError as error:
                raise WireError(400, "A chunk has no size") from error
            body += self._take(size)
            if len(body) > _MAX_BODY:
                raise WireError(413, "The body is too long")
            if size == 0:
                while self._take_line():
                    pass
                return bytes(body)
            self._take_line()

    def _take_line(self) -> bytes:
        while (end := self._buffer.find(b"\r\n")) < 0:
            if not self._fill():
                raise ConnectionResetError("closed within a request")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _take(self, length: int) -> bytes:
        if length > _MAX_BODY:
            raise WireError(413, "The body is too long")
        while len(self._buffer) < length:
            if not self._fill():
                raise ConnectionResetError("closed within a request")
        data = bytes(self._buffer[:length])
        del self._buffer[:length]
        return data

    def _fill(self) -> bool:
        data = self.connection.recv(65536)
        self._buffer += data
        return bool(data)

    # Waiting ---------------------------------------------------------------------------

    def pause(self, seconds: float) -> None:
        """Sleep, but not longer than the server lives."""
        self.stopping.wait(seconds)

    def wait_until_gone(self, limit: float) -> bool:
        """Wait until the other side gives up; False after ``limit`` seconds of patience."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN | select.POLLHUP | select.POLLERR)
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0 and not self.stopping.is_set():
            if not poll.poll(min(left, 0.1) * 1000):
                continue
            try:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return True
            except OSError:
                return True
            self.pause(0.05)  # bytes of a further request: the other side is still there
        return False

    # Writing ---------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """One block, one send: headers and body never travel apart."""
        self.connection.sendall(data)

    def trickle(self, data: bytes, seconds: float) -> None:
        """Spread the block evenly over ``seconds``."""
        steps = max(1, min(len(data), int(seconds / 0.05) or 1))
        size = -(-len(data) // steps)
        for start in range(0, len(data), size):
            self.pause(seconds / steps)
            self.connection.sendall(data[start : start + size])

    def reset(self) -> None:
        """Close with RST, as a machine that died would."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.connection.close()
