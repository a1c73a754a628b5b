"""Where a request ends, at whatever bytes the network cuts it."""

from __future__ import annotations

import pytest

from integrations.intake import body
from mastershop_alegra import settings
from mastershop_alegra.door.incoming import LONG_HEAD, Handed, Incoming, Refusal
from mastershop_alegra.door.limits import MOST_BODY, MOST_HEAD, MOST_WEBHOOK

GET = b"GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /webhooks/m/t/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /c HTTP/1.1\r\nHost: x\r\ntransfer-encoding: Chunked\r\n\r\n"
    b"5;a=b\r\nhello\r\n1\r\n\n\r\n0\r\n\r\n"
)
TRAILED = (
    b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"1\r\nx\r\n0\r\nDigest: 1\r\nOther: 2\r\n\r\n"
)
WHOLE = {"get": GET, "post": POST, "chunked": CHUNKED, "trailers": TRAILED}


def came(*pieces: bytes) -> list[Handed | Refusal]:
    """What is found as these pieces come."""
    incoming = Incoming()
    found = []
    for piece in pieces:
        incoming.add(piece)
        while (one := incoming.next()) is not None:
            found.append(one)
            if isinstance(one, Refusal) or one.is_cut:
                return found
    return found


def joined(found: list[Handed]) -> list[bytes]:
    return [b"".join(one.pieces) for one in found]


def head(path: str, *headers: str) -> bytes:
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: x", *headers, "", "")).encode()


@pytest.mark.parametrize("kind", WHOLE)
def test_a_request_is_whole_with_its_last_byte_wherever_it_is_cut(kind):
    request = WHOLE[kind]
    for at in range(len(request)):
        assert came(request[:at]) == [], at
        assert joined(came(request[:at], request[at:])) == [request], at
    assert joined(came(*(request[i : i + 1] for i in range(len(request))))) == [request]


@pytest.mark.parametrize("first", WHOLE)
@pytest.mark.parametrize("second", WHOLE)
def test_a_second_request_in_the_same_packet_is_one_of_its_own(first, second):
    both = WHOLE[first] + WHOLE[second]
    for at in range(len(both)):
        assert joined(came(both[:at], both[at:])) == [WHOLE[first], WHOLE[second]], at


def test_empty_lines_before_a_request_say_nothing():
    assert joined(came(b"\r\n", b"\r\n" + GET + b"\r\n", POST)) == [GET, POST]
    silent = Incoming()
    silent.add(b"\r\n")
    assert silent.next() is None
    assert not silent


@pytest.mark.parametrize("at_once", [True, False])
def test_a_head_that_is_too_long_is_refused_whether_it_ends_or_not(at_once):
    long = b"GET / HTTP/1.1\r\nA: " + b"a" * MOST_HEAD
    pieces = (
        [long + b"\r\n\r\n"] if at_once else [long[i : i + 1000] for i in range(0, 40_000, 1000)]
    )
    assert came(*pieces) == [LONG_HEAD]
    assert joined(came(long[: MOST_HEAD - 4] + b"\r\n\r\n")) == [
        long[: MOST_HEAD - 4] + b"\r\n\r\n"
    ]


def test_a_body_that_announces_itself_as_too_large_is_not_waited_for():
    [refusal] = came(head("/entrar/", f"Content-Length: {MOST_BODY + 1}"))
    assert refusal.status == 413
    assert "1024 KiB" in refusal.text
    # Who sends too much to a merchant's address is counted by the application.
    cut = head("/webhooks/m/t/", f"Content-Length: {MOST_WEBHOOK + 1}")
    [handed] = came(cut + b"x" * 1000)
    assert (handed.is_cut, b"".join(handed.pieces)) == (True, cut)


@pytest.mark.parametrize(
    ("path", "most"), [("/entrar/", MOST_BODY), ("/webhooks/m/t/", MOST_WEBHOOK)]
)
def test_a_body_of_just_the_most_is_taken(path, most):
    request = head(path, f"Content-Length: {most}") + b"x" * most
    [handed] = came(request[:-1], request[-1:])
    assert (handed.is_cut, handed.size) == (False, len(request))


@pytest.mark.parametrize("path", ["/entrar/", "/webhooks/m/t/"])
def test_a_chunked_body_ends_when_it_is_too_large(path):
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    found = came(head(path, "Transfer-Encoding: chunked"), *([chunk] * 100))
    assert len(found) == 1
    if path == "/entrar/":
        assert found[0].status == 413
    else:
        assert found[0].is_cut
        # The application reads one byte more than it takes, and so knows.
        assert MOST_WEBHOOK + 1024 < found[0].size < MOST_WEBHOOK + 128 * 1024


@pytest.mark.parametrize(
    "broken",
    [
        b"5\r\nhello\r\nhello\r\n",
        b"-1\r\n",
        b"\r\n",
        b"5 5\r\n",
        b"x" * 2000,
        b"0\r\n" + b"a" * 9000,
    ],
    ids=["no size", "negative", "empty", "two", "endless size", "endless trailers"],
)
def test_what_is_no_chunked_body_goes_to_who_says_so_at_once(broken):
    [handed] = came(head("/c", "Transfer-Encoding: chunked") + broken)
    assert handed.pieces[-1].endswith(broken[-10:])


@pytest.mark.parametrize("request_", [b"GET / HTTP/1.1\nHost: x\n\n", b"nonsense\r\n\r\n", b"\n\n"])
def test_what_is_no_request_goes_to_who_says_so_at_once(request_):
    assert joined(came(request_)) == [request_]


def test_it_is_known_when_more_is_asked_for_than_there_is():
    [handed] = came(POST)
    assert next(handed) + next(handed) == POST
    assert not handed.asked_past
    assert next(handed, None) is None
    assert handed.asked_past


def test_the_body_is_asked_for_once_and_only_while_none_of_it_is_there():
    asking = head("/c", "Expect: 100-Continue", "Content-Length: 5")
    incoming = Incoming()
    incoming.add(asking)
    assert incoming.next() is None
    assert incoming.wants_continue()
    assert not incoming.wants_continue()
    early = Incoming()
    early.add(asking + b"h")
    assert early.next() is None
    assert not early.wants_continue()
    old = Incoming()
    old.add(asking.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert old.next() is None
    assert not old.wants_continue()


def test_the_limits_are_those_of_the_application():
    assert MOST_WEBHOOK == body.MOST_BYTES
    assert MOST_BODY == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
