"""What a hostile or broken sender gets over a real connection, and what it costs the others."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

JSON = "application/json"
# One more than the web server has threads.
SENDERS = 9


def raw(portal, head: str, body: bytes = b"") -> socket.socket:
    """A connection on which this much of a request was sent."""
    line = socket.create_connection(("127.0.0.1", portal.port), timeout=30)
    line.sendall(head.replace("\n", "\r\n").encode() + body)
    return line


def status_of(line: socket.socket) -> int:
    return int(line.recv(4096).split(b" ", 2)[1])


def head_of(portal, *headers: str) -> str:
    address = urlsplit(portal.integration()["webhook_url"])
    lines = (f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", *headers, "", "")
    return "\n".join(lines)


@pytest.mark.parametrize("where", ["headers", "body", "trickle"])
def test_senders_that_stop_in_the_middle_do_not_hold_the_others_up(portal, where):
    announced = head_of(portal, f"Content-Type: {JSON}", "Content-Length: 4096")
    head = "POST / HTTP/1.1\nHost: x\nA" if where == "headers" else announced
    with ExitStack() as stack:
        lines = [stack.enter_context(raw(portal, head)) for _ in range(SENDERS)]
        began = time.monotonic()
        while where == "trickle" and time.monotonic() - began < 2:
            for line in lines:
                line.send(b" ")
            time.sleep(0.2)
        assert requests.get(f"{portal.url}/healthz", timeout=20).status_code == 200
        if where == "body":
            assert {status_of(line) for line in lines} == {408}


def test_a_chunked_body_counts_like_any_other(portal):
    integration = portal.integration()
    body = json.dumps({"id_order": 740_001, "id_business": integration["business_id"]}).encode()
    signed = portal.post_event(body)  # also as one piece: the same delivery
    assert signed.status_code == 200
    signature = signed.request.headers["X-Mastershop-Signature"]

    def send(pieces: list[bytes]) -> int:
        head = head_of(
            portal,
            f"Content-Type: {JSON}",
            "Transfer-Encoding: chunked",
            f"X-Mastershop-Signature: {signature}",
        )
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece)
        with raw(portal, head, chunks + b"0\r\n\r\n") as line:
            return status_of(line)

    assert send([body[:10], body[10:]]) == 200
    assert send([b" " * 100_000] * 3) == 413
    assert send([]) == 401


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 20_000,
        b"[" * 100_000,
        b'{"id_order": ' + b"9" * 5_000 + b"}",
        b'{"total": NaN}',
        b'{"total": -Infinity}',
        '{"name": "Peña"}'.encode("latin-1"),
        b"\x00\x00",
        b"",
        b"null",
    ],
    ids=["deep", "brackets", "digits", "nan", "infinity", "latin1", "zeros", "empty", "null"],
)
def test_what_is_no_object_is_400(portal, body):
    assert portal.post_event(body).status_code == 400


@pytest.mark.parametrize(
    ("number", "body"),
    [
        (740_101, b'\xef\xbb\xbf{"id_order": 740101%s}'),
        (740_102, b'{"id_order": 1, "id_order": 740102, "id_status": 3, "id_status": 8%s}'),
        (740_103, b'{"id_order": 740103, "order_transaction": {"total": 1e400}%s}'),
        (740_104, b'{"id_order": 740104, "order_items": [{"quantity": -1e99}], "a": "\\u0000"%s}'),
        (740_105, b'{"id_order": 740105, "customer": {"full_name": "\\ud800 \\u0000\\u202e"}%s}'),
        (740_106, b'{"id_order": 740106, "id_status": 99999999999999999999999999%s}'),
        (740_107, b'{"id_order": 740107, "date_update_order": "9999-99-99T00:00:00Z"%s}'),
        (740_108, b'{"id_order": 740108, "order_items": [1, null, [], {}, "x"], "customer": []%s}'),
    ],
    ids=["bom", "twice", "huge", "negative", "surrogate", "status", "date", "types"],
)  # fmt: skip
def test_odd_objects_are_stored_and_their_orders_shown(portal, number, body):
    business = portal.integration()["business_id"]
    answer = portal.post_event(body % (f', "id_business": {business}'.encode()))
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    session = portal.login("owner")
    history = portal.integration()["urls"]["history"]
    listed = portal.wait_for(
        lambda: (page := session.get(history, params={"q": str(number)})).status_code == 200
        and f">{number}<" in page.text.replace("\n", "") and page,
        f"order {number} in the history",
    )  # fmt: skip
    assert listed.status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded",
                                  "multipart/form-data; boundary=x", "nonsense", ""])  # fmt: skip
def test_the_content_type_does_not_matter(portal, kind):
    integration = portal.integration()
    body = json.dumps({"id_business": integration["business_id"], "of": kind}).encode()
    sent = portal.post_event(body)
    signature = sent.request.headers["X-Mastershop-Signature"]
    headers = {"Content-Type": kind, "X-Mastershop-Signature": signature}
    answer = requests.post(integration["webhook_url"], data=body, headers=headers, timeout=30)
    assert (sent.status_code, answer.status_code) == (200, 200)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_nothing_but_post(portal, method):
    url = portal.integration()["webhook_url"]
    assert requests.request(method, url, timeout=30).status_code == 405
