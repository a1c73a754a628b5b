"""The date of a draft is the day on which it is emitted.

Colombian invoicing reference, "Dates" (FAD09e): the DIAN rejects a document dated another day. The
due date keeps its distance from it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from integrations.alegra import invoices
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today
from integrations.documents import legal
from integrations.documents.models import Document
from integrations.documents.step_rows import DATE, begin
from integrations.documents.steps.emit_check import Group
from integrations.sending import failures
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import StepEnd, give_back
from integrations.sending.rows import outlasts, renew
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

ACTION = "editar facturas en borrador"


def is_of_today(document: Document, found: AlegraDocument | None, now: datetime) -> bool:
    day = document.doc_date if found is None or found.date is None else found.date
    return day == bogota_today(now)


def renew_all(turn: Turn, group: Group) -> None:
    """Each of them that is dated another day gets today's date in Alegra: one call each."""
    for document in list(group.going):
        found = group.found.get(document.pk)
        if found is not None and not is_of_today(document, found, clock.now()):
            _keep(group)
            _renew(turn, group, document, found)


def _keep(group: Group) -> None:
    """The others wait for this call: theirs as long as it takes."""
    now, times = clock.now(), timing()
    for each in group.going:
        if not outlasts(each, now, takes=times.call + times.connect):
            renew(each, now)


def _renew(turn: Turn, group: Group, document: Document, found: AlegraDocument) -> None:
    today = bogota_today(clock.now())
    body = dates(found, today)
    ahead = Ahead(State(document.state), Why.SENT, {"doc_date": today}, creates=False)
    try:
        with asking(
            turn, document, begin(document, DATE, input=body), action=ACTION, ahead=ahead
        ) as call:
            changed = invoices.update(call.client, document.alegra_id, body)
    except AlegraError as error:
        group.settle(document, failures.after(turn, document, error, turn.asked))
        return
    group.ends(document, StepEnd(call.step, StepState.DONE, Outcome.OK, output=body))
    group.found[document.pk] = replace(found, date=today)
    if changed is not None and not legal.agrees(document, changed):
        # Read again before anything follows.
        group.settle(document, give_back(document, at=clock.now()))


def dates(found: AlegraDocument, today: date) -> dict[str, Any]:
    """What a PUT says of them; the due date is as far from the date as it was, never before it."""
    due = today
    if found.date is not None and found.due_date is not None:
        due = max(today, today + (found.due_date - found.date))
    return {"date": today.isoformat(), "dueDate": due.isoformat()}
