from __future__ import annotations

from unittest.mock import Mock

from integrations.intake import refusals
from tests.intake.conftest import NOW


def test_a_flood_of_refusals_is_written_once_a_second_and_loses_no_count(integration, monkeypatch):
    now, written = [100.0], []
    monkeypatch.setattr(refusals, "_between_writes", lambda: 1.0)
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
