"""Celery's beat, with one line in the log while the broker does not answer."""

from __future__ import annotations

from typing import Any

import structlog
from celery.beat import ScheduleEntry
from celery.beat import Scheduler as CeleryScheduler

log = structlog.get_logger("timekeeping")


class Scheduler(CeleryScheduler):
    """A round that the broker does not take is dropped, because the next one is the same. Nothing
    is kept between two starts, so it needs no file and no room on the disk."""

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
