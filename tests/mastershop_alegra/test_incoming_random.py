"""Random requests in random pieces: the door's idea of where one ends, and gunicorn's."""

from __future__ import annotations

import random

import pytest
from gunicorn import http
from gunicorn.config import Config

from mastershop_alegra.door.incoming import Handed, Incoming

CONFIG = Config()
PEER = ("127.0.0.1", 1)


def random_request(chance: random.Random) -> tuple[bytes, bytes]:
    """A right request, and the body that the application gets."""
    body = bytes(chance.choice(b"ab\r\n0: ") for _ in range(chance.randint(0, 30)))
    headers, payload = [b"Host: x"], b""
    match chance.choice(["none", "length", "chunked", "alike"]):
        case "length":
            name = chance.choice([b"Content-Length", b"content-length"])
            headers.append(name + b":" + b" " * chance.randint(0, 2) + b"%d " % len(body))
            payload = body
        case "chunked":
            headers.append(
                b"Transfer-Encoding: " + chance.choice([b"chunked", b"identity, Chunked"])
            )
            payload = chunked(chance, body)
        case "alike":
            headers += [b"X-Content-Length: 7", b"Y: Transfer-Encoding: chunked"]
            body = b""
        case _:
            body = b""
    chance.shuffle(headers)
    path = chance.choice([b"/", b"/webhooks/a/", b"/x?y=1", b"http://h/z"])
    return b"POST %s HTTP/1.1\r\n%s\r\n\r\n" % (path, b"\r\n".join(headers)) + payload, body


def chunked(chance: random.Random, body: bytes) -> bytes:
    said = b""
    while body:
        size = chance.randint(1, min(len(body), 9))
        extension = chance.choice([b"", b";a=b", b" ;x"])
        said += b"%x%s\r\n%s\r\n" % (size, extension, body[:size])
        body = body[size:]
    return said + b"0\r\n" + chance.choice([b"", b"Digest: z\r\n"]) + b"\r\n"


def read(source) -> tuple[bytes, int]:
    """What gunicorn makes of these bytes: the body, and how many bytes it left. Raises its own."""
    parser = http.get_parser(CONFIG, source, PEER)
    body = next(parser).body.read()
    parser.finish_body()
    return body, len(parser.unreader.buf.getvalue())


def test_each_right_request_is_handed_over_for_itself():
    chance = random.Random(5)
    for _ in range(1500):
        sent = [random_request(chance) for _ in range(chance.randint(1, 4))]
        stream = b"".join(request for request, _ in sent)
        incoming, found, at = Incoming(), [], 0
        while at < len(stream):
            size = chance.choice([1, 2, 3, 7, 50, 1000])
            incoming.add(stream[at : at + size])
            at += size
            while (one := incoming.next()) is not None:
                found.append(one)
        assert not incoming, stream
        assert [read(handed) for handed in found] == [(body, 0) for _, body in sent], stream
        assert not any(handed.asked_past for handed in found), stream


def test_a_wrong_request_is_read_as_ever_or_ends_the_connection():
    chance = random.Random(6)
    for _ in range(5000):
        wrong = bytearray(random_request(chance)[0])
        for _ in range(chance.randint(1, 3)):
            at, other = chance.randrange(len(wrong)), chance.choice(b"\r\n :;0a9\t,")
            wrong[at : at + chance.randint(0, 1)] = bytes([other])[: chance.randint(0, 1)]
        stream = bytes(wrong) + b"\r\n\r\n"
        incoming = Incoming()
        incoming.add(stream)
        handed = incoming.next()
        if not isinstance(handed, Handed):
            continue
        try:
            body, left = read(handed)
        except (Exception, StopIteration):
            with pytest.raises((Exception, StopIteration)):
                read(iter([stream]))
            continue
        if not handed.asked_past and not left:
            assert read(iter([stream])) == (body, len(incoming)), stream
