"""The worker's entrances. Each loads nothing but ids and calls one function."""

from __future__ import annotations

from celery import shared_task

from integrations.sending import hints
from integrations.sending.sweep import sweep
from integrations.sending.turns import serve


@shared_task(name=hints.TURN_TASK)
def serve_alegra_user(*, alegra_user_id: int) -> None:
    serve(alegra_user_id)


@shared_task(name="sending.sweep")
def sweep_due_rows() -> None:
    sweep()
