"""*Emitir de nuevo*: emit a rejected invoice under the same id with the date of today. And
*No emitirla*: take back the wish to emit a draft that waits for its cure."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents import emission, may_emit
from integrations.documents.acts import NotPossible
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.states import State
from integrations.timekeeping import clock

# What is put right by building it anew.
_CURED_BY_IT = ("changed", "edited")


@transaction.atomic
def emit_again(order: Order, *, by, request=None) -> Document:
    """It is built with what was corrected since, changed in Alegra and emitted. Raises
    NotPossible where it is not rejected any more, or its order is no sale."""
    order = locked_order(order)
    document = order.document
    if document is None or document.state != State.REJECTED:
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    why = may_emit.by_its_order(document)
    if why and why not in _CURED_BY_IT:
        raise NotPossible(_("%(why)s: no se emite.") % {"why": may_emit.words(why)})
    if not emission.ask(document, by=trail.name_of(by), now=clock.now()):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    trail.record(
        action="document.emit_again", target=document, actor=by, request=request,
        before={"state": str(State.REJECTED)}, after={"state": document.state},
    )  # fmt: skip
    return document


@transaction.atomic
def do_not_emit(order: Order, *, by, request=None) -> Document:
    """Take back the wish to emit a blocked draft, which remains blocked. Raises NotPossible."""
    document = locked_order(order).document
    if document is None or not may_be_left(document):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    asked_by = document.emit_by
    if not emission.take_back(document, by=trail.name_of(by), now=clock.now()):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    trail.record(
        action="document.emit_not", target=document, actor=by, request=request,
        before={"emit_by": asked_by},
    )  # fmt: skip
    return document


def may_be_left(document: Document) -> bool:
    """Whether its emission was asked for and waits for a cure."""
    is_blocked = document.state == State.BLOCKED and bool(document.emit_by)
    return is_blocked and emission.may_be_taken_back(document)
