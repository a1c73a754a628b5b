"""Why Alegra refused a document: what it names is read there again, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.documents import contact_memory, refused, stock_missing
from integrations.documents.missing import block_on_what_is_missing
from integrations.documents.models import Document, DocumentStep
from integrations.sending import failures, told
from integrations.sending.asking import Asked, asking
from integrations.sending.decided import Decided, Locked, Next, StepEnd, blocked
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def explained(turn: Turn, document: Document, error: AlegraError, asked: Asked) -> Decided | None:
    """A definite no, because something it names is inactive or gone, or is not there in the
    quantity asked for.

    The contact is found or made anew; on all else the row is blocked. None where nothing is.
    """
    said = told.said_of(document, error)
    try:
        with asking(turn, document, asked.step) as call:
            if refused.names_a_lost_contact(turn, document):
                return _with_another_contact(document, asked.step)
            if not refused.names_something_unusable(turn, document):
                return _without_stock(document, asked, said, call.client)
    except (BudgetExhausted, RateLimited) as busy:
        # Nothing was made; built and sent anew when there is time to ask.
        later = failures.after(turn, document, busy, Asked(asked.step))
        return replace(later, columns={**later.columns, "payload": None})

    def under_the_locks() -> Next:
        missing = block_on_what_is_missing(document, step=asked.step, now=clock.now(), said=said)
        return missing or failures.after(turn, document, error, asked)

    return Locked(under_the_locks)


def _without_stock(
    document: Document, asked: Asked, said: str, client: AlegraClient
) -> Next | None:
    """Blocked on the products of which Alegra has too few; None where it has enough.

    Not asked where the words speak of the account: its limits have nothing to do with products.
    """
    if told.is_of_the_account(said):
        return None
    missing = [told.with_words(each, said) for each in stock_missing.look(client, document)]
    return blocked(missing, asked.step, outcome=Outcome.REJECTED) if missing else None


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
