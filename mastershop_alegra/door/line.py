"""A connection that waits for nobody: neither for what its sender says nor for it to listen."""

from __future__ import annotations

import errno
import select
import socket
import time

from mastershop_alegra.door.limits import TIMES

_PIECE = 64 * 1024
# Bytes of an answer that are kept for a reader that is slower than we are. Of a longer one, such
# as a file that is made while it is read, the thread waits with the rest.
MOST_UNSENT = 1024 * 1024


class Line(socket.socket):
    """The socket as gunicorn uses it, which never blocks.

    What a reader does not take at once is kept in `unsent`, and `flush` sends it on later: the
    thread that made the answer is free meanwhile.
    """

    def __init__(self, plain: socket.socket) -> None:
        super().__init__(plain.family, plain.type, plain.proto, fileno=plain.detach())
        super().setblocking(False)
        self.unsent = bytearray()
        # Seconds that a thread has waited with an answer, and the bytes taken meanwhile.
        self._waited = 0.0
        self._taken = 0

    def setblocking(self, flag: bool) -> None:
        """gunicorn makes a socket blocking for its threads. This one stays as it is."""

    def take(self) -> bytes | None:
        """What came; None when nothing did, and b"" when nothing will."""
        try:
            return self.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def is_gone(self) -> bool:
        """Whether the sender closed the connection, or its half of it."""
        try:
            return not self.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send what goes and keep the rest. Raises OSError when nobody takes it, or in drops: of
        each `answer_taken` that the thread waits, as much as `unsent` holds."""
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
        """`count` bytes of a file, or all from the offset on; how many were sent."""
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
        """Whether nothing is left to send. Raises OSError."""
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
        """Until there is room, or somebody has to look at the time."""
        # `select.select` knows no handle above 1023.
        poll = select.poll()
        poll.register(self.fileno(), select.POLLOUT)
        poll.poll(max(0.0, min(1.0, until - time.monotonic())) * 1000)
