"""A draft of ours that Alegra made out to somebody else: deleted and made again.

A contact whose number was changed in Alegra is somebody else under an id that we know. Only an
unedited draft invoice is deleted, right after it was read, once for each row, and the same row
makes it again for the right buyer (product rules, *Verify*). All else is a question.

The intention is committed before the deletion. Whoever comes after a lost answer or a dead
worker reads by id: gone means that it was deleted; still there, it is deleted once more, which
can harm nothing. Before it is made again its marker is looked for, as before every re-send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from integrations.alegra import contacts, invoices
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import DRAFT
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, NotFound, OutcomeUnknown, Rejected
from integrations.colombia.masking import mask_text
from integrations.documents import contact_memory, verify
from integrations.documents.gone import read_or_gone
from integrations.documents.models import Document, DocumentStep
from integrations.documents.payload import thaw
from integrations.sending import failures, steps
from integrations.sending.gate import gate
from integrations.sending.marker import carries
from integrations.sending.rows import release_lease, renew, write
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

REMOVE, POSITION = "remove", 4


def is_doubtful(document: Document, found: AlegraDocument) -> bool:
    """Whether an answer about the client must be followed by a reading before it is believed."""
    if verify.is_another_client(found, document.built, document.buyer_contact):
        return is_removable(document, found)
    return _names_nobody(document, found)


def with_its_number(
    client: AlegraClient, document: Document, found: AlegraDocument
) -> AlegraDocument:
    """The document with its client's number, read from the contact where it is in doubt.

    Raises AlegraError.
    """
    if not _names_nobody(document, found):
        return found
    try:
        contact = contacts.read(client, found.client_id)
    except NotFound:
        return found
    contact_memory.was_seen(document.buyer_contact)
    return replace(found, client_number=contact.number or None)


def _names_nobody(document: Document, found: AlegraDocument) -> bool:
    """No number in the answer, and the contact was last seen too long ago to be sure of it.

    Of a remission nothing could be mended: its contact is read before it is made.
    """
    return (
        document.kind == "invoice"
        and found.client_number is None
        and bool(found.client_id)
        and contact_memory.is_long_unseen(document.buyer_contact, clock.now())
    )


def is_removable(document: Document, found: AlegraDocument) -> bool:
    """An unedited draft of ours, and the first that this row deletes."""
    return (
        document.kind == "invoice"
        and found.status == DRAFT
        and document.removed_id in ("", found.id)
        and _is_as_it_was_sent(document, found)
    )


def _is_as_it_was_sent(document: Document, found: AlegraDocument) -> bool:
    if document.payload is None or not carries(found.observations, document.marker):
        return False
    sent = thaw(document.payload)
    lines = [(str(line["id"]), Decimal(str(line["quantity"]))) for line in sent["items"]]
    return (
        found.observations == sent["observations"]
        and found.client_id == str(sent["client"]["id"])
        and found.date == date.fromisoformat(sent["date"])
        and found.due_date in (None, date.fromisoformat(sent["dueDate"]))
        and [(line.item_id, line.quantity) for line in found.lines] == lines
        and not found.total_paid
        and not verify.differences(found, document.built)
    )


def remove(turn: Any, document: Document, found: AlegraDocument) -> bool:
    """Delete the draft that was just read. Returns False where Alegra refused it.

    Otherwise the row waits: to be made again, or for the deletion to be tried once more.
    Raises LeaseLost.
    """
    now = clock.now()
    held = gate(document.integration, doc_date=document.doc_date, now=now)
    if held is not None:
        release_lease(document, again_at=held.until or now + timing().delta("held_draft"))
        return True
    with transaction.atomic():
        renew(document, now)
        step = steps.begin(
            document,
            REMOVE,
            position=POSITION,
            now=now,
            cycle=document.cycle,
            input={"id": found.id},
        )
        write(document, removed_id=found.id)
    turn.journal.follow(document, step)
    try:
        _delete(turn.client(document.integration.credential), document)
    except Rejected as error:
        # No draft any more: somebody opened it since it was read.
        note = mask_text(error.message, known=document.private_words())
        steps.finish(step, StepState.FAILED, now=clock.now(), outcome=Outcome.REJECTED, note=note)
        return False
    except AlegraError as error:
        failures.settle(turn, document, step, error, action="borrar facturas en borrador")
        return True
    make_again(turn, document)
    return True


def _delete(client: AlegraClient, document: Document) -> None:
    """Raises AlegraError, also where Alegra does not find it and still shows it."""
    try:
        invoices.delete(client, document.alegra_id)
    except NotFound as missing:
        if read_or_gone(client, document) is not None:
            raise OutcomeUnknown("Alegra no borró el borrador.", call=missing.call) from missing


def was_removed(document: Document) -> bool:
    """The document that Alegra does not have any more is the draft that this row deleted."""
    return bool(document.removed_id) and document.removed_id == document.alegra_id


def make_again(turn: Any, document: Document) -> None:
    """It is gone: the same row finds or creates the right contact and makes it anew."""
    now = clock.now()
    step = DocumentStep.objects.get(work=document, name=REMOVE, cycle=document.cycle)
    again_at = now
    if step.state == StepState.DONE:
        # Adopted again from a list that still shows it: the list needs a moment.
        again_at = now + timing().delta("back_off_base")
    note = "Había quedado a nombre de otra persona. Se hace otra vez para el comprador."
    with transaction.atomic():
        steps.done(step, now=now, note=note)
        contact_memory.forget(document.buyer_contact)
        document.move(
            State.PENDING,
            now=now,
            why=Why.REMOVED,
            alegra_id="",
            payload=None,
            number="",
            number_key="",
            returned_total=None,
            returned_pesos=None,
            probes=0,
            failures=0,
            failing_since=None,
            deaths=0,
            next_attempt_at=again_at,
        )
    # What was read of this day still shows it.
    turn.scans.clear()
