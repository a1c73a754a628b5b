"""Against real sockets on loopback, because the time-outs are the sockets' own."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from integrations.mastershop import errors
from integrations.mastershop.client import MasterShopClient
from integrations.mastershop.transport import Deadlines

QUICK = Deadlines(connect=0.5, read=0.5, whole=0.8)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"


@contextmanager
def server(answer):
    """Gives each connection to `answer(connection)` in a thread; yields the base URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.recv(65536)
            try:
                answer(connection, stopped)
            except OSError:
                pass
            finally:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    finally:
        stopped.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(2)


def trickle(connection, stopped, data):
    for byte in data:
        if stopped.wait(0.1):
            return
        connection.sendall(bytes([byte]))


def trickled_body(connection, stopped):
    connection.sendall(HEAD)
    trickle(connection, stopped, b" " * 60)


def trickled_headers(connection, stopped):
    trickle(connection, stopped, HEAD)


def silence(connection, stopped):
    stopped.wait(5)


@pytest.mark.parametrize("answer", [trickled_body, trickled_headers, silence])
def test_the_whole_call_has_an_end(answer):
    with server(answer) as base, MasterShopClient(base, "k", deadlines=QUICK) as client:
        started = time.monotonic()
        with pytest.raises(errors.Unavailable):
            client.check()
        assert time.monotonic() - started < 2


def test_an_answer_cut_off_is_unavailable():
    with (
        server(lambda connection, _: connection.sendall(HEAD + b"{}")) as base,
        MasterShopClient(base, "k", deadlines=QUICK) as client,
        pytest.raises(errors.Unavailable),
    ):
        client.check()


def test_a_redirect_is_not_followed():
    visited = []

    def redirect(connection, _):
        visited.append(1)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /api/otra\r\nContent-Length: 0\r\n\r\n"
        )

    with server(redirect) as base, MasterShopClient(base, "k", deadlines=QUICK) as client:
        with pytest.raises(errors.Malformed):
            client.check()
        assert visited == [1]


def test_a_closed_port_was_not_reached():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with (
        MasterShopClient(f"http://127.0.0.1:{port}", "k", deadlines=QUICK) as client,
        pytest.raises(errors.NotReached),
    ):
        client.check()


def test_a_whole_answer_in_time_is_read():
    def whole(connection, _):
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"results":[]}')

    with server(whole) as base, MasterShopClient(base, "k", deadlines=QUICK) as client:
        client.check()
