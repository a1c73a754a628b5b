"""The client against far sides that are slow, broken or gone; real sockets on loopback."""

import socket
import struct
import time

import pytest

from integrations.alegra.client import AlegraClient, Call, Deadlines
from integrations.alegra.errors import (
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)

QUICK = Deadlines(connect=0.5, read=0.5, whole=0.7)
CREATE = Call("POST", "/invoices", json={"client": {"id": "154"}})


def answer(body, status="200 OK", extra=""):
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{extra}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def writes(data, stays=False):
    """A script that answers these bytes."""

    def script(server, connection, request):
        connection.sendall(data)
        return stays

    return script


def send(server, call=CREATE, **options):
    with AlegraClient(
        server.base_url, "a@example.com", "secret-token", deadlines=QUICK, **options
    ) as client:
        return client.send(call)


def test_a_good_answer_over_a_real_socket(serve):
    server = serve(writes(answer(b'{"id": "5821"}', "201 Created")))
    assert send(server).body == {"id": "5821"}
    assert server.requests[0].startswith(b"POST /api/v1/invoices HTTP/1.1")
    assert server.requests[0].endswith(b'{"client":{"id":"154"}}')


def test_one_connection_serves_a_whole_turn(serve):
    connections = set()

    def script(server, connection, request):
        connections.add(connection.fileno())
        connection.sendall(answer(b'{"id": "1"}'))
        return True

    server = serve(script)
    with AlegraClient(server.base_url, "a@example.com", "secret-token") as client:
        for _ in range(3):
            client.send(CREATE)
    assert len(server.requests) == 3
    assert len(connections) == 1


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "504 X"])
def test_html_of_a_gateway_leaves_the_outcome_unknown(serve, status):
    server = serve(writes(answer(b"<html><body>oops</body></html>", status)))
    with pytest.raises(OutcomeUnknown) as caught:
        send(server)
    assert "oops" in caught.value.excerpt
    assert not caught.value.is_definite_no
    assert len(server.requests) == 1


def test_a_body_cut_short_of_its_length_is_unknown(serve):
    whole = answer(b'{"id": "5821", "status": "draft"}')
    with pytest.raises(OutcomeUnknown):
        send(serve(writes(whole[:-10])))


def test_a_body_cut_without_any_length_is_unknown(serve):
    with pytest.raises(OutcomeUnknown):
        send(serve(writes(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"id": "58')))


def test_a_reset_after_the_request_is_unknown_and_not_repeated(serve):
    def script(server, connection, request):
        hard = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)

    server = serve(script)
    for sent, call in enumerate([CREATE, Call("GET", "/company")], start=1):
        with pytest.raises(OutcomeUnknown):
            send(server, call)
        assert len(server.requests) == sent


def test_the_environment_cannot_change_whom_we_talk_to(serve, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert send(serve(writes(answer(b'{"id": "1"}')))).status == 200


def test_a_connection_closed_without_a_word_is_unknown(serve):
    with pytest.raises(OutcomeUnknown):
        send(serve(lambda *_: None))


def test_bytes_that_are_no_http_are_unknown(serve):
    with pytest.raises(OutcomeUnknown):
        send(serve(writes(b"\x00\x01garbage\r\n\r\n")))


def _elapsed(server, call=CREATE):
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        send(server, call)
    return time.monotonic() - began


def test_silence_ends_with_the_read_time_out(serve):
    def script(server, connection, request):
        time.sleep(2)

    assert _elapsed(serve(script)) < 1.5


def test_trickling_headers_cannot_hold_us_beyond_the_deadline(serve):
    def script(server, connection, request):
        server.trickle(connection, b"HTTP/1.1 200 OK\r\n" + b"X-Filler: y\r\n" * 50)

    assert 0.5 < _elapsed(serve(script)) < 1.5


@pytest.mark.parametrize("length", ["Content-Length: 4000\r\n", "Connection: close\r\n"])
def test_a_trickling_body_cannot_hold_us_beyond_the_deadline(serve, length):
    def script(server, connection, request):
        connection.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode())
        server.trickle(connection, b'{"id": "1"}' + b" " * 500)

    # Without a length the shut connection looks like a complete, valid body: still unknown.
    assert 0.5 < _elapsed(serve(script)) < 1.5


def test_a_call_may_bring_its_own_deadline(serve):
    def script(server, connection, request):
        time.sleep(0.9)
        connection.sendall(answer(b'{"id": "1"}'))

    patient = Call("POST", "/invoices/stamp", json={}, deadlines=Deadlines(read=3, whole=3))
    assert send(serve(script), patient).status == 200


def test_a_refused_connection_was_not_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        AlegraClient(f"http://127.0.0.1:{port}/api/v1", "a@example.com", "secret-token") as client,
        pytest.raises(NotSent) as caught,
    ):
        client.send(CREATE)
    assert caught.value.is_definite_no


def test_an_unknown_host_was_not_sent(monkeypatch):
    def nowhere(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with (
        AlegraClient("https://nowhere.example.com/api/v1", "a@example.com", "secret") as client,
        pytest.raises(NotSent),
    ):
        client.send(CREATE)


def test_tls_that_fails_before_the_request_was_not_sent(serve):
    server = serve(writes(b"HTTP/1.1 400 this is no TLS\r\n\r\n"))
    with (
        AlegraClient(
            server.base_url.replace("http:", "https:"), "a@example.com", "s", deadlines=QUICK
        ) as client,
        pytest.raises(NotSent),
    ):
        client.send(CREATE)


def test_a_trickling_tls_greeting_ends_at_the_deadline_and_was_not_sent():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    import threading

    def drip():
        connection, _ = listener.accept()
        try:
            # A TLS record that announces 4,000 bytes and gives one at a time.
            connection.sendall(b"\x16\x03\x03\x0f\xa0\x02\x00\x0f\x9c")
            for _ in range(60):
                connection.sendall(b"\x00")
                time.sleep(0.05)
        except OSError:
            pass
        finally:
            connection.close()

    threading.Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    with (
        AlegraClient(
            f"https://127.0.0.1:{port}/api/v1", "a@example.com", "s", deadlines=QUICK
        ) as client,
        pytest.raises(NotSent),
    ):
        client.send(CREATE)
    assert time.monotonic() - began < 1.5
    listener.close()


def test_a_deadline_that_passes_while_connecting_writes_nothing(serve, monkeypatch):
    server = serve(writes(answer(b'{"id": "1"}')))
    real = socket.getaddrinfo

    def slow(*args, **kwargs):
        time.sleep(0.9)
        return real(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(NotSent):
        send(server)
    assert server.requests == []


def test_a_redirect_is_not_followed_and_not_believed(serve):
    elsewhere = serve(writes(answer(b'{"id": "1"}')))
    moved = f"Location: {elsewhere.base_url}/invoices\r\n"
    server = serve(writes(answer(b"", "307 Temporary Redirect", moved)))
    with pytest.raises(OutcomeUnknown) as caught:
        send(server)
    assert caught.value.status == 307
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "500 X"])
def test_a_body_over_the_cap_is_dropped(serve, status):
    big = b'{"id": "1", "x": "' + b"y" * 300_000 + b'"}'
    server = serve(writes(answer(big, status, "Location: /elsewhere\r\n")))
    with pytest.raises(OutcomeUnknown, match="grande"):
        send(server, body_limit=100_000)


@pytest.mark.parametrize(
    ("status", "means"),
    [
        ("400 Bad Request", OutcomeUnknown),
        ("401 Unauthorized", Unauthorized),
        ("429 Too Many Requests", RateLimited),
        ("503 Unavailable", OutcomeUnknown),
    ],
)
def test_an_error_of_megabytes_is_read_in_part_and_its_status_believed(
    serve, monkeypatch, status, means
):
    parsed = []
    monkeypatch.setattr(
        "integrations.alegra.client.parse", lambda body: parsed.append(len(body)) or (None, False)
    )
    big = b'{"message": "' + b"1-" * 2_000_000 + b'"}'
    server = serve(writes(answer(big, status)))
    with pytest.raises(means) as caught:
        send(server)
    assert caught.value.status == int(status[:3])
    assert len(caught.value.excerpt) == 2_000
    assert parsed[0] < 600_000


def test_an_error_of_half_a_megabyte_keeps_its_words(serve):
    told = b'{"code": 1001, "message": "no", "invoice": "' + b"y" * 400_000 + b'"}'
    server = serve(writes(answer(told, "400 Bad Request")))
    with pytest.raises(Rejected) as caught:
        send(server)
    assert caught.value.message == "no"


def test_a_small_body_that_unpacks_beyond_the_cap_is_dropped(serve):
    import gzip

    packed = gzip.compress(b" " * 3_000_000)
    server = serve(writes(answer(packed, extra="Content-Encoding: gzip\r\n")))
    with pytest.raises(OutcomeUnknown, match="grande"):
        send(server, body_limit=100_000)


def test_the_next_call_works_after_one_ran_out_of_time(serve):
    def script(server, connection, request):
        if len(server.requests) == 1:
            time.sleep(1)
        connection.sendall(answer(b'{"id": "2"}'))
        return True

    server = serve(script)
    with AlegraClient(server.base_url, "a@example.com", "s", deadlines=QUICK) as client:
        with pytest.raises(OutcomeUnknown):
            client.send(CREATE)
        assert client.send(CREATE).body == {"id": "2"}


def test_no_watchdog_outlives_its_call(serve):
    import threading

    server = serve(writes(answer(b'{"id": "1"}'), stays=True))
    with AlegraClient(server.base_url, "a@example.com", "s") as client:
        for _ in range(5):
            client.send(CREATE)
        time.sleep(0.05)
        assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
