"""What a claimed document needs now: contact, create, verify; or look for it first.

Every step: commit the intention, call with no transaction open, commit the outcome. A
worker may die between any two lines (reliability reference, *Exactly one document*).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from integrations.alegra.errors import AlegraError
from integrations.catalog.items import refresh_one
from integrations.colombia.dates import bogota_today
from integrations.configuration import company_facts
from integrations.documents import (
    by_hand,
    contact_step,
    gather,
    gather_lines,
)
from integrations.documents.build import Built, build, summary
from integrations.documents.creating import (
    block_on_what_is_missing,
    create,
    read_order,
)
from integrations.documents.decide import decide
from integrations.documents.existing import (
    check_by_reading,
    settle_doubt,
)
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.issue import ASKED_FIRST, STAYS, issue_document
from integrations.documents.made_of import made_of
from integrations.documents.models import Document
from integrations.documents.payload import freeze
from integrations.documents.search import found_before_resending, search
from integrations.sending import causes, failures, trying
from integrations.sending.gate import gate
from integrations.sending.rows import release_lease, renew, write
from integrations.sending.states import Outcome, State, Why
from integrations.sending.transition import LeaseLost
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
            read_order(document)
            search(turn, document)
        elif document.alegra_id:
            read_order(document)
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


# --- Pushing -------------------------------------------------------------------------------


def _push(turn: Any, document: Document) -> None:
    if not _may_go_on(turn, document):
        return
    if document.sends and found_before_resending(turn, document):
        return
    if document.may_be_there and document.refusal is not None:
        # Alegra told an error, and two looks found nothing: refused, so it is built anew.
        write(document, payload=None, refusal=None)
    if document.may_be_there:
        # Nothing is built: whatever was changed since, a re-send sends the same again.
        if _may_go_on(turn, document):
            create(turn, document, document.payload)
        return
    built = _build(turn, document)
    if built is None or _is_held(document):
        return
    if not contact_step.find(turn, document, built):
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
    create(turn, document, freeze(built.payload))


def _is_held(document: Document) -> bool:
    """Alegra refuses these documents for now: it waits with the others, untried."""
    held = trying.held_by(document, FAR_SIDES[document.kind].action)
    if held is not None:
        failures.block(document, None, [held], outcome=Outcome.PLAN)
    return held is not None


def _may_go_on(turn: Any, document: Document) -> bool:
    """The order's newest truth and the gate, read again; what does not pass is put away."""
    now = clock.now()
    read_order(document)
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
        read_order(document)
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
        if not block_on_what_is_missing(document, now=now):
            release_lease(document, again_at=now)
        return None
    built = result.built
    if built.is_worth_nothing:
        with transaction.atomic():
            document.move(
                State.SKIPPED, now=now, why=Why.WORTHLESS, reason=built.nothing,
                next_attempt_at=None,
            )  # fmt: skip
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
        # What it waited for is cured: the cause is told before the call is made. Whether Alegra
        # takes it again is seen after it.
        waits = waits_for_a_yes and document.approved_at is None
        causes.close_problems(document, now=now, but=() if waits else trying.TRIED)
        if waits:
            document.move(
                State.AWAITING_APPROVAL, now=now, why=Why.APPROVAL, next_attempt_at=None, **columns
            )
            return None
        write(document, **columns)
    return built


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
