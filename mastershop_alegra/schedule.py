"""Beat, with one line in the log while the broker takes nothing."""

from __future__ import annotations

from typing import Any

import structlog
from celery.beat import ScheduleEntry
from celery.beat import Scheduler as CeleryScheduler

log = structlog.get_logger("timekeeping")


class Scheduler(CeleryScheduler):
    """What is not taken is not sent later: its next round says the same. It remembers nothing
    between two starts, so it needs no file either, nor room for one."""

    is_heard = True

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:
            if self.is_heard:
                log.warning("schedule not heard", task=entry.task, error=type(error).__name__)
            self.is_heard = False
        else:
            if not self.is_heard:
                log.warning("schedule heard again", task=entry.task)
            self.is_heard = True
