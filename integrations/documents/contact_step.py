"""The contact step of a document: whom it is made out to, or the question who that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from integrations.alegra.errors import AlegraError
from integrations.connections.models import Integration
from integrations.documents import contact as contacts
from integrations.documents import contact_known, contact_memory
from integrations.documents.build import Built, summary
from integrations.documents.existing import CONTACT, begin_step
from integrations.documents.found_contact import look_at
from integrations.documents.issue import locked_order
from integrations.documents.models import BuyerContact, Document, DocumentStep
from integrations.orders.buyer import effective_buyer
from integrations.sending import failures, steps, trying
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import release_lease, write
from integrations.sending.states import Outcome, StepState
from integrations.timekeeping import clock

# What a plan or a permission may lack.
ACTION = "crear contactos"


def find(turn: Any, document: Document, built: Built) -> bool:
    """True when the client's id is known, on the row and in the payload."""
    now = clock.now()
    row = contacts.known_contact(document.company, built.contact)
    number = {"identification": built.contact.number, "type": built.contact.doc_type}
    step = begin_step(document, CONTACT, input=number)
    turn.journal.follow(document, step)
    client = turn.client(document.integration.credential)
    held = trying.held_by(document, ACTION)
    try:
        resolved = contacts.resolve_contact(
            client, row, built.contact, sure=built.kind == "remission", may_create=held is None
        )
        look = look_at(client, row, built.contact, resolved, document.order)
    except contacts.ContactBusy:
        steps.finish(step, StepState.WAITING, now=now, note="Otro pedido del mismo comprador.")
        release_lease(document, again_at=now + timedelta(seconds=1))
        return False
    except contacts.CreationHeld:
        failures.block(document, step, [held], outcome=Outcome.PLAN)
        return False
    except AlegraError as error:
        failures.settle(turn, document, step, error, action=ACTION)
        return False
    if look.question is not None:
        _ask_who_it_is(document, step, row, look.question)
        return False
    if resolved.is_new:
        trying.accepted(document.integration, [ACTION])
        buyer = effective_buyer(document.order)
        contact_memory.has_details_of(row, buyer)
        contact_known.is_made(document.company, buyer.doc_number)
    note = " ".join(filter(None, [resolved.note, look.note]))
    steps.done(step, now=clock.now(), note=note, output={"id": resolved.id})
    built.payload["client"] = {"id": resolved.id}
    if worth_a_look := tuple(filter(None, [resolved.left_out_note, look.note])):
        built = replace(built, notes=(*built.notes, *worth_a_look))
    write(document, buyer_contact=row, needs_contact=False, built=summary(built))
    return True


def _ask_who_it_is(
    document: Document, step: DocumentStep, row: BuyerContact, question: Found
) -> None:
    """Block on it, unless it was answered while it arose: then the row comes again at once.

    Who answers holds the integration: either this row is seen there, or the answer is seen here.
    """
    now = clock.now()
    with transaction.atomic():
        # A problem points to its order: locked in the order in which all lock them.
        locked_order(document.order)
        Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
        row.refresh_from_db(fields=["same_as"])
        write(document, buyer_contact=row)
        if set(question.params["answers"]) <= set(row.same_as):
            steps.finish(step, StepState.WAITING, now=now)
            release_lease(document, again_at=now)
        else:
            failures.block(document, step, [question])
