"""What is read at the door, and who takes their time there, over real connections."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, suppress

import pytest

from mastershop_alegra.door.limits import MOST_BODY, MOST_HEAD, MOST_WEBHOOK
from tests.mastershop_alegra.served import (
    LONGEST_REQUEST,
    THREADS,
    answer_on,
    get,
    post,
    rest_of,
    until,
)


def test_a_request_is_read_wherever_it_is_cut(door):
    request = post("/cut", b"hello\r\n\r\n")
    for at in range(1, len(request), 7):
        with door.connect() as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(request[:at])
            time.sleep(0.005)
            line.sendall(request[at:])
            assert b'"hello\\r\\n\\r\\n"' in rest_of(line), at


def test_a_connection_serves_one_request_after_the_other(door):
    with door.connect() as line:
        for number in range(3):
            line.sendall(post(f"/{number}", b"x" * number, last=False))
            assert answer_on(line) == {"path": f"/{number}", "body": "x" * number}


def test_two_requests_in_one_packet_get_two_answers_in_their_order(door):
    chunked = get("/2", "Transfer-Encoding: chunked", last=False).replace(b"GET", b"POST")
    with door.connect() as line:
        line.sendall(
            post("/1", b"one", last=False) + chunked + b"3\r\ntwo\r\n0\r\n\r\n" + get("/3")
        )
        assert answer_on(line) == {"path": "/1", "body": "one"}
        assert answer_on(line) == {"path": "/2", "body": "two"}
        assert b'"/3"' in rest_of(line)


def test_a_body_that_the_application_does_not_read_is_no_other_request(door):
    with door.connect() as line:
        line.sendall(post("/deaf", get("/smuggled"), last=False) + get("/after"))
        assert answer_on(line)["path"] == "/deaf"
        assert b'"/after"' in rest_of(line)
    assert "GET /smuggled " not in door.seen()


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 5\r\nContent-Length: 60",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Content-Length: +5",
        "Content-Length : 5",
        "X: 1\n\nContent-Length: 5",
    ],
)
def test_two_ways_to_read_a_length_end_the_connection(door, framing):
    request = f"POST /odd HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n".encode()
    said = door.ask(request + b"0\r\n\r\n" + get("/smuggled-behind"))
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
    assert not any("smuggled-behind" in line for line in door.seen())


@pytest.mark.parametrize("path", ["/chunks", "/deaf", "/webhooks/chunks/"])
@pytest.mark.parametrize(
    "chunks",
    [
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"2\n{}\r\n0\r\n\r\n",
        b"2;\nx\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}XX0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nContent-Length: 3\r\n\r\n",
        b"2\r\n{}\r\n0\r\n\n",
    ],
)
def test_chunks_that_are_none_reach_nobody_and_are_answered_once(door, path, chunks):
    request = get(path, "Transfer-Encoding: chunked", last=False).replace(b"GET", b"POST")
    before = len(door.seen())
    said = door.ask(request + chunks + get("/smuggled-behind"))
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1 ") == 1
    assert len(door.seen()) == before


def test_an_event_in_too_many_chunks_reaches_the_application_which_counts_it(door):
    request = get("/webhooks/chunks/", "Transfer-Encoding: chunked").replace(b"GET", b"POST")
    said = door.ask(request + b"10000\r\n" + (b"x" * 65536 + b"\r\n10000\r\n") * 6)
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"x") > MOST_WEBHOOK


def test_the_sender_of_a_body_is_asked_for_it_once(door):
    with door.connect() as line:
        request = post("/asked", b"hello", "Expect: 100-continue")
        line.sendall(request[:-5])
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert rest_of(line).startswith(b"HTTP/1.1 200")


def test_who_is_not_asked_for_a_large_body_hears_why(door):
    announced = f"Content-Length: {MOST_BODY + 1}"
    request = get("/large", announced, "Expect: 100-continue").replace(b"GET", b"POST")
    assert door.ask(request).startswith(b"HTTP/1.1 413")


def test_a_large_body_is_answered_while_it_comes(door):
    said = door.ask(post("/large", b"x" * (4 * MOST_BODY)))
    assert said.startswith(b"HTTP/1.1 413")
    assert b"1024 KiB" in said
    assert "POST /large " not in door.seen()
    assert door.ask(post("/fits", b"x" * MOST_BODY)).startswith(b"HTTP/1.1 200")


def test_the_rest_of_an_event_that_is_too_large_is_no_other_request(door):
    """It gets as far as the application, which counts it, and the connection ends."""
    behind = get("/behind-too-much")
    announced = f"Content-Length: {MOST_WEBHOOK + len(behind)}"
    with door.connect() as line:
        line.sendall(get("/webhooks/much/", announced, last=False).replace(b"GET", b"POST"))
        said = rest_of(line)
        assert b"Connection: close" in said
        assert b'"body": ""' in said
    said = door.ask(
        get("/webhooks/much/", announced, last=False).replace(b"GET", b"POST") + behind * 2
    )
    assert said.count(b"HTTP/1.1") == 1
    assert "GET /behind-too-much " not in door.seen()


def test_a_head_that_is_too_long_is_answered(door):
    assert door.ask(get("/", "A: " + "a" * MOST_HEAD)).startswith(b"HTTP/1.1 431")


def test_who_closes_the_half_it_sends_over_gets_its_answer(door):
    with door.connect() as line:
        line.sendall(post("/half", b"hello"))
        line.shutdown(socket.SHUT_WR)
        assert rest_of(line).startswith(b"HTTP/1.1 200")
    with door.connect() as line:
        line.sendall(post("/half-said", b"hello")[:-1])
        line.shutdown(socket.SHUT_WR)
        assert rest_of(line).startswith(b"HTTP/1.1 400")
    assert "POST /half-said " not in door.seen()


# --- Those who take their time ---------------------------------------------------------------


@pytest.mark.parametrize("said", [b"", b"GET /slow HT", post("/slow", b"hello")[:-1]])
def test_who_does_not_go_on_holds_nobody_up_and_is_ended(door, said):
    with ExitStack() as stack:
        began = time.monotonic()
        lines = [stack.enter_context(door.connect()) for _ in range(40)]
        for line in lines:
            line.sendall(said)
        assert max(door.seconds() for _ in range(5)) < 1
        answers = {rest_of(line)[:12] for line in lines}
        assert answers == ({b"HTTP/1.1 408"} if said else {b""})
        assert LONGEST_REQUEST - 0.5 < time.monotonic() - began < LONGEST_REQUEST + 3
    assert not any(" /slow" in line for line in door.seen())


def test_one_byte_after_the_other_does_not_put_the_end_off(door):
    began = time.monotonic()
    with door.connect() as line:
        line.settimeout(0.1)
        said = b""
        while not said:
            assert time.monotonic() - began < LONGEST_REQUEST + 3
            line.sendall(b"A")
            with suppress(TimeoutError):
                said = line.recv(1000)
    assert said.startswith(b"HTTP/1.1 408")


def test_empty_lines_behind_a_request_do_not_put_the_end_off(door):
    with door.connect() as line:
        line.sendall(get("/kept", last=False))
        answer_on(line)
        began = time.monotonic()
        line.settimeout(0.3)
        with suppress(OSError):
            while time.monotonic() - began < LONGEST_REQUEST + 3:
                line.sendall(b"\r\n")
                with suppress(TimeoutError):
                    if not line.recv(1000):
                        break
    assert time.monotonic() - began < LONGEST_REQUEST + 1.5


def test_who_does_not_listen_holds_nobody_up(door):
    with ExitStack() as stack:
        for _ in range(4 * THREADS):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", door.port))
            line.sendall(get("/much?1000000"))
        until(lambda: len([line for line in door.seen() if "/much" in line]) >= 4 * THREADS)
        assert max(door.seconds() for _ in range(5)) < 1


def test_a_slow_listener_gets_all_of_a_long_answer(door):
    with door.connect() as line:
        line.sendall(get("/much?6000000"))
        time.sleep(0.5)
        said = b""
        while data := line.recv(200_000):
            said += data
            time.sleep(0.005)
    assert len(said.split(b"\r\n\r\n", 1)[1]) == 6_000_000


def test_who_never_closes_after_its_last_answer_holds_nobody_up(door):
    with ExitStack() as stack:
        for _ in range(20):
            line = stack.enter_context(door.connect())
            line.sendall(get("/bye"))
        assert max(door.seconds() for _ in range(5)) < 1
