"""Emission before the DIAN: a draft and those that go with it, by their stored ids.

Alegra reference, "Stamp in a second step". An emission is not idempotent: the intention is
committed before the call, its answer is a hint, and the documents themselves, read by id, are the
truth. After any doubt they are read before a second call (reliability reference, F29 and F30).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integrations.alegra import invoices
from integrations.alegra.client import Deadlines
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    ErrorInSuccess,
    NotFound,
    NotSent,
    RateLimited,
    Rejected,
)
from integrations.colombia.dates import bogota_today
from integrations.documents import emission
from integrations.documents.models import Document
from integrations.documents.order_facts import read_order
from integrations.documents.step_rows import EMIT, begin
from integrations.documents.steps import (
    emit_anew,
    emit_answer,
    emit_check,
    emit_date,
    emit_error,
    emit_group,
)
from integrations.documents.steps.emit_check import ACTION, Group
from integrations.sending import failures
from integrations.sending.asking import Ahead, Part, asking_together
from integrations.sending.decided import Decided, give_back
from integrations.sending.models import Work
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def emit(turn: Turn, document: Document) -> Decided:
    """Emit it as soon as it may go and its companions are there."""
    if not emission.is_wanted(document):
        return give_back(document, at=None)
    read_order(document)
    if waits := emit_check.held(document, clock.now()):
        return waits
    if emit_anew.is_needed(document):
        return emit_anew.again(turn, document, then=emit)
    formed = emit_group.form(turn, document)
    if isinstance(formed, datetime):
        first = {"priority": min(document.priority, Work.Priority.STAMP)}
        return give_back(document, at=formed, columns=first)
    group = Group(formed)
    _leave_out_others(document, group)
    _as_it_is_there(turn, group)
    if group.going:
        _stamp(turn, group)
    return group.verdict(document)


def _leave_out_others(document: Document, group: Group) -> None:
    for each in group.going:
        if each is document:
            continue
        read_order(each)
        if waits := emit_check.held(each, clock.now()):
            group.settle(each, waits)


def _as_it_is_there(turn: Turn, group: Group) -> None:
    """Read what was not verified a moment ago, and bring its date to today."""
    now = clock.now()
    old = [
        each
        for each in group.going
        if not emit_check.is_fresh(each, now) or not emit_date.is_of_today(each, None, now)
    ]
    if not old:
        return
    emit_check.read(turn, group, old)
    emit_date.renew_all(turn, group)
    # All that took calls: whether each may go is asked once more.
    for each in group.going:
        read_order(each)
        if waits := emit_check.held(each, clock.now()):
            group.settle(each, waits)


def _stamp(turn: Turn, group: Group) -> None:
    now = clock.now()
    for each in group.going:
        if not emit_date.is_of_today(each, group.found.get(each.pk), now):
            # Midnight came between.
            group.settle(each, give_back(each, at=now))
    if not group.going:
        return
    before = {each.pk: (each.stamps, each.stamp_sent_at) for each in group.going}
    parts = [_part(each, now) for each in group.going]
    try:
        with asking_together(turn, parts, action=ACTION) as call:
            ids = [each.alegra_id for each, _step in call.asked]
            reports: Sequence[invoices.StampReport] = invoices.stamp(
                call.client, ids, deadlines=_deadlines()
            )
    except (Rejected, NotFound) as refused:
        # A definite no to all of them, which names none: read all the same.
        asked = ((parts[0].work, turn.asked.step), *turn.asked.others)
        emit_answer.take(turn, group, asked, (), refused=refused)
    except AlegraError as error:
        first = parts[0].work
        made = failures.after(turn, first, error, turn.asked)
        group.settle_failed(first, made)
        if isinstance(error, NotSent | BudgetExhausted | RateLimited):
            emit_answer.undo(group, before)
        if isinstance(error, ErrorInSuccess):
            emit_error.keep(group, before, error)
    else:
        emit_answer.take(turn, group, call.asked, reports)


def _deadlines() -> Deadlines:
    times = timing()
    return Deadlines(connect=times.connect, read=times.stamp_read, whole=times.stamp_call)


def _part(document: Document, now: datetime) -> Part:
    columns = {
        "doc_date": bogota_today(now),
        "stamps": document.stamps + 1,
        "stamp_sent_at": now,
        "next_attempt_at": None,
        "probes": 0,
        "refusal": None,
    }
    shown = {"id": document.alegra_id, "fecha": bogota_today(now).isoformat()}
    ahead = Ahead(State.EMITTING, Why.SENT, columns, takes=timing().stamp_call)
    return Part(document, begin(document, EMIT, input=shown), ahead)
