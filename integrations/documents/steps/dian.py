"""Invoices whose emission is under way or in doubt, and those that the DIAN has in process.

They are read together, thirty ids a call. One that shows no legal state is emitted once more only
after the call must be over and a second reading, for a late one may still arrive (reliability
reference, F29).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integrations.alegra import invoices
from integrations.alegra.client import MOST_ROWS
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.documents import legal
from integrations.documents.endpoints import read_or_gone
from integrations.documents.legal import Told
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.step_rows import DIAN, begin
from integrations.documents.steps import emit_answer, emit_error
from integrations.documents.steps.emit_check import Group
from integrations.sending import failures
from integrations.sending.about import about
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Part, asking_together
from integrations.sending.decided import Decided, Next, StepEnd, blocked
from integrations.sending.models import Step
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import settled_at
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import LOOK_UPS, timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def follow(turn: Turn, document: Document) -> Decided:
    """Read it with the others that are due, and go by what Alegra tells of each."""
    group = Group([document, *turn.claim_alike(document, most=MOST_ROWS - 1, state=State.EMITTING)])
    for each in group.going:
        read_order(each)
    parts = [Part(each, begin(each, DIAN, input={"id": each.alegra_id})) for each in group.going]
    told: dict[int, AlegraDocument | None] = {}
    why: dict[int, Sequence[Found]] = {}
    try:
        with asking_together(turn, parts, action=READ_DOCUMENTS) as call:
            ids = [each.alegra_id for each in group.going]
            rows = invoices.read_many(call.client, ids)
            for each in group.going:
                row = rows.get(each.alegra_id) or read_or_gone(call.client, each)
                told[each.pk] = row
                if row is not None and _is_refused(each, row):
                    why[each.pk] = emit_error.reasons_of(call.client, each, row)
    except AlegraError as error:
        group.settle_failed(document, failures.after(turn, document, error, turn.asked))
        return group.verdict(document)
    for each, step in call.asked:
        group.settle(each, after_look(each, step, told[each.pk], why.get(each.pk, ())))
    return group.verdict(document)


def after_look(
    document: Document,
    step: Step,
    found: AlegraDocument | None,
    why: Sequence[Found] = (),
) -> Decided:
    """`why`: the problems that explain the answered error, used where it is not emitted."""
    if found is None:
        return blocked([about(document, "gone")], step, unfreeze=False)
    if _has_come_out(document, found):
        return legal.after_reading(document, found, step=step)
    now = clock.now()
    if document.legal_state == Document.LegalState.WAITING:
        return _still_in_process(document, step)
    if now < settled_at(document, now):
        return emit_answer.unsettled(document, step)
    if document.refusal is not None:
        # Alegra answered an error, and nothing of it is there.
        return emit_error.after_reading(document, step, found, why)
    probes = document.probes + 1
    if probes >= LOOK_UPS:
        return emit_answer.later(document, step, Why.ABSENT)
    note = f"Lectura {probes} de {LOOK_UPS}: todavía no aparece emitida."
    return Next(
        State.EMITTING,
        at=now + timing().delta("between_look_ups"),
        columns={"probes": probes},
        ended=(StepEnd(step, StepState.RUNNING, Outcome.UNCONFIRMED, note),),
    )


def _has_come_out(document: Document, found: AlegraDocument) -> bool:
    is_rejected = legal.told(found) is Told.REJECTED
    return legal.is_emitted(found) or (is_rejected and not legal.is_old_rejection(document, found))


def _is_refused(document: Document, found: AlegraDocument) -> bool:
    """Whether its call was answered with an error, and is over by now without effect."""
    now = clock.now()
    return (
        document.refusal is not None
        and document.legal_state != Document.LegalState.WAITING
        and now >= settled_at(document, now)
        and not _has_come_out(document, found)
    )


def _still_in_process(document: Document, step: Step) -> Decided:
    """It was sent before, and Alegra shows nothing of it: a person looks after a day."""
    since = document.stamp_sent_at or document.state_since
    if clock.now() - since > timing().delta("unconfirmed_ceiling"):
        return blocked([about(document, "gave_up")], step, unfreeze=False)
    return legal.in_process(document, step)
