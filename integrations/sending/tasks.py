"""The worker's entrances. Each loads nothing but ids and calls one function."""

from __future__ import annotations

from celery import shared_task

from integrations.connections import asking_again
from integrations.sending import healing, hints, look_again, trying
from integrations.sending.bulk import runs, worker
from integrations.sending.safe_start import checking
from integrations.sending.sweep import sweep
from integrations.sending.turns import serve
from integrations.timekeeping import clock, waking


@shared_task(name=hints.TURN_TASK)
def serve_alegra_user(*, alegra_user_id: int) -> None:
    serve(alegra_user_id)


@shared_task(name="sending.sweep")
def sweep_due_rows() -> None:
    sweep()


@shared_task(name="sending.try_again")
def try_again() -> None:
    asking_again.ask_due(clock.now())
    trying.try_due(clock.now())
    healing.try_due(clock.now())
    checking.check_due(clock.now())
    look_again.look_due(clock.now())


@shared_task(name=runs.TASK)
def work_off_run(*, run_id: int) -> None:
    if worker.work_off(run_id):
        waking.wake(runs.TASK, run_id=run_id)


@shared_task(name="sending.bulk_due")
def work_off_due_runs() -> None:
    for run_id in worker.due_runs(clock.now()):
        waking.wake(runs.TASK, run_id=run_id)
