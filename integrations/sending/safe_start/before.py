"""Before any work of a company is served: was it looked at since this process began to work?

Of any number of workers one looks, with the client and the pace of its turn; another one's turn
passes the company over and serves others. A look that Alegra does not answer fails the work in
whose turn it is, like any other call of it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from integrations.sending import slots
from integrations.sending.asking import asking
from integrations.sending.decided import Decided, StepFunction, give_back, go_on
from integrations.sending.models import Work
from integrations.sending.registry import kind_of_work
from integrations.sending.rows import outlasts, renew
from integrations.sending.safe_start import checking, looking, process
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Companies that were looked at, and kinds of work of which all was shown where something else
# was not: with what `process.since` was then. Not with a moment, for clocks are set back.
_looked: dict[tuple[int, str], datetime] = {}
_ALL = ""


def first_step(work: Work, perform: StepFunction) -> StepFunction | None:
    """What a worker begins this work with: the look, or what it is to do. None while another
    worker looks at its company."""
    if not process.looks_first or _is_looked_at(work):
        return perform
    row = checking.row_of(work.company)
    if row.is_checking:
        # It is held at the gate; what only reads goes on.
        return perform
    # A moment that is still to come is another clock's, and says nothing.
    if row.looked_at is not None and process.since() <= row.looked_at <= clock.now():
        _looked[work.company_id, _ALL] = process.since()
        return perform
    if not row.lease.acquire(row, now=clock.now()):
        return None
    return partial(_look, row=row, then=perform)


def forget() -> None:
    """Nothing is known to be looked at (tests)."""
    _looked.clear()


def _is_looked_at(work: Work) -> bool:
    since = process.since()
    return since in (
        _looked.get((work.company_id, _ALL)),
        _looked.get((work.company_id, kind_of_work(work).name)),
    )


def _look(turn: Turn, work: Work, *, row: CompanyLook, then: StepFunction) -> Decided:
    began, since = clock.now(), process.since()
    try:
        found, hidden = _found(turn, work, row, began)
        if found:
            checking.begin(work.company, found, clock.now())
            return give_back(work, at=clock.now() + timing().delta("held"))
        if hidden:
            # Another login may be shown it: whoever writes there looks first.
            _looked[work.company_id, kind_of_work(work).name] = since
        else:
            row.looked_at = began
            _looked[work.company_id, _ALL] = since
    finally:
        kept = {"foreign": row.foreign, "calls": row.calls, "looked_at": row.looked_at}
        row.lease.release(row, **kept)
    return go_on(work, then)


def _found(turn: Turn, work: Work, row: CompanyLook, now: datetime) -> tuple[list[Forgotten], bool]:
    """What is forgotten since the newest that is known, and whether a list that is written to by
    works of another kind was not shown. Raises AlegraError."""
    mine, hidden = kind_of_work(work).lists, False
    row.calls = 0

    def keep() -> None:
        row.calls += 1
        row.lease.renew(row, now=clock.now())
        if work.lease_until is not None and not outlasts(work, clock.now(), takes=timing().call):
            renew(work, clock.now())
        if turn.slot is not None and not slots.extend(turn.slot, clock.now()):
            turn.stop()

    for alegra_list in looking.lists_of(work.company):
        day = looking.day_to_look_from(work.company, alegra_list, now)
        known = row.foreign.get(alegra_list.name, [])
        made = looking.Reading()
        try:
            with asking(turn, work, None, action=alegra_list.reading) as call:
                looking.read(
                    call.client, work.company, alegra_list, day, made, now=now, keep=keep,
                    foreign=set(known), to_the_first=True,
                )  # fmt: skip
        except checking.NOT_SHOWN as error:
            is_written = alegra_list.writes(work.company)
            if is_written and alegra_list in mine:
                raise
            checking.not_shown(work.company, alegra_list, error)
            hidden = hidden or is_written
            continue
        except BaseException:
            # What was read need not be read again.
            made.foreign = sorted({*known, *made.foreign})
            raise
        finally:
            row.foreign = {**row.foreign, alegra_list.name: made.foreign}
        if made.forgotten:
            return made.forgotten, hidden
        if made.unread:
            raise looking.TooMany
    return [], hidden
