"""Writing what a step decided: row, change of state, steps, problems and causes, all or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from integrations.sending import causes, steps
from integrations.sending.decided import Begin, Decided, Locked, Next, StepEnd
from integrations.sending.models import Work
from integrations.timekeeping import clock


def apply(work: Work, decided: Decided) -> Next:
    """One transaction; returns what was written. Raises LeaseLost: then nothing was."""
    with transaction.atomic():
        made = decided.decide() if isinstance(decided, Locked) else decided
        now = clock.now()
        columns = dict(made.columns)
        if made.then is None:
            columns["next_attempt_at"] = made.at
        work.move(made.state, now=now, why=made.why, keep_lease=made.then is not None, **columns)
        if made.problems:
            causes.open_problems(work, made.problems, now=now)
        elif made.problems is not None:
            causes.close_problems(work, now=now, but=made.spares)
        for ended in made.ended:
            _end(work, ended, now)
        for write in made.also:
            write()
    for follow in made.after:
        follow()
    return made


def _end(work: Work, ended: StepEnd, now: datetime) -> None:
    how = {"outcome": ended.outcome, "note": ended.note, "output": ended.output}
    if isinstance(ended.step, Begin):
        steps.at_once(work, ended.step, ended.state, now=now, **how)
    else:
        steps.finish(ended.step, ended.state, now=now, **how)
