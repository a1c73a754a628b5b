"""The worker's entrance of this room."""

from __future__ import annotations

import structlog
from celery import current_app, shared_task
from kombu.exceptions import OperationalError

from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.timekeeping import clock

log = structlog.get_logger("notifications")

SEND_TASK = "notifications.send_due"


@shared_task(name=SEND_TASK)
def send_due() -> None:
    """Write what is to be told, then send what is due."""
    tell(clock.now())
    outbox.send_due()


def hurry() -> None:
    """Wake a worker for a mail somebody waits for; without a broker the next round sends it."""
    try:
        current_app.send_task(SEND_TASK, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("hint lost", error=type(error).__name__)
