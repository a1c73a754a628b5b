"""A connection over which the door and gunicorn's parser disagree serves no other request."""

from __future__ import annotations

import socket

import pytest
from gunicorn.config import Config

from mastershop_alegra.door.connection import Connection
from mastershop_alegra.door.incoming import Handed, Head
from mastershop_alegra.door.line import Line

POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


@pytest.fixture
def connection():
    ours, theirs = socket.socketpair()
    with theirs:
        made = Connection(Config(), Line(ours), ("127.0.0.1", 1), ("127.0.0.1", 2))
        yield made
        made.close()


@pytest.mark.parametrize(
    ("body", "goes_on"), [(b"hello", True), (b"hell", False), (b"", False), (b"hello!", False)]
)
def test_only_what_both_end_at_the_same_byte_is_followed_by_another(connection, body, goes_on):
    head = Head("POST", "/a", ends=len(POST), length=len(body), expects=False)
    connection.hand(Handed(head, (POST, body) if body else (POST,)))
    next(connection.parser).body.read()
    connection.parser.finish_body()
    assert connection.may_go_on() is goes_on


def test_one_that_was_not_read_to_its_end_is_followed_by_none(connection):
    head = Head("POST", "/a", ends=len(POST), length=5, expects=False)
    connection.hand(Handed(head, (POST,), is_cut=True))
    next(connection.parser)
    assert not connection.may_go_on()
