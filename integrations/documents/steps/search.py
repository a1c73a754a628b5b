"""Looking for a document whose answer was lost, and what follows from what is found.

Adopted where it exists, sent again only after two empty looks, a question to a person where
it cannot be told (reliability reference, verify).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.documents import look_up
from integrations.documents.about import about
from integrations.documents.alike import question
from integrations.documents.models import Document, DocumentStep
from integrations.documents.step_rows import create_step
from integrations.documents.steps import confirm
from integrations.sending import back_off, failures
from integrations.sending.asking import Asked, asking
from integrations.sending.decided import Decided, Next, StepEnd, blocked
from integrations.sending.problem_kinds import Found
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import LOOK_UPS, timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# What a permission may lack.
ACTION = "leer documentos"


def before_resending(turn: Turn, document: Document) -> Decided | None:
    """Sent before, so it is looked for once more: a definite no may not have been one. None where
    it is not there."""
    step = create_step(document)
    with asking(turn, document, step, action=ACTION) as call:
        finding = look_up.look_up(turn, call.client, document)
    return confirm.adopt(turn, document, step, finding.ours) if finding.ours else None


def look(turn: Turn, document: Document) -> Decided:
    """One look for a document whose answer was lost."""
    began = clock.now()
    if document.alegra_id:
        return confirm.read(turn, document)
    step = create_step(document)
    try:
        with asking(turn, document, step, action=ACTION) as call:
            finding = look_up.look_up(turn, call.client, document)
    except AlegraError as error:
        too_long = began - document.sent_at > timing().delta("unconfirmed_ceiling")
        # Held back by a pace, Alegra's or ours, nobody has looked at all.
        if too_long and not isinstance(error, RateLimited | BudgetExhausted):
            return blocked([about(document, "unconfirmed_too_long")], step, unfreeze=False)
        return failures.after(turn, document, error, Asked(action=ACTION))
    if finding.ours:
        return confirm.adopt(turn, document, step, finding.ours)
    asked = question(document, finding.alike)
    if document.refusal is not None:
        # Alegra answered an error and made nothing: a refusal, shown at once. The payload stays
        # until the second search, which comes before any further send.
        found = asked or Found(**document.refusal)
        return blocked([found], step, outcome=Outcome.REJECTED, unfreeze=False)
    probes = document.probes + 1
    if probes < LOOK_UPS:
        return _look_again(document, step, probes)
    if asked is not None:
        return blocked([asked], step, unfreeze=False)
    return _absent(document, step, probes)


def _look_again(document: Document, step: DocumentStep, probes: int) -> Next:
    # A look before its time, asked for by a person, does not bring the last one forward.
    settled = document.sent_at + timing().delta("first_look_up")
    note = f"Búsqueda {probes} de {LOOK_UPS}: todavía no aparece."
    return Next(
        State.UNCONFIRMED,
        Why.ABSENT,
        at=max(clock.now(), settled) + timing().delta("between_look_ups"),
        columns={"probes": probes},
        ended=(StepEnd(step, StepState.RUNNING, Outcome.UNCONFIRMED, note),),
    )


def _absent(document: Document, step: DocumentStep, probes: int) -> Next:
    """Looked for twice and not there: it may be sent again, after the ordinary back-off."""
    now = clock.now()
    failures_in_a_row = document.failures + 1
    note = "No llegó a Alegra: lo buscamos dos veces. Se envía otra vez."
    return Next(
        State.PENDING,
        Why.ABSENT,
        at=now + back_off.delay(failures_in_a_row, timing()),
        columns={
            "probes": probes,
            "failures": failures_in_a_row,
            "failing_since": document.failing_since or now,
        },
        ended=(StepEnd(step, StepState.FAILED, Outcome.TRANSIENT, note),),
    )
