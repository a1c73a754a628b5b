"""The worker's entrance of this room."""

from __future__ import annotations

from celery import shared_task

from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.timekeeping import clock

SEND_TASK = "notifications.send_due"


@shared_task(name=SEND_TASK)
def send_due() -> None:
    """Write what is to be told, then send what is due."""
    tell(clock.now())
    outbox.send_due()
