"""The worker's entrance."""

from __future__ import annotations

from celery import shared_task

from integrations.scoping import statistics


@shared_task(name="database.gather_statistics")
def gather_statistics() -> None:
    statistics.gather()
