"""What follows from a reading of a draft that people may have worked on in Alegra.

Product, the document is made: an edited one stays as the person left it, a deleted one is never
made again by itself, an emitted one is followed like our own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import VOID
from integrations.alegra.invoices import Invoice
from integrations.documents import as_read, beside, edited, emission, legal
from integrations.documents.far_status import EMITTED
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import causes
from integrations.sending.about import about
from integrations.sending.decided import Next
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import after_a_cure
from integrations.sending.states import State, Why

# What a reading that finds something else may settle: it is compared anew.
_SETTLED_BY_READING = ("gone", "voided", "total_differs", "client_differs", "warehouse_not_kept")


def has_changed(document: Document, found: Invoice) -> bool:
    """Whether Alegra tells anything of it that the row does not know. No queries, but one where
    it does not say whether a numbering is electronic."""
    if found.status[:12] != document.alegra_status or (found.number or "") != document.number:
        return True
    if _is_news(document, found):
        return True
    unstamped = document.legal_state == Document.LegalState.UNSTAMPED
    if as_read.is_unstamped(document, found) != unstamped or edited.known(document) is None:
        return True
    return edited.digest_now(document, found) != edited.digest(document)


def after_reading(document: Document, order: Order, found: Invoice, *, now: datetime) -> Next:
    """Where the document goes. Needs the order's lock, in the transaction that writes it."""
    columns = as_read.columns(document, found, now=now)
    if found.status == VOID:
        return _ended(document, order, columns, about(document, "voided"), now)
    columns |= _edited(document, found)
    follow = partial(beside.refresh, document, order, now=now)
    if _is_news(document, found):
        return _joined(legal.after_reading(document, found), document, columns, follow)
    if _is_to_be_compared(document, found):
        to, at = after_a_cure(document, now)
        # Until it was compared, the form that differed is the measure.
        columns.pop("as_verified", None)
        return Next(to, Why.READ, at=at, problems=(), columns=columns, also=(follow,))
    return _stays(document, columns, follow)


def after_absence(document: Document, order: Order, *, now: datetime) -> Next:
    """Alegra does not have it any more: read twice, in a company that can be read."""
    called = document.called if document.alegra_status in EMITTED else _("el borrador")
    columns = {"last_read_at": now, "alegra_status": "", "edited": None}
    return _ended(document, order, columns, about(document, "gone", called=called), now)


def is_known_gone(document: Document) -> bool:
    return document.state == State.BLOCKED and (
        document.problems.filter(code="gone", closed_at=None).exists()
    )


# --- Inside --------------------------------------------------------------------------------
def _is_news(document: Document, found: Invoice) -> bool:
    """Whether what the DIAN says leads anywhere. A rejection that the portal knows stays with the
    record until it is emitted again, by the portal too."""
    told = legal.told(found)
    if told is not legal.Told.REJECTED:
        return told is not legal.Told.NOTHING
    is_known = document.state == State.REJECTED or legal.is_old_rejection(document, found)
    return not is_known and not emission.is_wanted(document)


def _edited(document: Document, found: Invoice) -> dict[str, Any]:
    if edited.known(document) is None and (differs := edited.kept(document, found)):
        # Its form was never kept, and it is not as it was built.
        return {"edited": differs}
    return edited.columns(document, found, is_right=document.state != State.BLOCKED)


def _is_to_be_compared(document: Document, found: Invoice) -> bool:
    """It waits because it was wrong, gone or void, and is not as it was found then."""
    if document.state != State.BLOCKED:
        return False
    form = edited.known(document)
    is_other = found.status[:12] != document.alegra_status or (
        form is not None and not form["is_right"] and bool(edited.differences(document, found))
    )
    waits = document.problems.filter(closed_at=None, code__in=_SETTLED_BY_READING)
    return is_other and waits.exists()


def _ended(
    document: Document, order: Order, columns: dict[str, Any], problem: Found, now: datetime
) -> Next:
    """It is worth nothing there any more: as it should be of an order that is no sale, else
    asked about."""
    after = beside.after_of(document, order)
    if after.reversal or after.is_undone:
        close = partial(causes.close_beside, document, now=now)
        return Next(State.WITHDRAWN, Why.READ, problems=(), columns=columns, also=(close,))
    follow = partial(beside.refresh, document, order, now=now)
    return Next(State.BLOCKED, Why.READ, problems=[problem], columns=columns, also=(follow,))


def _stays(document: Document, columns: dict[str, Any], follow: Callable[[], object]) -> Next:
    state = State(document.state)
    return Next(state, at=document.next_attempt_at, columns=columns, also=(follow,))


def _joined(
    made: Next, document: Document, columns: dict[str, Any], follow: Callable[[], object]
) -> Next:
    """What the DIAN's word decides, and what else was read."""
    problems = made.problems
    if problems is None and document.state == State.BLOCKED != made.state:
        # What it waited for is over: a person emitted it.
        problems = ()
    return replace(
        made,
        problems=problems,
        columns={**columns, **made.columns},
        also=(follow, *made.also),
    )
