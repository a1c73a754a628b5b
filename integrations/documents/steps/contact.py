"""The contact step of a document: whom it is made out to, or the question who that is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from integrations.alegra.client import AlegraClient
from integrations.connections.models import Integration
from integrations.documents import contact as contacts
from integrations.documents import contact_known, contact_memory
from integrations.documents.build import Built, summary
from integrations.documents.found_contact import look_at
from integrations.documents.issue import locked_order
from integrations.documents.models import BuyerContact, Document, DocumentStep
from integrations.documents.step_rows import CONTACT, begin
from integrations.orders.buyer import effective_buyer
from integrations.sending import trying
from integrations.sending.asking import step_that_asks
from integrations.sending.decided import (
    Decided,
    Locked,
    Next,
    StepEnd,
    StepFunction,
    blocked,
    give_back,
    go_on,
)
from integrations.sending.problem_kinds import Found
from integrations.sending.states import Outcome, StepState
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

# What a plan or a permission may lack.
ACTION = "crear contactos"


def step(document: Document, built: Built, *, needs: str, then: StepFunction) -> StepFunction:
    """The step that puts the client's id on the row and into the payload; `then`
    follows. `needs`: what Alegra must not be refusing, for its document would wait all the same.
    """
    number = {"identification": built.contact.number, "type": built.contact.doc_type}
    ask = partial(_find, document, built, then)
    return step_that_asks(begin(document, CONTACT, input=number), ask, action=ACTION, needs=needs)


def _find(
    document: Document,
    built: Built,
    then: StepFunction,
    client: AlegraClient,
    step: DocumentStep,
    held: Found | None,
) -> Decided:
    row = contacts.known_contact(document.company, built.contact)
    try:
        resolved = contacts.resolve_contact(
            client, row, built.contact, sure=built.kind == "remission", may_create=held is None
        )
        look = look_at(client, row, built.contact, resolved, document.order)
    except contacts.ContactBusy:
        waits = StepEnd(step, StepState.WAITING, note="Otro pedido del mismo comprador.")
        return give_back(document, at=clock.now() + timing().delta("contact_busy"), ended=(waits,))
    except contacts.CreationHeld:
        return blocked([held], step, outcome=Outcome.PLAN)
    if look.question is not None:
        return Locked(partial(_ask_who_it_is, document, step, row, look.question))
    after, also = (), ()
    if resolved.is_new:
        buyer = effective_buyer(document.order)
        also = (partial(contact_memory.has_details_of, row, buyer),)
        after = (
            partial(trying.accepted, document.integration, [ACTION]),
            partial(contact_known.is_made, document.company, buyer.doc_number),
        )
    built.payload["client"] = {"id": resolved.id}
    if worth_a_look := tuple(filter(None, [resolved.left_out_note, look.note])):
        built = replace(built, notes=(*built.notes, *worth_a_look))
    note = " ".join(filter(None, [resolved.note, look.note]))
    done = StepEnd(step, StepState.DONE, Outcome.OK, note, {"id": resolved.id})
    columns = {"buyer_contact": row, "needs_contact": False, "built": summary(built)}
    return go_on(document, then, columns=columns, ended=(done,), also=also, after=after)


def _ask_who_it_is(
    document: Document, step: DocumentStep, row: BuyerContact, question: Found
) -> Next:
    """Block on it, unless it was answered while it arose: then the row comes again at once.

    Who answers holds the integration: either this row is seen there, or the answer is seen here.
    """
    # A problem points to its order: locked in the order in which all lock them.
    locked_order(document.order)
    Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
    row.refresh_from_db(fields=["same_as"])
    if set(question.params["answers"]) <= set(row.same_as):
        waits = StepEnd(step, StepState.WAITING)
        again = give_back(document, at=clock.now(), ended=(waits,))
    else:
        again = blocked([question], step)
    return replace(again, columns={**again.columns, "buyer_contact": row})
