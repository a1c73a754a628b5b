"""What a claimed document needs now: to be looked for, to be read, or to be pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.configuration import company_facts
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.steps import confirm, push, search
from integrations.sending.decided import Decided, give_back
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def start(turn: Turn, document: Document) -> Decided:
    if document.state == State.UNCONFIRMED:
        read_order(document)
        return search.look(turn, document)
    if document.alegra_id:
        read_order(document)
        return confirm.read(turn, document)
    if turn.held.enter_context(company_facts.alone_unless_trusted(document.company)):
        return push.prepare(turn, document)
    turn.stop()
    return give_back(document, at=clock.now() + timing().delta("first_goes"))
