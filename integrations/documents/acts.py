"""What a person may do with an order's document. Every act is audited and says no kindly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents import beside, same_sale
from integrations.documents.fate import Fate
from integrations.documents.issue import (
    create_document,
    issue_document,
    locked_order,
)
from integrations.documents.models import Document
from integrations.orders import reread
from integrations.orders.models import Order
from integrations.scoping.search_key import normalised
from integrations.sending import again, causes, hints, look_alike
from integrations.sending.models import Work
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

# Ends the reason of an order put aside while the document made for it stays in Alegra.
LEFT_IN_ALEGRA = "_left"


class NotPossible(Exception):
    """The row is not, or no longer, in a state for this act; str() is the sentence to show."""


@transaction.atomic
def retry(document: Document, *, by, request=None, denies: bool = False) -> None:
    """Send again now, or look for it again where it may exist.

    `denies`: on the order's own page, under the question, it says that the document asked about
    is not the order's. Of many at once nobody has read the questions.
    """
    match document.state:
        case State.UNCONFIRMED | State.SENDING:
            raise NotPossible(
                _("Estamos buscando el documento en Alegra; reintentar podría duplicarlo.")
            )
        case State.BLOCKED | State.PENDING:
            pass
        case _:
            raise NotPossible(_("Este pedido no espera nada: no hay qué reintentar."))
    # What is denied is read from the questions that the retry closes.
    denied = {"denied": look_alike.deny(document) + same_sale.deny(document)} if denies else {}
    if not again.send_again(document, by=by, request=request, told=denied):
        raise NotPossible(_("Mientras tanto ya salió."))
    if document.order.needs_detail:
        # Building it again would end the same: what is missing is asked of MasterShop.
        reread.ask_for(document.order, now=clock.now())


@transaction.atomic
def look_now(document: Document, *, by, request=None) -> None:
    """The next look in Alegra is now; how often is looked before a re-send stays the same."""
    now = clock.now()
    if document.state != State.UNCONFIRMED or not document.transition(
        State.UNCONFIRMED, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now,
        # An early look must not count as one of the two that prove absence.
        probes=max(0, document.probes - 1),
    ):  # fmt: skip
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    trail.record(action="document.look_now", target=document, actor=by, request=request)
    hints.hint(document.alegra_user_id)


@transaction.atomic
def mark_external(
    order: Order,
    *,
    number: str,
    by,
    request=None,
    fate: Fate | None = None,
    leaves_it: bool = False,
    against: dict[str, Any] | None = None,
) -> Document:
    """*Ya tiene documento*: somebody else's document, named; ours is never sent.

    `fate` and `leaves_it` as for `dismiss`. `against` is for the trail: what Alegra said of the
    number, and whether a person confirmed it all the same.
    """
    document = _put_aside(
        order, State.EXTERNAL, by=by, request=request, action="document.mark_external",
        reason="external", reason_text=number.strip()[:200], fate=fate, leaves_it=leaves_it,
        told=against,
    )  # fmt: skip
    # Found by its number like any other.
    Document.objects.filter(pk=document.pk).update(number_key=normalised(number))
    beside.mark(document, locked_order(order))
    return document


@transaction.atomic
def dismiss(
    order: Order,
    *,
    reason: str,
    by,
    request=None,
    fate: Fate | None = None,
    leaves_it: bool = False,
) -> Document:
    """*No facturar*, with the reason.

    An order whose document was made and is wrong, or was deleted, needs its `fate`, read a
    moment ago; where it stays in Alegra, also the person's word that it is left there.
    """
    return _put_aside(
        order, State.DISMISSED, by=by, request=request, action="document.dismiss",
        reason="dismissed", reason_text=reason.strip()[:200], fate=fate, leaves_it=leaves_it,
    )  # fmt: skip


def _put_aside(
    order: Order,
    to: State,
    *,
    by,
    request,
    action: str,
    reason: str,
    reason_text: str,
    fate: Fate | None,
    leaves_it: bool,
    told: dict[str, Any] | None = None,
) -> Document:
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None:
        document = create_document(
            order, state=to, now=now, why=Why.PERSON, reason_text=reason_text
        )
        Document.objects.filter(pk=document.pk).update(reason=reason)
        before = None
    else:
        before = document.state
        if has_made_one(document) or fate is not None:
            if fate is None or (fate.stays and not leaves_it):
                raise NotPossible(_("El documento que se creó puede seguir en Alegra."))
            reason += LEFT_IN_ALEGRA if fate.stays else ""
        else:
            check_putting_aside(document)
        moved = document.transition(
            to, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=None, reason=reason,
            reason_text=reason_text, payload=None, removal=None,
        )  # fmt: skip
        if not moved:
            raise NotPossible(_("Mientras tanto ya salió."))
        causes.close_problems(document, now=now, by=trail.name_of(by))
        causes.close_beside(document, now=now, by=trail.name_of(by))
    left = {"left_in_alegra": document.alegra_id} if reason.endswith(LEFT_IN_ALEGRA) else {}
    trail.record(
        action=action, target=document, actor=by, request=request,
        before={"state": before},
        after={"state": str(to), "text": reason_text, **left, **(told or {})},
    )  # fmt: skip
    return document


def check_putting_aside(document: Document | None) -> None:
    """Raises NotPossible where the order has its document, or may have one, by our hand."""
    if document is None or has_made_one(document):
        return
    if document.state == State.UNCONFIRMED or not _nothing_in_alegra(document):
        raise NotPossible(_not_free(document))


def has_made_one(document: Document) -> bool:
    """It was made in Alegra, and a person decides: it differs, is gone, or could not be read."""
    return document.state == State.BLOCKED and bool(document.alegra_id)


def _nothing_in_alegra(document: Document) -> bool:
    if document.state in (State.SKIPPED, State.DISMISSED, State.EXTERNAL):
        return True
    # Also a blocked one: a person who says that it exists, or is not wanted, answers the question.
    return document.is_free


def _not_free(document: Document) -> str:
    if document.state in (State.UNCONFIRMED, State.SENDING):
        return _("Estamos buscando el documento en Alegra; espera a que se resuelva.")
    return _("Este pedido ya tiene su documento en Alegra.")


@transaction.atomic
def restore(order: Order, *, by, request=None) -> Document | None:
    """Undo *Ya tiene documento* or *No facturar*: the order is decided on anew."""
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None or document.state not in (State.EXTERNAL, State.DISMISSED):
        raise NotPossible(_("No hay nada que deshacer."))
    before = {"state": document.state, "text": document.reason_text}
    asked = {"why": Why.PERSON, "by": trail.name_of(by)}
    beside.unmark(document, now=now, by=trail.name_of(by))
    if document.alegra_id:
        # What was made for it is read again; nothing new is sent.
        document.transition(
            State.PENDING, now=now, **asked, reason="", reason_text="", next_attempt_at=now,
            number_key=normalised(document.number),
        )  # fmt: skip
        hints.hint(document.alegra_user_id)
        trail.record(
            action="document.restore", target=document, actor=by, request=request, before=before,
            after={"state": document.state},
        )  # fmt: skip
        return document
    # Through *Omitida*, from which its trigger brings it back when it is due.
    if document.state == State.EXTERNAL:
        document.transition(
            State.SKIPPED, now=now, **asked, reason="back_to_waiting", reason_text="",
            number_key="",
        )  # fmt: skip
    else:
        document.transition(State.PENDING, now=now, **asked, reason="", reason_text="")
        document.transition(State.SKIPPED, now=now, **asked, reason="back_to_waiting")
    document = issue_document(order, now=now, confirmed=True)
    trail.record(
        action="document.restore", target=document, actor=by, request=request, before=before,
        after={"state": document.state},
    )  # fmt: skip
    return document


@transaction.atomic
def approve(documents: Iterable[Document], *, by, request=None) -> int:
    """*Emitir*: let built remissions go. Returns how many; those that moved on are left."""
    now = clock.now()
    approved = 0
    for document in documents:
        if document.state != State.AWAITING_APPROVAL or not document.transition(
            State.PENDING, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now,
            priority=Work.Priority.PERSON, approved_at=now, approved_by=trail.name_of(by),
        ):  # fmt: skip
            continue
        approved += 1
        trail.record(action="document.approve", target=document, actor=by, request=request)
        hints.hint(document.alegra_user_id)
    return approved


def refuse_made(document: Document | None) -> None:
    """What goes into a document is changed only until it exists. Raises NotPossible."""
    if document is None:
        return
    if not _nothing_in_alegra(document):
        raise NotPossible(_not_free(document))
    if document.may_be_there:
        # Built anew it would be sent again before the question is answered.
        raise NotPossible(_("El documento puede estar en Alegra; decide primero eso."))


def build_anew(document: Document, *, now: datetime, by) -> None:
    if document.transition(
        State.PENDING, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now,
        failures=0, failing_since=None,
    ):  # fmt: skip
        causes.close_problems(document, now=now, by=trail.name_of(by))
        hints.hint(document.alegra_user_id)
