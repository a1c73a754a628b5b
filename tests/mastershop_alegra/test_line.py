"""An answer that its reader takes slowly: how long the thread that makes it waits."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest

from mastershop_alegra.door import line
from mastershop_alegra.door.line import MOST_UNSENT, Line

MINUTE = 0.5


@pytest.fixture
def ends(monkeypatch):
    """Our end of a connection and the reader's, with short times."""
    monkeypatch.setattr(line, "TIMES", replace(line.TIMES, reader_pauses=10, answer_taken=MINUTE))
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(end) for end in socket.socketpair())
        yield stack.enter_context(Line(ours)), theirs


def _read(theirs: socket.socket, size: int, every: float) -> threading.Thread:
    def read_on() -> None:
        with suppress(OSError):
            while theirs.recv(size):
                time.sleep(every)

    reader = threading.Thread(target=read_on, daemon=True)
    reader.start()
    return reader


def _send_pieces(ours: Line) -> None:
    """A long file: each of its pieces is short."""
    for _ in range(1000):
        ours.sendall(b"x" * 10_000)


def test_who_takes_a_long_answer_in_drops_is_left(ends):
    ours, theirs = ends
    # The system keeps little on the way.
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    _read(theirs, 1000, every=0.02)
    began = time.monotonic()
    with pytest.raises(BrokenPipeError):
        _send_pieces(ours)
    assert time.monotonic() - began < 6 * MINUTE
    theirs.shutdown(socket.SHUT_RDWR)


def test_who_takes_as_much_as_may_be_kept_each_time_gets_a_long_answer(ends):
    ours, theirs = ends
    reader = _read(theirs, 100_000, every=0)
    began = time.monotonic()
    while time.monotonic() - began < 3 * MINUTE:
        ours.sendall(b"x" * MOST_UNSENT)
    theirs.shutdown(socket.SHUT_RDWR)
    reader.join(5)
