"""While the database keeps everybody waiting nobody is let in, until it was seen to be back."""

from __future__ import annotations

import time

import pytest
import structlog
from django.db import connection

from integrations.scoping import gate as module
from integrations.scoping import lacking
from integrations.scoping.gate import Gate
from integrations.scoping.lacking import Lack


@pytest.fixture
def works(monkeypatch, settings):
    """Whether the database does: a list of one."""
    found = [False]
    monkeypatch.setattr(module, "_works", lambda: found[0])
    quick = module.timing().divided_by(1)
    monkeypatch.setattr(module, "timing", lambda: quick)
    object.__setattr__(quick, "database_tried_every", 0.01)
    return found


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.open()


def until_open(gate: Gate, seconds: float = 2) -> bool:
    deadline = time.monotonic() + seconds
    while not gate.is_open and time.monotonic() < deadline:
        time.sleep(0.01)
    return gate.is_open


def test_it_is_closed_by_one_failure_and_opened_by_the_database(gate, works):
    assert gate.is_open
    lacking.tell(Lack.DATABASE)
    gate.failed(Lack.DATABASE)
    gate.failed(Lack.DATABASE)
    assert not until_open(gate, 0.1)
    with structlog.testing.capture_logs() as lines:
        works[0] = True
        assert until_open(gate)
        time.sleep(0.05)
    assert [line["event"] for line in lines] == ["works again"]


@pytest.mark.parametrize("lack", [Lack.HANDLES, Lack.MEMORY, Lack.ROOM, Lack.READ_ONLY])
def test_what_fails_at_once_keeps_nobody_out(gate, works, lack):
    gate.failed(lack)
    assert gate.is_open


def test_a_row_of_postgresql_that_is_locked_keeps_nobody_out(gate, works):
    gate.failed(Lack.LOCK)
    assert gate.is_open == (connection.vendor == "postgresql")


@pytest.mark.django_db(transaction=True)
def test_it_opens_when_the_database_does_what_a_request_wants(gate):
    gate.failed(Lack.DATABASE)
    assert until_open(gate, 5)
