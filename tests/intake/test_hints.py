from __future__ import annotations

import importlib
import time

import pytest
from kombu.exceptions import OperationalError

from integrations.intake import hints, refusals


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


def test_a_flood_of_refusals_is_written_once_a_second_and_loses_no_count(monkeypatch):
    monkeypatch.setattr(refusals, "SECONDS_BETWEEN_WRITES", 1.0)
    now = [100.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now[0])
    written = [refusals._due("a key of this test") for _ in range(50)]
    now[0] += 1.0
    written.append(refusals._due("a key of this test"))
    assert [count for count in written if count] == [1, 50]
