"""Bodies as a server hands them over, without the niceties of a test client."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pytest
from django.core.handlers.wsgi import WSGIRequest

from integrations.intake import body
from integrations.intake.body import MOST_BYTES, Incomplete, TooLarge, read_body
from integrations.timekeeping.timing import Timing


class Endless(io.RawIOBase):
    """A stream that would give more for ever, and counts what was taken."""

    taken = 0

    def read(self, size=-1):
        self.taken += size
        return b"x" * size


def request(stream, **environ) -> WSGIRequest:
    return WSGIRequest(
        {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": stream, **environ}
    )


def test_a_chunked_body_is_read_to_its_end():
    chunked = request(
        io.BytesIO(b'{"a": 1}'),
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input_terminated": True},
    )
    assert read_body(chunked) == b'{"a": 1}'


def test_of_an_endless_chunked_body_no_more_than_the_limit_is_read():
    stream = Endless()
    with pytest.raises(TooLarge):
        read_body(
            request(stream, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True})
        )
    assert stream.taken == MOST_BYTES + 1


def test_an_announced_body_over_the_limit_is_not_read_at_all():
    stream = Endless()
    with pytest.raises(TooLarge):
        read_body(request(stream, CONTENT_LENGTH=str(MOST_BYTES + 1)))
    assert stream.taken == 0


def test_only_what_was_announced_is_read():
    assert read_body(request(io.BytesIO(b"{}GET / HTTP/1.1"), CONTENT_LENGTH="2")) == b"{}"


def test_half_a_body_is_not_a_delivery():
    with pytest.raises(Incomplete):
        read_body(request(io.BytesIO(b'{"a"'), CONTENT_LENGTH="8"))


def test_a_sender_that_goes_away_is_not_a_delivery():
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(Incomplete):
        read_body(request(Broken(), CONTENT_LENGTH="8"))


def test_a_trickle_ends(monkeypatch):
    monkeypatch.setattr(body, "timing", lambda: replace(Timing(), body_read=0.05))

    class Trickle(io.RawIOBase):
        def read(self, size=-1):
            time.sleep(0.02)
            return b"x"

    with pytest.raises(Incomplete):
        read_body(request(Trickle(), CONTENT_LENGTH="100000"))


@pytest.mark.parametrize("length", ["", "abc", "-5"])
def test_a_length_that_is_none_reads_nothing(length):
    assert read_body(request(Endless(), CONTENT_LENGTH=length)) == b""
