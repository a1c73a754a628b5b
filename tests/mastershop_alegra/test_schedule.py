"""Beat goes on while the broker takes nothing, and says it once."""

from __future__ import annotations

from unittest.mock import Mock

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from mastershop_alegra.schedule import Scheduler


def test_a_broker_that_takes_nothing_is_said_once_and_so_is_its_return(monkeypatch):
    scheduler = Scheduler(app=current_app._get_current_object(), lazy=True)
    scheduler.setup_schedule()
    sent = Mock(side_effect=OperationalError("no broker"))
    monkeypatch.setattr(scheduler, "apply_async", sent)
    entry = scheduler.schedule["sweep"]
    with structlog.testing.capture_logs() as said:
        for _ in range(3):
            scheduler.apply_entry(entry)
        sent.side_effect = None
        for _ in range(2):
            scheduler.apply_entry(entry)
    assert sent.call_count == 5
    assert [line["event"] for line in said] == ["schedule not heard", "schedule heard again"]
