"""A cure is a call downwards: it makes due exactly the works that waited for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from integrations.connections.models import Credential, Integration
from integrations.sending import causes, hints
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.rows import after_a_cure
from integrations.sending.states import DUE, READING, State, Why
from integrations.sending.transition import move_all
from integrations.timekeeping import clock

BATCH = 500


@transaction.atomic
def release(code: str, subject_key: str, *, integration: Integration, by: str = "") -> int:
    """Close this problem everywhere in the integration; return how many works became due, of
    whatever kind.

    A work that has other open problems as well stays where it is: it would only fail again.
    What stands beside a work held nothing: closing it makes nothing due.
    The integration stays locked until the transaction ends, so that a worker which is just now
    blocking a row on this very problem sees the cure.
    """
    now = clock.now()
    list(Integration.objects.select_for_update(no_key=True).filter(pk=integration.pk))
    held = {kind: _close(kind, code, subject_key, integration, now) for kind in kinds()}
    for cause_id in sorted({cause_id for rows in held.values() for _work, cause_id in rows}):
        causes.recount(cause_id, now=now, by=by)
    if code in BESIDE:
        return 0
    released = sum(
        _let_go(kind, sorted({work_id for work_id, _cause in rows}), now=now, by=by)
        for kind, rows in held.items()
    )
    if released:
        hints.hint(integration.credential.alegra_user_id)
    return released


def _close(
    kind: WorkKind, code: str, subject_key: str, integration: Integration, now: datetime
) -> list[tuple[int, int]]:
    """Close this problem of one kind's works; returns the ids of work and cause."""
    problems = list(
        kind.problem.objects.filter(
            work__integration=integration, code=code, subject_key=subject_key, closed_at=None
        ).values_list("id", "work_id", "cause_id")
    )
    if problems:
        kind.problem.objects.filter(pk__in=[row[0] for row in problems]).update(closed_at=now)
    return [(work_id, cause_id) for _id, work_id, cause_id in problems]


def _let_go(kind: WorkKind, works: list[int], *, now: datetime, by: str) -> int:
    """Make due those of these works that nothing else blocks."""
    still_open = kind.problem.objects.filter(work=OuterRef("pk"), closed_at=None).exclude(
        code__in=BESIDE
    )
    released = 0
    for start in range(0, len(works), BATCH):
        rows = kind.work.objects.filter(
            ~Exists(still_open), pk__in=works[start : start + BATCH], state=State.BLOCKED
        )
        for work in rows.filter(payload__isnull=False, sends__gt=0, alegra_id=""):
            state, at = after_a_cure(work, now)
            released += _due(rows.filter(pk=work.pk), state, now=now, at=at, by=by)
        released += _due(rows, State.PENDING, now=now, at=now, by=by)
    return released


def _due(rows, state: State, *, now: datetime, at: datetime, by: str) -> int:
    return move_all(
        rows,
        State.BLOCKED,
        state,
        now=now,
        why=Why.CURED,
        by=by,
        next_attempt_at=at,
        probes=0,
        failures=0,
        failing_since=None,
        deaths=0,
    )


def wake(integration: Integration) -> int:
    """Everything that waits in this integration is due now: a pause ended. Returns how many."""
    now = clock.now()
    woken = 0
    for kind in kinds():
        rows = kind.work.objects.filter(
            integration=integration, state__in=DUE - READING, next_attempt_at__gt=now
        )
        woken += rows.update(next_attempt_at=now, failures=0, failing_since=None)
    hints.hint(integration.credential.alegra_user_id)
    return woken


def follow_login(credential: Credential) -> None:
    """A credential got another token or Alegra user: what waits goes with it, and goes now."""
    for integration in Integration.objects.filter(credential=credential):
        for kind in kinds():
            kind.work.objects.filter(integration=integration).exclude(
                alegra_user_id=credential.alegra_user_id
            ).update(alegra_user_id=credential.alegra_user_id)
        integration.credential = credential
        wake(integration)
