"""Looking for a document whose answer was lost, and what follows from what is found.

Adopted where it exists, sent again only after two empty looks, a question to a person where
it cannot be told (reliability reference, verify).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.documents import look_up
from integrations.documents.alike import question
from integrations.documents.existing import about, adopt, check_by_reading, create_step
from integrations.documents.models import Document, DocumentStep
from integrations.sending import failures, steps
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import write
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import LOOK_UPS, timing


def found_before_resending(turn: Any, document: Document) -> bool:
    """Sent before, so it is looked for once more: a definite no may not have been one."""
    step = create_step(document)
    turn.journal.follow(document, step)
    client = turn.client(document.integration.credential)
    try:
        finding = look_up.look_up(turn, client, document)
    except AlegraError as error:
        failures.settle(turn, document, step, error, action="leer documentos")
        return True
    if not finding.ours:
        return False
    adopt(turn, document, step, finding.ours)
    return True


def search(turn: Any, document: Document) -> None:
    """One look for a document whose answer was lost."""
    now = clock.now()
    if document.alegra_id:
        check_by_reading(turn, document)
        return
    step = create_step(document)
    turn.journal.follow(document, step)
    client = turn.client(document.integration.credential)
    try:
        finding = look_up.look_up(turn, client, document)
    except AlegraError as error:
        too_long = now - document.sent_at > timing().delta("unconfirmed_ceiling")
        # Held back by a pace, Alegra's or ours, nobody has looked at all.
        if too_long and not isinstance(error, RateLimited | BudgetExhausted):
            failures.block(
                document, step, [about(document, "unconfirmed_too_long")], unfreeze=False
            )
        else:
            failures.settle(turn, document, None, error, action="leer documentos")
        return
    if finding.ours:
        adopt(turn, document, step, finding.ours)
        return
    probes = document.probes + 1
    if document.refusal is not None:
        # Alegra told an error, and nothing was made: a refusal, said at once.
        _refused(document, step, question(document, finding.alike))
        return
    if probes < LOOK_UPS:
        # A look before its time, asked for by a person, does not bring the last one forward.
        settled = document.sent_at + timing().delta("first_look_up")
        again_at = max(now, settled) + timing().delta("between_look_ups")
        steps.finish(
            step,
            StepState.RUNNING,
            now=now,
            outcome=Outcome.UNCONFIRMED,
            note=f"Búsqueda {probes} de {LOOK_UPS}: todavía no aparece.",
        )
        write(document, probes=probes, next_attempt_at=again_at, lease_until=None)
        return
    asked = question(document, finding.alike)
    if asked is not None:
        failures.block(document, step, [asked], unfreeze=False)
        return
    _absent(document, step, probes)


def _refused(document: Document, step: DocumentStep, asked: Found | None) -> None:
    """The payload stays until the second look, which precedes any further send."""
    found = asked or Found(**document.refusal)
    failures.block(document, step, [found], outcome=Outcome.REJECTED, unfreeze=False)


def _absent(document: Document, step: DocumentStep, probes: int) -> None:
    """Looked for twice and not there: it may be sent again, after the ordinary back-off."""
    now = clock.now()
    failures_in_a_row = document.failures + 1
    with transaction.atomic():
        document.move(
            State.PENDING,
            now=now,
            why=Why.ABSENT,
            probes=probes,
            failures=failures_in_a_row,
            failing_since=document.failing_since or now,
            next_attempt_at=now + failures.back_off.delay(failures_in_a_row, timing()),
        )
        steps.finish(
            step,
            StepState.FAILED,
            now=now,
            outcome=Outcome.TRANSIENT,
            note="No llegó a Alegra: lo buscamos dos veces. Se envía otra vez.",
        )
