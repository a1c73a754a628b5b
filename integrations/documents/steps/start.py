"""What a claimed document needs now: whether a first one goes alone, then the core's first step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.configuration import company_facts
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.steps.delete import delete
from integrations.documents.steps.dian import follow
from integrations.documents.steps.emit import emit
from integrations.documents.steps.make import make
from integrations.documents.steps.ready import waits
from integrations.sending.decided import Decided, give_back
from integrations.sending.exactly_once import advance
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def start(turn: Turn, document: Document) -> Decided:
    if document.removal is not None:
        return delete(turn, document)
    if document.state == State.EMITTING:
        return follow(turn, document)
    if document.state == State.CREATED:
        return emit(turn, document)
    if document.state == State.UNCONFIRMED or document.alegra_id:
        read_order(document)
    elif not turn.held.enter_context(company_facts.alone_unless_trusted(document.company_id)):
        turn.stop()
        return give_back(document, at=clock.now() + timing().delta("first_goes"))
    return advance(turn, document, far=FAR_SIDES[document.kind], make=make, waits=waits)
