"""Waking a worker. A hint is an id; losing it loses nothing, the sweep finds the row."""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger("sending")

TURN_TASK = "sending.serve"


def hint(alegra_user_id: int) -> None:
    """Ask, once this transaction is committed, for a turn of this Alegra user."""
    transaction.on_commit(lambda: hint_now(alegra_user_id), robust=True)


def hint_now(alegra_user_id: int) -> None:
    try:
        current_app.send_task(TURN_TASK, kwargs={"alegra_user_id": alegra_user_id}, expires=30)
    except (OperationalError, OSError) as error:
        # The broker is down: the sweep will do it.
        log.warning("hint lost", error=type(error).__name__)
