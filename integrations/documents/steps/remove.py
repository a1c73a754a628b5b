"""A draft of ours that Alegra made out to somebody else: deleted and made again.

The intention is committed before the deletion. Whoever comes after a lost answer or a dead
worker reads by id: gone means that it was deleted; still there, it is deleted once more, which
can harm nothing. Before it is made again its marker is looked for, as before every re-send.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from integrations.alegra import invoices
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, NotFound, OutcomeUnknown, Rejected
from integrations.colombia.masking import mask_text
from integrations.documents import another_client, as_read, contact_memory, verify
from integrations.documents.in_alegra import read
from integrations.documents.models import Document, DocumentStep
from integrations.documents.step_rows import REMOVE, begin
from integrations.sending import failures
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import Next, StepEnd, give_back
from integrations.sending.gate import gate
from integrations.sending.models import Step
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

ACTION = "borrar facturas en borrador"


def remove(turn: Turn, document: Document, found: AlegraDocument) -> Next | StepEnd:
    """Delete the draft that was just read; how its step ended where Alegra refused it.

    Otherwise the row waits: to be made again, or for the deletion to be tried once more.
    """
    now = clock.now()
    held = gate(document.integration, doc_date=document.doc_date, now=now)
    if held is not None:
        return give_back(document, at=held.until or now + timing().delta("held_draft"))
    step = begin(document, REMOVE, input={"id": found.id})
    ahead = Ahead(State(document.state), Why.REMOVED, {"removed_id": found.id}, creates=False)
    try:
        with asking(turn, document, step, action=ACTION, ahead=ahead) as call:
            delete_draft(call.client, document, document.alegra_id)
    except Rejected as error:
        # No draft any more: somebody opened it since it was read.
        note = mask_text(error.message, known=document.private_words())
        return StepEnd(turn.asked.step, StepState.FAILED, Outcome.REJECTED, note)
    return make_again(turn, document)


def delete_draft(client: AlegraClient, document: Document, alegra_id: str) -> None:
    """Raises AlegraError, also where Alegra does not find it and still shows it."""
    try:
        invoices.delete(client, alegra_id)
    except NotFound as missing:
        if read(client, document, alegra_id) is not None:
            raise OutcomeUnknown("Alegra no borró el borrador.", call=missing.call) from missing


def put_right(
    turn: Turn, document: Document, step: Step, found: AlegraDocument
) -> Next | tuple[StepEnd, ...]:
    """A draft made out to somebody else is deleted where it may be: then it is made again."""
    is_another = verify.is_another_client(found, document.built, document.buyer_contact)
    if not is_another or not another_client.is_removable(document, found):
        return ()
    try:
        removed = remove(turn, document, found)
    except AlegraError as error:
        removed = failures.after(turn, document, error, turn.asked)
    if isinstance(removed, StepEnd):
        return (removed,)
    failed = StepEnd(step, StepState.FAILED, Outcome.REJECTED, "El cliente es otro.")
    return replace(removed, ended=(failed, *removed.ended))


def make_again(turn: Turn, document: Document) -> Next:
    """It is gone: the same row finds or creates the right contact and makes it anew."""
    now = clock.now()
    step = DocumentStep.objects.get(work=document, name=REMOVE, cycle=document.cycle)
    again_at = now
    if step.state == StepState.DONE:
        # Adopted again from a list that still shows it: the list needs a moment.
        again_at = now + timing().delta("back_off_base")
    note = "Había quedado a nombre de otra persona. Se hace otra vez para el comprador."
    return Next(
        State.PENDING,
        Why.REMOVED,
        at=again_at,
        columns={
            "alegra_id": "",
            "payload": None,
            **as_read.NOTHING,
            "probes": 0,
            "failures": 0,
            "failing_since": None,
            "deaths": 0,
        },
        ended=(StepEnd(step, StepState.DONE, Outcome.OK, note),),
        also=(partial(contact_memory.forget, document.buyer_contact),),
        # What was read of this day still shows it.
        after=(turn.scans.clear,),
    )
