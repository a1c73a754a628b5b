"""Steps and attempts: what a person reads about the way of a work, and the evidence of it.

A step is committed as running before its call, and its outcome after. Everything stored
here is masked: payloads and attempts keep no buyer's data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.alegra.client import Answer, Call
from integrations.alegra.errors import AlegraError, NoTimeLeft
from integrations.colombia.masking import mask_payload, mask_text
from integrations.scoping.prepared import Prepared, PreparedInsert, PreparedUpdate, inserted
from integrations.sending.decided import Begin
from integrations.sending.models import Attempt, Step, Work
from integrations.sending.outcomes import outcome_of
from integrations.sending.registry import kind_of_work
from integrations.sending.rows import outlasts, renew
from integrations.sending.states import Outcome, StepState
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

EXCERPT = 4_000
# Enough characters for an excerpt, even after masking.
_LOOKED_AT = 5 * EXCERPT


_BEGUN_ANEW = [
    "position", "state", "intent_at", "finished_at", "outcome", "note", "input", "output",
]  # fmt: skip


def begin(work: Work, step: Begin, *, now: datetime) -> Step:
    """The step is running from now on. Call it in the transaction that commits the intent."""
    return _begun(work, step, now=now, state=StepState.RUNNING)


def at_once(
    work: Work,
    step: Begin,
    state: StepState,
    *,
    now: datetime,
    outcome: Outcome | str = "",
    note: str = "",
    output: Any = None,
) -> Step:
    """A step that has ended as it began: no call was made for it."""
    ended = {"outcome": outcome, "note": note[:500], "output": shown(output)}
    return _begun(work, step, now=now, state=state, finished_at=now, **ended)


def _begun(work: Work, step: Begin, *, now: datetime, **columns: Any) -> Step:
    """Its row, new or begun anew, in one statement."""
    row = kind_of_work(work).step(
        organization_id=work.organization_id,
        work=work,
        name=step.name,
        cycle=step.cycle,
        position=step.position,
        intent_at=now,
        input=shown(step.input),
        **columns,
    )
    return _begin_anew(type(row))(row)


@cache
def _begin_anew(model: type[Step]) -> PreparedInsert:
    return PreparedInsert(model, once=("work", "name", "cycle"), anew=_BEGUN_ANEW)


def of(work: Work, step: Begin) -> Step:
    """The row of this step, made where there is none yet; it does not begin by this."""
    row, _made = kind_of_work(work).step.objects.get_or_create(
        work=work,
        name=step.name,
        cycle=step.cycle,
        defaults={"position": step.position, "organization_id": work.organization_id},
    )
    return row


def finish(
    step: Step,
    state: StepState,
    *,
    now: datetime,
    outcome: Outcome | str = "",
    note: str = "",
    output: Any = None,
) -> None:
    step.state, step.outcome, step.note = state, outcome, note[:500]
    step.finished_at = now
    if output is not None:
        step.output = shown(output)
    columns = {"state": state, "outcome": outcome, "note": step.note, "finished_at": now}
    _row(type(step))({**columns, "output": step.output}, pk=step.pk)


@cache
def _row(model: type[Step]) -> PreparedUpdate:
    return PreparedUpdate(lambda pk: model.objects.filter(pk=pk))


@cache
def _attempts_of(model: type[Attempt]) -> Prepared:
    return Prepared(lambda step: model.objects.filter(step_id=step).values_list("pk"))


@cache
def _open_attempt(model: type[Attempt]) -> PreparedUpdate:
    return PreparedUpdate(lambda pk: model.objects.filter(pk=pk, outcome=None))


def shown(value: Any) -> str:
    """Masked JSON for people, cut to a page."""
    if value is None:
        return ""
    if isinstance(value, str):
        return mask_text(value)[:EXCERPT]
    text = json.dumps(
        mask_payload(value, most=_LOOKED_AT),
        ensure_ascii=False,
        indent=1,
        default=_plain,
        sort_keys=False,
    )
    return text[:EXCERPT]


def _takes(call: Call) -> float:
    """The deadline of the call, in seconds."""
    return timing().call if call.deadlines is None else call.deadlines.whole


def _keep(work: Work, now: datetime, takes: float) -> None:
    # Connecting comes between this and the first byte, before which the database is asked.
    if work.lease_until is not None and not outlasts(work, now, takes=takes + timing().connect):
        renew(work, now, takes=takes)


def _plain(value: Any) -> Any:
    # Amounts read as they were sent: digits, not quotes.
    return float(value) if isinstance(value, Decimal) else str(value)


class StepJournal:
    """The client's journal: one attempt row for each request, inserted before it leaves; of a
    request that several works share, one for each of them.

    A row is its worker's for as long as its calls take, however slow Alegra is: `opened` renews
    a lease that would not outlast the call, and raises LeaseLost where it is too late for that.
    One that came with an intention is not renewed before its write was answered: the time of the
    intention is what others count from. Right before the first byte of a write `leaves` asks the
    database whether it still does.
    """

    def __init__(self) -> None:
        self._asked: tuple[tuple[Work, Step], ...] = ()
        self._creates = self._is_ahead = False
        self._takes: float | None = None
        self._attempts: dict[str, list[tuple[Work, Attempt]]] = {}

    def follow(
        self,
        asked: Iterable[tuple[Work, Step | None]],
        *,
        creates: bool = False,
        is_ahead: bool = False,
        takes: float | None = None,
    ) -> None:
        """Requests from now on belong to these steps; `creates` classes a lost answer, `is_ahead`
        says that the intention to make them was just committed, `takes` for how many seconds."""
        self._asked = tuple((work, step) for work, step in asked if step is not None)
        self._creates, self._is_ahead, self._takes = creates, is_ahead, takes

    def rest(self) -> None:
        self._asked = ()

    def opened(self, call: Call) -> None:
        if not self._asked:
            return
        now = clock.now()
        takes = _takes(call)
        if self._is_ahead and call.is_write and takes > (self._takes or timing().call):
            raise ValueError("a write that takes longer than was written ahead")
        if not self._is_ahead:
            for work, _step in self._asked:
                _keep(work, now, takes)
        self._attempts[call.call_id] = [
            (work, self._attempt(call, work, step, now=now, takes=takes))
            for work, step in self._asked
        ]

    def _attempt(
        self, call: Call, work: Work, step: Step, *, now: datetime, takes: float
    ) -> Attempt:  # fmt: skip
        model = kind_of_work(work).attempt
        return inserted(
            model(
                organization_id=work.organization_id,
                step=step,
                call_id=call.call_id,
                generation=work.generation,
                number=len(_attempts_of(model)(step=step.pk)) + 1,
                method=call.method,
                path=call.path[:200],
                started_at=now,
                deadline_at=now + timedelta(seconds=takes),
                request_excerpt=shown(
                    call.json if call.json is not None else dict(call.params or {})
                ),
            )
        )

    def leaves(self, call: Call) -> None:
        """Raises NoTimeLeft unless each row is this worker's for longer than the call may take.

        The database compares, by its own clock: ours stops with a virtual machine.
        """
        if not call.is_write:
            return
        needed = timedelta(seconds=_takes(call)) + timing().delta("lease_margin")
        for work, _step in self._asked:
            if work.lease_until is not None and not work.lease.lasts_beyond(work, needed):
                clock.read_again()
                raise NoTimeLeft("No alcanzó el tiempo para enviarlo.")

    def closed(
        self, call: Call, answer: Answer | None = None, error: AlegraError | None = None
    ) -> None:
        if call.is_write:
            self._is_ahead = False
        attempts = self._attempts.pop(call.call_id, [])
        if not attempts:
            return
        if error is None:
            changes = {
                "outcome": Outcome.OK,
                "status": answer.status,
                "response_excerpt": shown(answer.body),
            }
        else:
            # An answer to several may name any of them.
            private = [word for work, _attempt in attempts for word in work.private_words()]
            changes = {
                "outcome": outcome_of(error, creates=self._creates and call.is_write),
                "status": error.status,
                "code": (error.code or "")[:40],
                "response_excerpt": mask_text(f"{error.message}\n{error.excerpt}", known=private)[
                    :EXCERPT
                ],
            }
        now = clock.now()
        for _work, attempt in attempts:
            # Completed exactly once, whatever is replayed.
            _open_attempt(type(attempt))({"finished_at": now, **changes}, pk=attempt.pk)
