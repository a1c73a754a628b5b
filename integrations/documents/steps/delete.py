"""A draft that a person wants deleted (`documents/deleting.py`): read, written ahead, deleted.

Whoever comes after a lost answer or a dead worker reads by id: gone means that it was deleted;
still a draft, it is deleted once more, which can harm nothing. What is no draft any more, or is
not what the person was shown, stays: an emitted invoice is never deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, Rejected
from integrations.audit import trail
from integrations.colombia.dates import bogota_today
from integrations.colombia.peso_text import pesos
from integrations.documents import as_read, beside, deleting, legal
from integrations.documents.decide import decide
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.in_alegra import form_of, read, why_no_draft
from integrations.documents.issue import create_document, issue_document, locked_order
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.step_rows import DELETE, begin
from integrations.documents.steps.remove import ACTION, delete_draft
from integrations.orders.models import Order
from integrations.scoping.search_key import normalised
from integrations.sending import causes, confirm, failures, hints, told, trying
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import (
    Decided,
    Locked,
    Next,
    StepEnd,
    StepFunction,
    give_back,
    go_on,
)
from integrations.sending.gate import gate
from integrations.sending.marker import carries
from integrations.sending.models import Step
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.tenancy.models import User
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def delete(turn: Turn, document: Document) -> Decided:
    """`document.removal` is set: the first step of a row that is due for it."""
    if document.state == State.UNCONFIRMED:
        # Brought back by a cure, which has what may have been sent looked for. It is deleted.
        return Next(State.PENDING, Why.TRIED, then=delete)
    read_order(document)
    wish = document.removal
    if (held := _held(document, document.doc_date)) is not None:
        return held
    step = begin(document, DELETE, input={"id": wish["id"]})
    try:
        with asking(turn, document, step, action=READ_DOCUMENTS) as call:
            found = read(call.client, document, wish["id"])
            row = call.step
        if found is None or found.status == VOID:
            return Locked(partial(_deleted, document, row, was_there=False))
        if why := _why_it_stays(document, found):
            return _stays(document, row, why, found)
        if (held := _held(document, found.date)) is not None:
            return held
        # Committed before the call. Who comes after reads by id, whatever became of it.
        sent = {"removal": {**wish, "sent": clock.now().isoformat()}}
        ahead = Ahead(State(document.state), Why.PERSON, sent, creates=False)
        with asking(turn, document, step, action=ACTION, ahead=ahead) as call:
            delete_draft(call.client, document, wish["id"])
            row = call.step
    except Rejected as error:
        # Somebody emitted it since it was read.
        said = told.said_of(document, error)
        return _stays(document, row, _("Alegra no lo borró. Dijo: «%s»") % said)
    except AlegraError as error:
        return failures.after(turn, document, error, turn.asked)
    return Locked(partial(_deleted, document, row))


def _held(document: Document, day: date | None) -> Next | None:
    """The gate: nothing is deleted in closed books, nor while writing is held."""
    now = clock.now()
    held = gate(document.integration, doc_date=day or bogota_today(now), now=now)
    if held is None:
        return None
    return give_back(document, at=held.until or now + timing().delta("held_draft"))


def _why_it_stays(document: Document, found: AlegraDocument) -> str:
    """In Spanish, for the step; '' for a draft that is what the person was shown."""
    wish = document.removal
    if why := why_no_draft(found.status, found.legal_status or ""):
        return _("En Alegra %(why)s: no se borra.") % {"why": why}
    if found.total != Decimal(wish["total"]):
        text = _("Alguien lo cambió en Alegra mientras tanto (ahora vale %(total)s): no se borra.")
        return text % {"total": pesos(found.total)}
    if wish.get("form") not in (None, form_of(found)):
        return _("Alguien lo cambió en Alegra mientras tanto: no se borra.")
    if wish["then"] != deleting.KEEP:
        return "" if wish["id"] == document.alegra_id else _("Ya no es el del pedido: no se borra.")
    is_ours = carries(found.observations, document.marker)
    if not is_ours or wish["id"] == document.alegra_id or _is_anothers(document, wish["id"]):
        return _("No es un borrador repetido de este pedido: no se borra.")
    return ""


def _is_anothers(document: Document, alegra_id: str) -> bool:
    rows = Document.objects.filter(company=document.company_id, kind=document.kind)
    return rows.filter(alegra_id=alegra_id).exists()


def _stays(
    document: Document, step: Step, why: str, found: AlegraDocument | None = None
) -> Decided:
    """Nothing was deleted. The order's own is read and compared again, as it is there now."""
    ended = (StepEnd(step, StepState.FAILED, Outcome.REJECTED, why),)
    columns = deleting.not_deleted(document, clock.now())
    at = columns.pop("next_attempt_at")
    if document.removal["then"] == deleting.KEEP:
        return Next(State(document.state), at=at, columns=columns, ended=ended)
    again: StepFunction = partial(confirm.read, far=FAR_SIDES[document.kind])
    if found is not None and legal.told(found) is legal.Told.REJECTED:
        again = lambda _turn, document: legal.after_reading(document, found)  # noqa: E731
    return go_on(document, again, columns=columns, ended=ended)


def _deleted(document: Document, step: Step, *, was_there: bool = True) -> Next:
    """It is gone: what the person wanted done then, with the order as it is at this moment."""
    now = clock.now()
    order = locked_order(document.order)
    note = _("Se borró en Alegra.") if was_there else _("Ya no estaba en Alegra.")
    ended = (StepEnd(step, StepState.DONE, Outcome.OK, note),)
    follow = _FOLLOWS[document.removal["then"]](document, order, now)
    after = (
        partial(trying.accepted, document.integration, {ACTION}),
        partial(hints.hint, document.alegra_user_id),
    )
    return Next(ended=ended, after=after, **follow)


def _withdrawn(document: Document, order: Order, now: datetime) -> dict[str, Any]:
    after = beside.after_of(document, order)
    words = _("Se borró su borrador")
    if after.happened:
        words = _("Se borró su borrador: el pedido %(happened)s") % {"happened": after.happened}
    return {
        **_end(document, words),
        "also": (
            _leaves(document, now),
            # A sale again by now: it is asked about.
            partial(issue_document, order, now=now),
        ),
    }


def _anew(document: Document, order: Order, now: datetime) -> dict[str, Any]:
    """The next cycle, whose marker differs; where the order is no sale by now, none."""
    made = _withdrawn(document, order, now)
    if decide(order, confirmed=True).verdict != "due":
        return made
    follow = partial(_next_cycle, document, order, now, by=_asker(document.removal))
    ended = _end(document, _("Se borró su borrador y se hizo otro"))
    return {
        **ended,
        "also": (
            _leaves(document, now),
            follow,
        ),
    }


def _next_cycle(document: Document, order: Order, now: datetime, *, by: User | None) -> None:
    made = create_document(order, state=State.PENDING, now=now, why=Why.PERSON)
    trail.record(
        action="document.create_anew", target=order, actor=by,
        before={"document": document.pk, "alegra_id": document.alegra_id},
        after={"document": made.pk, "cycle": made.cycle},
    )  # fmt: skip


def _dismissed(document: Document, order: Order, now: datetime) -> dict[str, Any]:
    return _aside(document, State.DISMISSED, "dismissed", "document.dismiss", now)


def _external(document: Document, order: Order, now: datetime) -> dict[str, Any]:
    made = _aside(document, State.EXTERNAL, "external", "document.mark_external", now)
    made["columns"] |= {"number_key": normalised(document.removal["reason"])}
    return {**made, "also": (*made["also"], partial(beside.mark, document, order))}


def _aside(
    document: Document, to: State, reason: str, action: str, now: datetime
) -> dict[str, Any]:
    """As a person's act puts an order aside, of which nothing is in Alegra any more."""
    wish = document.removal
    record = partial(
        trail.record, action=action, target=document, actor=_asker(wish),
        after={"state": str(to), "text": wish["reason"], "deleted": wish["id"],
               **wish["evidence"]},
    )  # fmt: skip
    return {
        "state": to,
        "why": Why.PERSON,
        "problems": (),
        "columns": {
            **_NOTHING_LEFT,
            "alegra_id": "",
            "payload": None,
            **as_read.NOTHING,
            "reason": reason,
            "reason_text": wish["reason"],
        },
        "also": (
            _leaves(document, now),
            record,
        ),
    }


def _kept(document: Document, order: Order, now: datetime) -> dict[str, Any]:
    """Another one was deleted: the order's own is where it was."""
    columns = deleting.not_deleted(document, now)
    others = [each for each in document.doubles or () if each["id"] != document.removal["id"]]
    return {
        "state": State(document.state),
        "at": columns.pop("next_attempt_at"),
        "columns": {**columns, "doubles": others or None},
    }


def _end(document: Document, words: str) -> dict[str, Any]:
    columns = {**_NOTHING_LEFT, "reason": "draft_deleted", "reason_text": words[:200]}
    return {"state": State.WITHDRAWN, "why": Why.REMOVED, "problems": (), "columns": columns}


def _leaves(document: Document, now: datetime) -> Callable[[], None]:
    """Nothing is beside it any more, by the person who wanted it deleted."""
    return partial(causes.close_beside, document, now=now, by=document.removal["by"])


_NOTHING_LEFT = {
    "removal": None,
    "alegra_status": "",
    "edited": None,
    "failures": 0,
    "failing_since": None,
    "deaths": 0,
}
_FOLLOWS = {
    deleting.WITHDRAW: _withdrawn,
    deleting.ANEW: _anew,
    deleting.DISMISS: _dismissed,
    deleting.EXTERNAL: _external,
    deleting.KEEP: _kept,
}


def _asker(wish: dict[str, Any]) -> User | None:
    """The person who asked for the deletion; None where the account is gone."""
    return User.objects.filter(pk=wish["user"]).first()
