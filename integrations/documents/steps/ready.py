"""Whether a document may go on: its order's newest truth, read again each time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from integrations.documents.decide import decide
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.issue import ASKED_FIRST, STAYS, issue_document
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.steps.doubt import settle_doubt
from integrations.sending.decided import Decided, StepFunction, give_back, go_on
from integrations.sending.lost_answer import before_resending
from integrations.sending.rows import renew
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def waits(turn: Turn, document: Document, again: StepFunction) -> Decided | None:
    """What becomes of a row whose order is not to be documented now; None where it is.

    `again`: the step that asks, for a row that is written on the way and comes back to it.
    """
    now = clock.now()
    read_order(document)
    if document.order.reread_next_at is not None:
        # An unsigned change is being read again at its source: not yet believed.
        return give_back(document, at=now + timing().delta("held"))
    undecided = document.reason in ASKED_FIRST
    decision = decide(document.order, confirmed=not undecided)
    goes_on = ("off",) if undecided else ("off", "before_start")
    if undecided and decision.verdict == "due":
        return go_on(document, again, columns={"reason": ""})
    if decision.verdict != "due" and decision.code not in goes_on:
        return _no_longer_due(turn, document, decision.code, confirmed=not undecided)
    if document.order.integration.company.total_doubted_at is not None:
        renew(document, now)
        if not settle_doubt(turn, document):
            return give_back(document, at=now + timing().delta("doubted"))
        read_order(document)
    return None


def _no_longer_due(turn: Turn, document: Document, code: str, *, confirmed: bool) -> Decided:
    now = clock.now()
    columns = {}
    if document.may_be_there and code not in STAYS:
        if found := before_resending(turn, document, FAR_SIDES[document.kind]):
            return found
        # Looked for once more and not there: it may be withdrawn like any other.
        columns = {"payload": None}
    follow = partial(issue_document, document.order, now=now, confirmed=confirmed)
    return give_back(document, at=now + timing().delta("held"), columns=columns, after=(follow,))
