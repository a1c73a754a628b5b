"""Creating a document: the one call that is never made twice, and what follows its refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.documents import contact_memory, refused
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.missing import block_on_what_is_missing
from integrations.documents.models import Document, DocumentStep
from integrations.documents.payload import digest, thaw
from integrations.documents.send_limits import too_many_sends
from integrations.documents.step_rows import CREATE, begin
from integrations.documents.steps.confirm import created
from integrations.sending import failures, told, trying
from integrations.sending.asking import Ahead, Asked, asking
from integrations.sending.decided import Decided, Locked, Next, StepEnd
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def create(turn: Turn, document: Document, payload: dict[str, Any]) -> Decided:
    """Send the frozen payload, under the date that stands in it: there it is looked for."""
    if limited := too_many_sends(document):
        return limited
    far_side = FAR_SIDES[document.kind]
    body = thaw(payload)
    tried_for = trying.actions_tried_with(document)
    step, ahead = begin(document, CREATE, input=body), _ahead(document, payload)
    try:
        with asking(turn, document, step, action=far_side.action, ahead=ahead) as call:
            found = far_side.create(call.client, body)
    except AlegraError as error:
        asked = turn.asked
        if error.is_definite_no and error.status in (400, 404, 422):
            explained = _explained(turn, document, error, asked)
            if explained is not None:
                return explained
        return failures.after(turn, document, error, asked)
    accepted = partial(trying.accepted, document.integration, {far_side.action, *tried_for})
    return created(turn, document, call.step, found, after=accepted)


def _ahead(document: Document, payload: dict[str, Any]) -> Ahead:
    now = clock.now()
    columns = {
        "sent_at": now,
        "deadline_at": now + timing().delta("call"),
        "sends": document.sends + 1,
        "next_attempt_at": None,
        "payload": payload,
        "refusal": None,
        "payload_digest": digest(payload),
        "doc_date": date.fromisoformat(payload["date"]),
    }
    return Ahead(State.SENDING, Why.SENT, columns)


def _explained(turn: Turn, document: Document, error: AlegraError, asked: Asked) -> Decided | None:
    """A definite no, because something it names is inactive or gone.

    The contact is found or made anew; on all else the row is blocked. None where nothing is.
    """
    try:
        with asking(turn, document, asked.step):
            if refused.names_a_lost_contact(turn, document):
                return _with_another_contact(document, asked.step)
            if not refused.names_something_unusable(turn, document):
                return None
    except (BudgetExhausted, RateLimited) as busy:
        # Nothing was made; built and sent anew when there is time to ask.
        later = failures.after(turn, document, busy, Asked(asked.step))
        return replace(later, columns={**later.columns, "payload": None})
    said = told.said_of(document, error)

    def under_the_locks() -> Next:
        missing = block_on_what_is_missing(document, step=asked.step, now=clock.now(), said=said)
        return missing or failures.after(turn, document, error, asked)

    return Locked(under_the_locks)


def _with_another_contact(document: Document, step: DocumentStep) -> Next:
    """Nothing was made: built anew, and looked for before it is sent, at once."""
    note = "El contacto ya no servía en Alegra: lo buscamos otra vez."
    return Next(
        State.PENDING,
        Why.REFUSED,
        at=clock.now(),
        columns={"payload": None},
        ended=(StepEnd(step, StepState.WAITING, Outcome.REJECTED, note),),
        also=(partial(contact_memory.forget, document.buyer_contact),),
    )
