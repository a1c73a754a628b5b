"""The look before the first work of a company is served by this process since it started.

Of any number of workers one looks, with the client and the pace of its turn. The turns of other
workers pass the company over and serve others. A look that Alegra does not answer fails the work in
whose turn it is, like any other call of that turn.
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

# The companies that were looked at, and, where Alegra did not show all lists, the kinds of work
# whose lists it showed; each with the value of `process.since` then. A moment would not do, because
# clocks are set back.
_looked: dict[tuple[int, str], datetime] = {}
_ALL = ""


def first_step(work: Work, perform: StepFunction) -> StepFunction | None:
    """The first step of this work: the look, or `perform`. None while another worker looks at its
    company."""
    if not process.looks_first or _is_looked_at(work):
        return perform
    row = checking.row_of(work.company)
    if row.is_checking:
        # Its writes are held at the gate; reading goes on.
        return perform
    # A moment in the future comes from another clock and proves nothing.
    if row.looked_at is not None and process.since() <= row.looked_at <= clock.now():
        _looked[work.company_id, _ALL] = process.since()
        return perform
    if not row.lease.acquire(row, now=clock.now()):
        return None
    return partial(_look, row=row, then=perform)


def forget() -> None:
    """Forget which companies were looked at (tests)."""
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
            # Another login may see the list, so works that are written there look first.
            _looked[work.company_id, kind_of_work(work).name] = since
        else:
            row.looked_at = began
            _looked[work.company_id, _ALL] = since
    finally:
        kept = {"foreign": row.foreign, "calls": row.calls, "looked_at": row.looked_at}
        row.lease.release(row, **kept)
    return go_on(work, then)


def _found(turn: Turn, work: Work, row: CompanyLook, now: datetime) -> tuple[list[Forgotten], bool]:
    """What is forgotten since the newest known document, and whether Alegra did not show a list
    that works of another kind are written to. Raises AlegraError."""
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
            # Rows that were read by id need not be read again.
            made.foreign = sorted({*known, *made.foreign})
            raise
        finally:
            row.foreign = {**row.foreign, alegra_list.name: made.foreign}
        if made.forgotten:
            return made.forgotten, hidden
        if made.unread:
            raise looking.TooMany
    return [], hidden
