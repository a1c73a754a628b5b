from __future__ import annotations

import importlib
import time
from unittest.mock import Mock

import pytest
from kombu.exceptions import OperationalError

from integrations.intake import hints, refusals
from tests.intake.conftest import NOW


@pytest.fixture
def real_hint(monkeypatch):
    module = importlib.import_module("integrations.intake.hints")
    monkeypatch.undo()
    monkeypatch.setattr(module, "_quiet_until", 0.0)
    return module.hint


def test_a_broker_that_is_down_is_asked_once_and_left_alone(real_hint, monkeypatch):
    asked = []

    def down(*arguments, **more):
        asked.append(arguments)
        raise OperationalError("no broker")

    monkeypatch.setattr(hints.current_app, "send_task", down)
    for _ in range(5):
        real_hint("intake.interpret_event", event_id=1)
    assert len(asked) == 1
    monkeypatch.setattr(hints, "_quiet_until", time.monotonic() - 1)
    real_hint("intake.interpret_event", event_id=1)
    assert len(asked) == 2


def test_a_flood_of_refusals_is_written_once_a_second_and_loses_no_count(integration, monkeypatch):
    now, written = [100.0], []
    monkeypatch.setattr(refusals, "SECONDS_BETWEEN_WRITES", 1.0)
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(refusals.threading, "Timer", Mock())
    monkeypatch.setattr(refusals, "_write", lambda _key, counted: written.append(counted.count))
    refusals.forget()
    for _ in range(50):
        refusals.count_refused(integration, "signature", now=NOW)
    now[0] += 1.0
    refusals.count_refused(integration, "signature", now=NOW)
    assert written == [1, 50]
    refusals.forget()
