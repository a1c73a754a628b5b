"""Subscriptions: handshake, duplicates, deliveries, and the tenth failure."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Receiver:
    """A webhook on a free port; ``status`` is what it answers."""

    def __init__(self):
        self.bodies = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                receiver.bodies.append(self.rfile.read(length))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"127.0.0.1:{self.web.server_port}/gancho"
        threading.Thread(target=self.web.serve_forever, daemon=True).start()

    def wait(self, count):
        deadline = time.monotonic() + 5
        while len(self.bodies) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.bodies


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.web.shutdown()
    made.web.server_close()


def _subscribe(alegra, receiver, event="new-invoice"):
    return alegra.call("POST", "/webhooks/subscriptions", {"event": event, "url": receiver.url})


def test_handshake_is_an_empty_post_and_the_answer_nested(alegra, receiver):
    answer = _subscribe(alegra, receiver)
    assert answer.status_code == 200
    assert answer.json()["subscription"]["event"] == "new-invoice"
    assert receiver.bodies == [b""]
    assert len(alegra.get("/webhooks/subscriptions")["subscriptions"]) == 1


def test_failed_handshake_duplicate_unknown_event_and_scheme_are_refused(alegra, receiver):
    receiver.status = 500
    assert _subscribe(alegra, receiver).status_code == 400
    receiver.status = 204
    assert _subscribe(alegra, receiver).status_code == 200
    assert _subscribe(alegra, receiver).status_code == 400
    assert _subscribe(alegra, receiver, "new-payment").status_code == 400
    body = {"event": "edit-item", "url": "https://" + receiver.url}
    assert "http" in alegra.refused("POST", "/webhooks/subscriptions", body).json()["message"]
    assert len(alegra.get("/webhooks/subscriptions")["subscriptions"]) == 1


def test_scheme_may_be_wanted(alegra, receiver):
    alegra.switch(webhook_scheme="with")
    assert _subscribe(alegra, receiver).status_code == 400
    body = {"event": "edit-item", "url": "http://" + receiver.url}
    assert alegra.call("POST", "/webhooks/subscriptions", body).status_code == 200


def test_events_name_their_subject_and_carry_the_record(alegra, receiver):
    _subscribe(alegra, receiver)
    made = alegra.invoice()
    body = json.loads(receiver.wait(2)[1])
    assert body["subject"] == "new-invoice"
    assert body["message"]["invoice"]["id"] == made["id"]


def test_events_carry_references_and_no_more(alegra, receiver):
    _subscribe(alegra, receiver)
    _subscribe(alegra, receiver, "delete-invoice")
    made = alegra.invoice(alegra.line(quantity=2))
    alegra.call("DELETE", f"/invoices/{made['id']}")
    told, deleted = (json.loads(body)["message"]["invoice"] for body in receiver.wait(4)[2:])
    assert told["client"] == {"id": made["client"]["id"]}
    assert told["items"] == [{"id": "101", "quantity": 2}]
    assert told.keys() == {"id", "date", "status", "total", "client", "items"}
    assert deleted == {"id": made["id"], "items": []}


def test_stock_alone_fires_only_where_the_fact_says_so(alegra, receiver):
    _subscribe(alegra, receiver, "edit-item")
    alegra.remission()
    alegra.switch(stock_event=True)
    alegra.remission()
    body = json.loads(receiver.wait(2)[1])
    assert body["message"]["item"]["id"] == "101"
    time.sleep(0.05)
    assert len(receiver.bodies) == 2


def test_ten_failures_in_a_row_drop_the_subscription(alegra, receiver):
    _subscribe(alegra, receiver)
    receiver.status = 500
    for _ in range(9):
        alegra.invoice()
    receiver.wait(10)
    assert len(alegra.get("/webhooks/subscriptions")["subscriptions"]) == 1
    alegra.invoice()
    receiver.wait(11)
    deadline = time.monotonic() + 2
    while alegra.get("/webhooks/subscriptions")["subscriptions"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert alegra.get("/webhooks/subscriptions")["subscriptions"] == []


def test_doubled_and_forged_deliveries_can_be_asked_for(alegra, receiver):
    _subscribe(alegra, receiver)
    forged = {"subject": "new-invoice", "message": {"invoice": {"id": "1"}}}
    order = {"nit": alegra.made["nit"], "event": "new-invoice", "body": forged, "copies": 2}
    assert alegra.control("webhooks", order).json() == {"sent": 2}
    assert [json.loads(body) for body in receiver.wait(3)[1:]] == [forged, forged]


def test_subscriptions_are_edited_and_deleted(alegra, receiver):
    key = _subscribe(alegra, receiver).json()["subscription"]["id"]
    changed = alegra.call("PUT", f"/webhooks/subscriptions/{key}", {"event": "edit-invoice"})
    assert changed.json()["subscription"]["event"] == "edit-invoice"
    assert alegra.call("DELETE", f"/webhooks/subscriptions/{key}").status_code == 200
    assert alegra.get("/webhooks/subscriptions") == {"subscriptions": []}
