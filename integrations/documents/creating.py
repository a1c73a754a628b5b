"""Creating a document: the one call that is never made twice, and what follows its refusal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.connections.models import Integration
from integrations.documents import contact_memory, gather, refused
from integrations.documents.build import build
from integrations.documents.existing import CREATE, begin_step, created
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.issue import locked_order
from integrations.documents.models import Document, DocumentStep
from integrations.documents.payload import digest, thaw
from integrations.documents.send_limits import too_many_sends
from integrations.orders.models import Order
from integrations.sending import failures, steps, told, trying
from integrations.sending.rows import renew, write
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


def create(turn: Any, document: Document, payload: dict[str, Any]) -> None:
    """Send the frozen payload, under the date that stands in it: there it is looked for."""
    if too_many_sends(document):
        return
    credential = document.integration.credential
    far_side = FAR_SIDES[document.kind]
    now = clock.now()
    body = thaw(payload)
    with transaction.atomic():
        renew(document, now)
        step = begin_step(document, CREATE, input=body)
        document.move(
            State.SENDING,
            now=now,
            why=Why.SENT,
            keep_lease=True,
            sent_at=now,
            deadline_at=now + timing().delta("call"),
            sends=document.sends + 1,
            next_attempt_at=None,
            payload=payload,
            refusal=None,
            payload_digest=digest(payload),
            doc_date=date.fromisoformat(payload["date"]),
        )
    turn.journal.follow(document, step, creates=True)
    if clock.now() + timing().delta("call") + timing().delta("lease_margin") > document.lease_until:
        # The commit itself took too long: nothing was sent, and nothing may be any more.
        undone = failures.undone(document)
        now = clock.now()
        document.move(State.PENDING, now=now, why=Why.NOT_SENT, next_attempt_at=now, **undone)
        return
    tried_for = trying.actions_tried_with(document)
    try:
        found = far_side.create(turn.client(credential), body)
    except AlegraError as error:
        _create_failed(turn, document, step, error, far_side.action)
        return
    created(turn, document, step, found)
    trying.accepted(document.integration, {far_side.action, *tried_for})


def _create_failed(
    turn: Any, document: Document, step: DocumentStep, error: AlegraError, action: str
) -> None:
    is_refused = error.is_definite_no and error.status in (400, 404, 422)
    if is_refused and _explained(turn, document, step, said=told.said_of(document, error)):
        return
    failures.settle(turn, document, step, error, creates=True, action=action)


def _explained(turn: Any, document: Document, step: DocumentStep, *, said: str) -> bool:
    """A definite no, because something it names is inactive or gone.

    The contact is found or made anew; on all else the row is blocked.
    """
    turn.journal.follow(document, step)
    try:
        if refused.names_a_lost_contact(turn, document):
            _with_another_contact(document, step)
            return True
        if not refused.names_something_unusable(turn, document):
            return False
    except (BudgetExhausted, RateLimited) as busy:
        # Nothing was made; built and sent anew when there is time to ask.
        write(document, payload=None)
        failures.settle(turn, document, step, busy)
        return True
    return block_on_what_is_missing(document, step=step, now=clock.now(), said=said)


def _with_another_contact(document: Document, step: DocumentStep) -> None:
    """Nothing was made: built anew, and looked for before it is sent, at once."""
    now = clock.now()
    contact_memory.forget(document.buyer_contact)
    note = "El contacto ya no servía en Alegra: lo buscamos otra vez."
    with transaction.atomic():
        steps.finish(step, StepState.WAITING, now=now, outcome=Outcome.REJECTED, note=note)
        document.move(State.PENDING, now=now, why=Why.REFUSED, payload=None, next_attempt_at=now)


def block_on_what_is_missing(
    document: Document, *, now: datetime, step: DocumentStep | None = None, said: str = ""
) -> bool:
    """Block on what is missing, unless it came while it was found missing; says which.

    `said` is what Alegra called it when it refused the document.

    Who cures a problem, or tells the order anew, looks for rows that are blocked already and
    holds one of these locks meanwhile: either this row is seen there, or the cure is seen here.
    """
    with transaction.atomic():
        locked_order(document.order)
        Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
        read_order(document)
        result = build(gather.gather(document.order, marker=document.marker, now=now))
        if result.problems:
            outcome = Outcome.CONFIGURATION if step is None else Outcome.REJECTED
            found = [told.with_words(each, said) for each in result.problems]
            failures.block(document, step, found, outcome=outcome)
        return bool(result.problems)


def read_order(document: Document) -> None:
    """The order as it is now, with all that the rules, the gate and the calls ask of it."""
    document.order = (
        Order.objects.select_related("integration__company", "integration__credential__alegra_user")
        .prefetch_related("status_times")
        .get(pk=document.order_id)
    )
    document.integration = document.order.integration
