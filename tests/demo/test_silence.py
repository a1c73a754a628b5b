"""When the supervisor calls a web silent."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integrations.management import silence as module
from integrations.management.silence import Silence


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(module, "_BETWEEN", 0.02)
    monkeypatch.setattr(module, "_PATIENCE", 0.1)


class Web:
    """A server that answers, with this status, or takes requests and says nothing."""

    def __init__(self) -> None:
        self.status = 200
        self.speaks = threading.Event()
        self.speaks.set()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                web.speaks.wait()
                self.send_response(web.status)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *args: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/healthz"


@pytest.fixture
def web():
    made = Web()
    yield made
    made.speaks.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def silence(quick, web):
    made = Silence(web.url)
    yield made
    made.end()


def test_who_answers_is_not_silent_whatever_the_answer_is(silence, web):
    web.status = 500
    for _ in range(20):
        time.sleep(0.03)
        assert silence.seconds() == 0


def test_silence_is_counted_from_the_first_question_without_an_answer(silence, web):
    began = time.monotonic()
    web.speaks.clear()
    time.sleep(0.8)
    assert 0.4 < silence.seconds() <= time.monotonic() - began + 0.1
    web.speaks.set()
    time.sleep(0.4)
    assert silence.seconds() == 0


def test_nobody_listening_is_silence_too(silence, web):
    web.server.shutdown()
    web.server.server_close()
    time.sleep(0.6)
    assert silence.seconds() > 0.2


def test_one_question_without_an_answer_is_none(quick, web, monkeypatch):
    """This process itself may have slept while it asked."""
    monkeypatch.setattr(module, "_LEAST", 1000)
    web.speaks.clear()
    silence = Silence(web.url)
    time.sleep(0.5)
    assert silence.seconds() == 0
    silence.end()


def test_another_web_begins_anew(silence, web):
    web.speaks.clear()
    time.sleep(0.6)
    assert silence.seconds() > 0
    silence.begin_anew()
    assert silence.seconds() == 0
