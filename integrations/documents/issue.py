"""Issuing: from an order that is due to the one live row that is its document."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from integrations.configuration.answers import forget
from integrations.configuration.lookup import method_key, settings_of
from integrations.configuration.questions import (
    NUMBER_TWICE,
    OLD_SALES,
    PAYMENT_METHOD,
    PAYMENT_OF_ORDER,
    STATUS_OF_ORDER,
)
from integrations.connections.models import Integration
from integrations.documents import beside, contact_index, old_sales
from integrations.documents.decide import Decision, decide
from integrations.documents.models import Document
from integrations.mastershop import statuses
from integrations.orders import reached
from integrations.orders.buyer import effective_buyer
from integrations.orders.contradiction import contradiction_of
from integrations.orders.models import Order
from integrations.orders.number_twice import created_on
from integrations.orders.payment import take_answer
from integrations.scoping.prepared import Prepared, PreparedUpdate
from integrations.sending import causes, hints
from integrations.sending.marker import make_marker
from integrations.sending.models import Work
from integrations.sending.problem_kinds import CuredBy, Found, codes_cured_by
from integrations.sending.states import State, Why
from integrations.sending.transition import begin

# Verdicts that leave a waiting row where it is.
STAYS = ("off", "before_start", "backlog", "no_rule", "unknown_status")
# Asked before the order's rule is known: the row's reason until, after the answer, it turns out
# to be due. Whether it is one of the past orders is asked only then.
ASKED_FIRST = (PAYMENT_METHOD, PAYMENT_OF_ORDER)
SALE_AGAIN = "sale_again"


@transaction.atomic(savepoint=False)
def issue_document(
    order: Order, *, now: datetime, confirmed: bool = False, backfill: bool = False
) -> Document | None:
    """Decide on the order's newest truth and make its row true to the decision.

    Called after every change of an order, and by a person's yes; any number of times. At
    most one live row exists per order, by the database. Returns the row, or None where the
    order has none.
    """
    order = locked_order(order)
    decision = _decided(order, confirmed=confirmed)
    document = order.document
    asked = decision.code if decision.code in ASKED_FIRST and not confirmed else ""
    if document is None:
        return _first_row(order, decision, now=now, backfill=backfill, asked=asked)
    _remember(order, decision)
    if beside.is_followed(document):
        beside.refresh(document, order, now=now)
    if document.state == State.WITHDRAWN and decision.verdict == "due":
        return _ask_for_the_next(order, now=now)
    if document.state == State.SKIPPED:
        return _wake_skipped(document, decision, now=now, asked=asked)
    if decision.verdict != "due" and document.may_be_withdrawn:
        if decision.verdict == "ask":
            _ask(document, order, decision, now=now)
        elif decision.code not in STAYS or _is_undecided(document, decision):
            code = "back_to_waiting" if decision.verdict == "waiting" else decision.code
            _skip(document, code, now=now)
    elif document.state == State.BLOCKED and _waits_for_the_order(document):
        # What was unreadable may be readable now: it is built anew.
        _requeue(document, now=now)
    return document


def _decided(order: Order, *, confirmed: bool) -> Decision:
    """The decision, with what was answered for many orders up to this very moment.

    Whoever answers holds the integration when the orders that wait are freed: either this
    order waits by then, or the answer is seen here.
    """
    decision = decide(order, confirmed=confirmed)
    if decision.code not in (*ASKED_FIRST, OLD_SALES):
        return decision
    list(Integration.objects.select_for_update(no_key=True).filter(pk=order.integration_id))
    if decision.code == OLD_SALES or take_answer(order):
        return decide(order, confirmed=confirmed)
    return decision


def _is_undecided(document: Document, decision: Decision) -> bool:
    """Its payment was asked about before anything else, and nothing holds it any more."""
    return (
        document.reason in ASKED_FIRST
        and document.state == State.PENDING
        and decision.code != "off"
    )


def locked_order(order: Order) -> Order:
    """The order's row, locked until the transaction ends, with its document of this moment.

    Locked first and read after: who waited for the lock would read, in one statement, the
    order as it is now beside the document as it was before.
    """
    _lock(pk=order.pk)
    [found] = _whole(pk=order.pk)
    reached.read_times(found)
    return found


_lock = Prepared(
    lambda pk: Order.objects.select_for_update().filter(pk=pk).order_by().values_list("pk")
)
_row = PreparedUpdate(lambda pk: Order.objects.filter(pk=pk))
_whole = Prepared(
    lambda pk: Order.objects.select_related(
        "integration__company", "integration__credential", "document", "may_be"
    ).filter(pk=pk)
)


def _remember(order: Order, decision: Decision, **changes: object) -> None:
    """Keep the decision with its order, and these columns of it."""
    if (order.decision, order.reached_at) != (decision.code, decision.reached_at):
        changes |= {"decision": decision.code, "reached_at": decision.reached_at}
    if changes:
        _row(changes, pk=order.pk)
    for name, value in changes.items():
        setattr(order, name, value)


def _first_row(
    order: Order, decision: Decision, *, now: datetime, backfill: bool, asked: str
) -> Document | None:
    if decision.verdict == "waiting":
        _remember(order, decision)
        return None
    state = {"due": State.PENDING, "skip": State.SKIPPED, "ask": State.BLOCKED}[decision.verdict]
    reason = decision.code if decision.verdict == "skip" else asked
    document = _inserted(order, state=state, now=now, reason=reason, backfill=backfill)
    _remember(order, decision, document=document)
    if decision.verdict == "ask":
        _ask(document, order, decision, now=now)
    elif decision.verdict == "due":
        hints.hint(document.alegra_user_id)
    return document


def create_document(
    order: Order,
    *,
    state: State,
    now: datetime,
    reason: str = "",
    backfill: bool = False,
    why: Why = Why.DECIDED,
    **columns,
) -> Document:
    """Insert the order's next row and point the order to it. Needs the order's lock."""
    document = _inserted(
        order, state=state, now=now, reason=reason, backfill=backfill, why=why, **columns
    )
    Order.objects.filter(pk=order.pk).update(document=document)
    order.document = document
    return document


def _inserted(
    order: Order,
    *,
    state: State,
    now: datetime,
    reason: str,
    backfill: bool,
    why: Why = Why.DECIDED,
    **columns,
) -> Document:
    integration = order.integration
    settings = settings_of(integration)
    buyer = effective_buyer(order)
    cycle = 0 if order.document is None else order.document.cycle + 1
    return begin(
        Document,
        state,
        now=now,
        why=why,
        organization_id=order.organization_id,
        integration=integration,
        company=integration.company,
        alegra_user_id=integration.credential.alegra_user_id,
        order=order,
        kind=settings.kind,
        mode=settings.mode,
        cycle=cycle,
        replaces=order.document,
        needs_contact=not buyer.unidentified
        and contact_index.is_stranger(integration.company, buyer.doc_number),
        priority=Work.Priority.BACKFILL if backfill else Work.Priority.LIVE,
        reason=reason,
        marker=make_marker(
            integration.source_key, order.number, cycle, occurrence=order.occurrence
        ),
        next_attempt_at=now if state == State.PENDING else None,
        total=order.total,
        total_pesos=order.total_pesos,
        **columns,
    )


def _wake_skipped(document: Document, decision: Decision, *, now: datetime, asked: str) -> Document:
    if decision.verdict == "due":
        document.transition(State.PENDING, now=now, why=Why.DECIDED, reason="", next_attempt_at=now)
        hints.hint(document.alegra_user_id)
    elif decision.verdict == "ask":
        _ask(document, document.order, decision, now=now, reason=asked)
    else:
        # What it was left out for may be over: it waits, or is left out for something else.
        is_told = decision.verdict == "skip" or decision.code == "backlog"
        reason = decision.code if is_told else "back_to_waiting"
        if document.reason != reason:
            Document.objects.filter(pk=document.pk, state=State.SKIPPED).update(reason=reason)
            document.reason = reason
    return document


def _ask_for_the_next(order: Order, *, now: datetime) -> Document:
    """Its document was deleted or void because it was no sale, and it is one again.

    What was deleted in Alegra is never made again by itself: the next cycle waits for a yes.
    """
    document = create_document(order, state=State.BLOCKED, now=now)
    about = {"order": order.number, "order_id": order.pk}
    causes.open_problems(document, [Found(SALE_AGAIN, order.key, about)], now=now)
    return document


def _skip(document: Document, code: str, *, now: datetime) -> None:
    moved = document.transition(
        State.SKIPPED, now=now, why=Why.DECIDED, reason=code, next_attempt_at=None, payload=None
    )
    if moved:
        causes.close_problems(document, now=now)


def _ask(
    document: Document, order: Order, decision: Decision, *, now: datetime, **columns: str
) -> None:
    if document.state != State.BLOCKED and not document.transition(
        State.BLOCKED, now=now, why=Why.PROBLEM, next_attempt_at=None, **columns
    ):
        return
    causes.open_problems(document, [asked_about(order, decision.code)], now=now)


def asked_about(order: Order, code: str) -> Found:
    """The question that a decision puts, in its own words."""
    if code == PAYMENT_METHOD:
        return Found(code, method_key(order.method), {"method": order.method})
    if code == OLD_SALES:
        return Found(code, "", old_sales.words(order))
    about = {"order": order.number, "order_id": order.pk}
    if code == NUMBER_TWICE:
        about |= {"again": created_on(order), "first": created_on(order.may_be)}
    if code == STATUS_OF_ORDER and (contradiction := contradiction_of(order)):
        # It may be asked about anew of another contradiction.
        forget(order.integration, code, order.key)
        dated = statuses.by_code(order.status).label
        about |= {"further": contradiction.label, "dated": dated}
    return Found(code, order.key, about)


def _waits_for_the_order(document: Document) -> bool:
    return document.problems.filter(closed_at=None, code__in=codes_cured_by(CuredBy.ORDER)).exists()


def _requeue(document: Document, *, now: datetime) -> None:
    if document.transition(State.PENDING, now=now, why=Why.CURED, next_attempt_at=now):
        causes.close_problems(document, now=now)
        hints.hint(document.alegra_user_id)
