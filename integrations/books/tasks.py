"""The tasks of this package."""

from __future__ import annotations

from celery import shared_task

from integrations.books import audits, reading
from integrations.timekeeping import clock


@shared_task(name="books.begin_due")
def begin_nightly_audits() -> None:
    audits.begin_due(clock.now())


@shared_task(name="books.read_due")
def read_audits_on() -> None:
    reading.read_due(clock.now())
