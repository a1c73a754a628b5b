"""What a claimed document needs now: contact, create, verify; or look for it first.

Every step: commit the intention, call with no transaction open, commit the outcome. A
worker may die between any two lines (reliability reference, *Exactly one document*).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.catalog.items import refresh_one
from integrations.colombia.dates import bogota_today
from integrations.configuration import company_facts
from integrations.connections.models import Integration
from integrations.documents import (
    by_hand,
    contact_memory,
    contact_step,
    gather,
    gather_lines,
    refused,
)
from integrations.documents.build import Built, build, summary
from integrations.documents.decide import decide
from integrations.documents.existing import (
    CREATE,
    begin_step,
    check_by_reading,
    created,
    settle_doubt,
)
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.issue import ASKED_FIRST, STAYS, issue_document, locked_order
from integrations.documents.made_of import made_of
from integrations.documents.models import Document, DocumentStep
from integrations.documents.payload import digest, freeze, thaw
from integrations.documents.search import found_before_resending, search
from integrations.documents.send_limits import too_many_sends
from integrations.orders.models import Order
from integrations.sending import causes, failures, steps
from integrations.sending.gate import gate
from integrations.sending.rows import LeaseLost, move, release_lease, renew, write
from integrations.sending.states import Outcome, State, StepState
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("documents")

# How long a row that the gate holds rests before it is asked again.
HELD = timedelta(seconds=30)
# … one that lets another of its company go first …
FIRST_GOES = timedelta(seconds=1)
# … and one whose company is being read because a total came back wrong.
DOUBTED = timedelta(seconds=5)


def perform(turn: Any, document: Document) -> None:
    """Do what the row needs. Raises LeaseLost; anything else is recorded on the row."""
    try:
        if document.state == State.UNCONFIRMED:
            _read_order(document)
            search(turn, document)
        elif document.alegra_id:
            _read_order(document)
            check_by_reading(turn, document)
        else:
            with company_facts.alone_unless_trusted(document.company) as may_go:
                if may_go:
                    _push(turn, document)
                else:
                    turn.stop()
                    release_lease(document, again_at=clock.now() + FIRST_GOES)
    except LeaseLost:
        raise
    except Exception as error:
        _as_stored(document)
        failures.settle(turn, document, None, error)


def _as_stored(document: Document) -> None:
    """What a transaction that was rolled back had written on the object is not so.

    Raises LeaseLost where the row has moved on: nothing is left to settle.
    """
    generation = document.generation
    document.refresh_from_db(
        fields=["generation", "state", "sends", "payload", "alegra_id", "failures",
                "failing_since", "sent_at", "probes", "deaths", "lease_until"]
    )  # fmt: skip
    if document.generation != generation or document.lease_until is None:
        log.error("failed after the row was settled", exc_info=True)
        raise LeaseLost


def _read_order(document: Document) -> None:
    """The order as it is now, with all that the rules, the gate and the calls ask of it."""
    document.order = (
        Order.objects.select_related("integration__company", "integration__credential__alegra_user")
        .prefetch_related("status_times")
        .get(pk=document.order_id)
    )
    document.integration = document.order.integration


# --- Pushing -------------------------------------------------------------------------------


def _push(turn: Any, document: Document) -> None:
    if not _may_go_on(turn, document):
        return
    if document.sends and found_before_resending(turn, document):
        return
    if document.may_be_there:
        # Nothing is built: whatever was changed since, a re-send sends the same again.
        if _may_go_on(turn, document):
            _create(turn, document, document.payload)
        return
    built = _build(turn, document)
    if built is None or not contact_step.find(turn, document, built):
        return
    if by_hand.stands_in_the_way(turn, document, built, now=clock.now()):
        return
    # All this took a call or two: the order and the gate are asked once more.
    if not _may_go_on(turn, document):
        return
    now = clock.now()
    if built.payload["date"] != bogota_today(now).isoformat():
        # Midnight came between. A document carries the day on which it is sent, and its
        # payment is due from then: it is built again.
        release_lease(document, again_at=now)
        return
    _create(turn, document, freeze(built.payload))


def _may_go_on(turn: Any, document: Document) -> bool:
    """The order's newest truth and the gate, read again; what does not pass is put away."""
    now = clock.now()
    _read_order(document)
    if document.order.reread_next_at is not None:
        # An unsigned change is being read again at its source: not yet believed.
        release_lease(document, again_at=now + HELD)
        return False
    undecided = document.reason in ASKED_FIRST
    decision = decide(document.order, confirmed=not undecided)
    goes_on = ("off",) if undecided else ("off", "before_start")
    if undecided and decision.verdict == "due":
        write(document, reason="")
    if decision.verdict != "due" and decision.code not in goes_on:
        if document.may_be_there and decision.code not in STAYS:
            if found_before_resending(turn, document):
                return False
            # Looked for once more and not there: it may be withdrawn like any other.
            write(document, payload=None)
        release_lease(document, again_at=now + HELD)
        issue_document(document.order, now=now, confirmed=not undecided)
        return False
    if document.order.integration.company.total_doubted_at is not None:
        renew(document, now)
        if not settle_doubt(turn, document):
            release_lease(document, again_at=now + DOUBTED)
            return False
        _read_order(document)
    doc_date = document.doc_date if document.may_be_there else bogota_today(now)
    held = gate(document.order.integration, doc_date=doc_date, now=now)
    if held is not None:
        release_lease(document, again_at=held.until or now + HELD)
        return False
    return True


def _build(turn: Any, document: Document) -> Built | None:
    """Build with the settings of this moment; problems block the row, all at once."""
    now = clock.now()
    try:
        _refresh_old_copies(turn, document)
    except AlegraError as error:
        failures.settle(turn, document, None, error, action="leer productos")
        return None
    facts = gather.gather(document.order, marker=document.marker, now=now)
    result = build(facts)
    if result.problems:
        if not _block(document, now=now):
            release_lease(document, again_at=now)
        return None
    built = result.built
    if built.is_worth_nothing:
        with transaction.atomic():
            move(document, State.SKIPPED, now=now, reason="zero_total", next_attempt_at=None)
            causes.close_problems(document, now=now)
        return None
    columns = {
        "kind": facts.settings.kind,
        "mode": facts.settings.mode,
        "settings_version": facts.settings.version,
        "settings_snapshot": gather.snapshot(facts.settings),
        "built": summary(built),
        "made_of": made_of(facts, document.order),
        "total": built.value,
        "total_pesos": int(built.value),
        "tax": built.tax,
    }
    waits_for_a_yes = (columns["kind"], columns["mode"]) == ("remission", "draft")
    with transaction.atomic():
        # What it waited for is cured: the cause is told before the call is made.
        causes.close_problems(document, now=now)
        if waits_for_a_yes and document.approved_at is None:
            move(document, State.AWAITING_APPROVAL, now=now, next_attempt_at=None, **columns)
            return None
        write(document, **columns)
    return built


def _block(document: Document, *, now: datetime, step: DocumentStep | None = None) -> bool:
    """Block on what is missing, unless it came while it was found missing; says which.

    Who cures a problem, or tells the order anew, looks for rows that are blocked already and
    holds one of these locks meanwhile: either this row is seen there, or the cure is seen here.
    """
    with transaction.atomic():
        locked_order(document.order)
        Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
        _read_order(document)
        result = build(gather.gather(document.order, marker=document.marker, now=now))
        if result.problems:
            outcome = Outcome.CONFIGURATION if step is None else Outcome.REJECTED
            failures.block(document, step, list(result.problems), outcome=outcome)
        return bool(result.problems)


def _refresh_old_copies(turn: Any, document: Document) -> None:
    """Products whose copy is older than a day are read before a document is built from them."""
    oldest = clock.now() - timing().delta("item_copy")
    old = [item for item in gather_lines.items_of(document.order) if item.fetched_at < oldest]
    if not old:
        return
    client = turn.client(document.integration.credential)
    turn.journal.rest()
    for item in old:
        renew(document, clock.now())
        refresh_one(document.company, client, item.alegra_id)


def _create(turn: Any, document: Document, payload: dict[str, Any]) -> None:
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
        move(
            document,
            State.SENDING,
            now=now,
            keep_lease=True,
            sent_at=now,
            deadline_at=now + timing().delta("call"),
            sends=document.sends + 1,
            next_attempt_at=None,
            payload=payload,
            payload_digest=digest(payload),
            doc_date=date.fromisoformat(payload["date"]),
        )
    turn.journal.follow(document, step, creates=True)
    if clock.now() + timing().delta("call") + timing().delta("lease_margin") > document.lease_until:
        # The commit itself took too long: nothing was sent, and nothing may be any more.
        undone = failures.undone(document)
        move(document, State.PENDING, now=clock.now(), next_attempt_at=clock.now(), **undone)
        return
    try:
        found = far_side.create(turn.client(credential), body)
    except AlegraError as error:
        _create_failed(turn, document, step, error, far_side.action)
        return
    created(turn, document, step, found)


def _create_failed(
    turn: Any, document: Document, step: DocumentStep, error: AlegraError, action: str
) -> None:
    is_refused = error.is_definite_no and error.status in (400, 404, 422)
    if is_refused and _explained(turn, document, step):
        return
    failures.settle(turn, document, step, error, creates=True, action=action)


def _explained(turn: Any, document: Document, step: DocumentStep) -> bool:
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
    return _block(document, step=step, now=clock.now())


def _with_another_contact(document: Document, step: DocumentStep) -> None:
    """Nothing was made: built anew, and looked for before it is sent, at once."""
    now = clock.now()
    contact_memory.forget(document.buyer_contact)
    note = "El contacto ya no servía en Alegra: lo buscamos otra vez."
    with transaction.atomic():
        steps.finish(step, StepState.WAITING, now=now, outcome=Outcome.REJECTED, note=note)
        move(document, State.PENDING, now=now, payload=None, next_attempt_at=now)
