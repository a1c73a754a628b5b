"""A socket that never blocks, neither while reading nor while writing."""

from __future__ import annotations

import errno
import select
import socket
import time

from mastershop_alegra.door.limits import TIMES

_PIECE = 64 * 1024
# Bytes of an answer that are kept for a slow reader. With the rest of a longer one, such as a file
# that is made while it is read, the thread waits.
MOST_UNSENT = 1024 * 1024


class Line(socket.socket):
    """The socket that gunicorn uses.

    Bytes that a reader does not take at once are kept in `unsent`, and `flush` sends them later, so
    that the thread that made the answer is free.
    """

    def __init__(self, plain: socket.socket) -> None:
        super().__init__(plain.family, plain.type, plain.proto, fileno=plain.detach())
        super().setblocking(False)
        self.unsent = bytearray()
        # The seconds that a thread has waited with an answer, and the bytes taken meanwhile.
        self._waited = 0.0
        self._taken = 0

    def setblocking(self, flag: bool) -> None:
        """Does nothing: gunicorn makes sockets blocking for its threads; this one must not be."""

    def take(self) -> bytes | None:
        """The bytes that came; None when there are none yet, b"" when the sender is done."""
        try:
            return self.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def is_gone(self) -> bool:
        """Whether the sender closed the connection, or its sending half."""
        try:
            return not self.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send what the reader takes and keep the rest. Raises OSError when the reader takes
        nothing, or less than `unsent` holds in each `answer_taken` for which the thread waits."""
        taken = 0 if self.unsent else self._send(data)
        self.unsent += memoryview(data)[taken:]
        gives_up = time.monotonic() + TIMES.reader_pauses
        while len(self.unsent) > MOST_UNSENT:
            if time.monotonic() > gives_up:
                raise BrokenPipeError(errno.EPIPE, "The reader takes nothing.")
            began = time.monotonic()
            self._wait(gives_up)
            self._waited += time.monotonic() - began
            sent = self._flush_some()
            self._taken += sent
            if sent:
                gives_up = time.monotonic() + TIMES.reader_pauses
            if self._waited > TIMES.answer_taken:
                if self._taken < MOST_UNSENT:
                    raise BrokenPipeError(errno.EPIPE, "The reader takes too little.")
                self._waited, self._taken = 0.0, 0

    def sendfile(self, file, offset: int = 0, count: int | None = None) -> int:
        """Send `count` bytes of a file, or all from the offset on; return how many were sent."""
        file.seek(offset)
        sent = 0
        while count is None or sent < count:
            wanted = _PIECE if count is None else min(_PIECE, count - sent)
            data = file.read(wanted)
            if not data:
                break
            self.sendall(data)
            sent += len(data)
        return sent

    def flush(self) -> bool:
        """Send what the reader takes; return whether nothing is left. Raises OSError."""
        while self.unsent:
            if not self._flush_some():
                return False
        return True

    def _flush_some(self) -> int:
        sent = self._send(bytes(self.unsent[:_PIECE]))
        del self.unsent[:sent]
        return sent

    def _send(self, data) -> int:
        try:
            return self.send(data)
        except (BlockingIOError, InterruptedError):
            return 0

    def _wait(self, until: float) -> None:
        """Wait until there is room, or until this moment."""
        # Not `select.select`, which takes no handle above 1023.
        poll = select.poll()
        poll.register(self.fileno(), select.POLLOUT)
        poll.poll(max(0.0, min(1.0, until - time.monotonic())) * 1000)
