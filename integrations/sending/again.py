"""*Reintentar*: a person sends a work again, or has it looked for where it may exist."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from integrations.audit import trail
from integrations.sending import causes, hints, trying
from integrations.sending.models import Work
from integrations.sending.rows import after_a_cure
from integrations.sending.states import State, Why
from integrations.timekeeping import clock


@transaction.atomic
def send_again(
    work: Work, *, by: Any, request: Any = None, told: dict[str, Any] | None = None
) -> bool:
    """Make a blocked or queued work due now, before others; False where it moved on meanwhile.

    `told` is for the trail. Raises ValueError for a work in another state.
    """
    now = clock.now()
    before = work.state
    match before:
        case State.BLOCKED:
            # Kept as it was sent: it may be in Alegra, so it is looked for, not sent.
            to, at = after_a_cure(work, now)
            columns: dict[str, Any] = {"probes": 0}
        case State.PENDING:
            to, at, columns = State.PENDING, now, {}
        case _:
            raise ValueError(f"a work that is {before} is not sent again")
    if not work.transition(
        to,
        now=now,
        why=Why.PERSON,
        by=trail.name_of(by),
        next_attempt_at=at,
        priority=Work.Priority.PERSON,
        failures=0,
        failing_since=None,
        deaths=0,
        **columns,
    ):
        return False
    # Whether Alegra allows it again is seen when it answers: until then the others wait.
    causes.close_problems(work, now=now, by=trail.name_of(by), but=trying.TRIED)
    trail.record(
        action=f"{work._meta.model_name}.retry", target=work, actor=by, request=request,
        before={"state": before}, after={"state": str(to), **(told or {})},
    )  # fmt: skip
    hints.hint(work.alegra_user_id)
    return True
