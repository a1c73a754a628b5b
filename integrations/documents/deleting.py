"""A person wants a draft of ours deleted in Alegra: asked here, done by a worker.

The wish is committed with the row, which is due by it, and no emission is wanted of it any more.
Nothing is deleted in the request: the worker that claims the row reads the draft first, commits
the intention, deletes it, and reads what became of it where the answer was lost
(`steps/delete.py`). The row's lease keeps it apart from every other write of the document.

What follows is part of the wish: the document is withdrawn, or made anew, or the order is put
aside. A deletion that does not take place changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents import beside
from integrations.documents.acts import NotPossible, has_made_one
from integrations.documents.beside import After
from integrations.documents.decide import decide, reason_text
from integrations.documents.far_status import is_emitted
from integrations.documents.in_alegra import InAlegra
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import causes, hints
from integrations.sending.models import Work
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

# What follows once the draft is gone.
WITHDRAW, ANEW, DISMISS, EXTERNAL, KEEP = "withdraw", "anew", "dismiss", "external", "keep"
# Of a document that differs from what was sent, a person may have another made.
WRONG = frozenset({"total_differs", "client_differs", "warehouse_not_kept"})
# Holds that end by themselves: the wish waits for them.
_PASSING = ("breaker", "total_doubted")


def is_under_way(document: Document | None) -> bool:
    return document is not None and document.removal is not None


def offered(document: Document, after: After, codes: frozenset[str]) -> tuple[str, ...]:
    """Which ends a person may choose for its draft, the best first; () where none is deleted.

    `after`: what happened to its order; `codes` are those of the problems that block it.
    """
    if document.kind != "invoice" or not document.alegra_id or is_emitted(document):
        return ()
    if document.removal is not None or document.issued_at is not None:
        return ()
    is_undone = bool(after.reversal) and after.is_undone and not after.is_doubted
    match document.state:
        case State.CREATED | State.REJECTED if is_undone:
            return (WITHDRAW,)
        case State.CREATED if after.changes and not after.reversal:
            return (ANEW,)
        case State.BLOCKED if is_undone:
            return (WITHDRAW,)
        case State.BLOCKED if (WRONG & codes or after.changes) and not after.reversal:
            return (ANEW,)
    return ()


@transaction.atomic
def ask(
    order: Order,
    *,
    shown: InAlegra,
    then: str,
    by,
    request=None,
    reason: str = "",
    evidence: dict[str, Any] | None = None,
) -> Document:
    """Have the draft deleted that was just shown, and `then` done. Raises NotPossible.

    `reason`: of *No facturar*, or the number of *Ya tiene documento*, whose `evidence` is for the
    trail.
    """
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None or document.alegra_id != shown.alegra_id:
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    document.order = order
    if not _may(document, then):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    if not shown.is_draft:
        raise NotPossible(_("No se borra nada: en Alegra ya no es un borrador."))
    if then == ANEW:
        _check_due(order)
    wish = {
        **wish_for(shown, then, by=by, now=now),
        "reason": reason.strip()[:200],
        "evidence": evidence or {},
    }
    _begin(document, wish, now=now, by=by)
    trail.record(
        action=f"document.remove_{then}", target=document, actor=by, request=request,
        after={"alegra_id": shown.alegra_id, "total": str(shown.total), "text": wish["reason"]},
    )  # fmt: skip
    return document


@transaction.atomic
def ask_double(order: Order, *, shown: InAlegra, by, request=None) -> Document:
    """Have another draft deleted that carries this document's marker and is not the order's."""
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None or shown.alegra_id not in double_ids(document):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    document.order = order
    if not shown.is_draft:
        raise NotPossible(_("No se borra nada: en Alegra ya no es un borrador."))
    if not shown.has_our_marker:
        raise NotPossible(_("Ese borrador no lleva la marca de este pedido: bórralo en Alegra."))
    if document.removal is not None or document.state not in (State.CREATED, State.BLOCKED):
        raise NotPossible(_("Ahora no se puede: espera a que termine lo que está en curso."))
    _begin(document, wish_for(shown, KEEP, by=by, now=now), now=now, by=by)
    trail.record(
        action="document.remove_keep", target=document, actor=by, request=request,
        after={"alegra_id": shown.alegra_id, "total": str(shown.total)},
    )  # fmt: skip
    return document


@transaction.atomic
def take_back(order: Order, *, by, request=None) -> Document:
    """*No borrarlo*: as long as the deletion has not been sent."""
    now = clock.now()
    document = locked_order(order).document
    if document is None or document.removal is None:
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if document.removal.get("sent"):
        raise NotPossible(_("Ya le pedimos a Alegra que lo borre."))
    # What was asked about it is found anew, by a reading.
    to = State.PENDING if document.state == State.BLOCKED else State(document.state)
    if not document.transition(
        to, now=now, why=Why.PERSON, by=trail.name_of(by), **not_deleted(document, now)
    ):
        raise NotPossible(_("Ya lo estamos borrando."))
    causes.close_problems(document, now=now, by=trail.name_of(by))
    hints.hint(document.alegra_user_id)
    trail.record(action="document.remove_not", target=document, actor=by, request=request)
    return document


def not_deleted(document: Document, now: datetime) -> dict[str, Any]:
    """The columns of a document whose draft stays: what was wanted of it before is wanted."""
    wish = document.removal or {}
    since = wish.get("emit_since")
    is_due = since is not None or document.state != State.CREATED
    return {
        "removal": None,
        "emit_since": None if since is None else datetime.fromisoformat(since),
        "emit_by": wish.get("emit_by", ""),
        "next_attempt_at": now if is_due else None,
    }


def double_ids(document: Document) -> list[str]:
    """The ids of the others that carry its marker."""
    return [each["id"] for each in document.doubles or () if each["id"] != document.alegra_id]


def _may(document: Document, then: str) -> bool:
    after = beside.after_of(document, document.order)
    codes = open_codes(document)
    if then in (DISMISS, EXTERNAL):
        return has_made_one(document) and document.removal is None and document.kind == "invoice"
    return then in offered(document, after, codes)


def open_codes(document: Document) -> frozenset[str]:
    """The codes of what blocks it; none of a document that nothing blocks. One query at most."""
    if document.state != State.BLOCKED:
        return frozenset()
    rows = document.problems.filter(closed_at=None).values_list("code", flat=True)
    return frozenset(rows) - BESIDE


def _check_due(order: Order) -> None:
    decision = decide(order, confirmed=True)
    if decision.verdict != "due":
        raise NotPossible(
            _("Hoy este pedido no se documenta: %(why)s.") % {"why": reason_text(decision.code)}
        )


def wish_for(shown: InAlegra, then: str, *, by, now: datetime) -> dict[str, Any]:
    return {
        "id": shown.alegra_id,
        "total": str(Decimal(shown.total)),
        "form": shown.form,
        "then": then,
        "by": trail.name_of(by),
        "user": by.pk if by is not None else None,
        "at": now.isoformat(),
    }


def wanted_before(document: Document) -> dict[str, Any]:
    """For the wish: the emission that was wanted, which is wanted again where none is deleted."""
    since = document.emit_since
    return {"emit_since": since.isoformat() if since else None, "emit_by": document.emit_by}


def _begin(document: Document, wish: dict[str, Any], *, now: datetime, by) -> None:
    """The row is due for it, and nothing of it is wanted emitted. Raises NotPossible."""
    hold = document.order.integration.hold(now, doc_date=document.doc_date)
    if hold is not None and hold.code not in _PASSING:
        raise NotPossible(_("Por ahora no se borra nada: %(why)s") % {"why": hold.sentence})
    wish |= wanted_before(document)
    before = State(document.state)
    to = {State.BLOCKED: State.PENDING, State.REJECTED: State.CREATED}.get(before, before)
    if not document.transition(
        to, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now, removal=wish,
        emit_since=None, emit_by="", priority=Work.Priority.PERSON, failures=0, failing_since=None,
        deaths=0,
    ):  # fmt: skip
        raise NotPossible(
            _("Mientras tanto se está enviando: espera un momento y míralo de nuevo.")
        )
    causes.close_problems(document, now=now, by=trail.name_of(by))
    hints.hint(document.alegra_user_id)
