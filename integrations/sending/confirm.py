"""A thing that exists in Alegra: its id is stored before anything else, then it is compared.

Whatever the way it became known, by the answer of its creation, by a look or by reading it
again, it ends here: created, or a question about what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.sending import healing
from integrations.sending.about import about
from integrations.sending.asking import asking
from integrations.sending.decided import Begin, Decided, Locked, Next, StepEnd, blocked
from integrations.sending.far_side import VERIFY, Differences, FarSide, T, W
from integrations.sending.gone import read_or_gone
from integrations.sending.models import Step
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def answered(
    turn: Turn,
    work: W,
    far: FarSide[W, T],
    step: Step,
    found: T,
    note: str = "",
    *,
    after: tuple[Callable[[], Any], ...] = (),
) -> Decided:
    """Store the id before anything else, whatever else the answer holds; then compare."""
    raw = getattr(found, "raw", None)
    done = StepEnd(step, StepState.DONE, Outcome.OK, note, raw or {"id": found.id})

    def under_the_locks() -> Next:
        differ = far.differences(work, found, is_read=False)
        if differ is not None:
            return _compared(turn, work, far, found, differ, done=(done,), after=after)
        # Read by its id before anything follows from it.
        return Next(
            State.UNCONFIRMED,
            Why.ANSWERED,
            at=clock.now(),
            columns={"alegra_id": found.id, "probes": 0},
            ended=(replace(done, output={"id": found.id}),),
            after=after,
        )

    return Locked(under_the_locks)


def adopt(
    turn: Turn,
    work: W,
    far: FarSide[W, T],
    step: Step,
    ours: Sequence[T],
    *,
    note: str = "",
    after: tuple[Callable[[], Any], ...] = (),
) -> Decided:
    """It exists: take its id. Two with one marker are a question for a person."""
    if len(ours) > 1:
        ids = [row.id for row in ours]
        return blocked([about(work, "two_found", ids=ids)], step, unfreeze=False)
    note = note or "La respuesta se había perdido; lo encontramos en Alegra."
    return answered(turn, work, far, step, ours[0], note, after=after)


def read(turn: Turn, work: W, far: FarSide[W, T]) -> Decided:
    """The id is known: read it and compare; never create."""
    step = far.begin(work, VERIFY, input=far.expected(work))
    with asking(turn, work, step, action=far.reading) as call:
        found = read_or_gone(call.client, work, far.read)
        if found is not None:
            found = far.completed(call.client, work, found)
    if found is None:
        return far.gone(turn, work, call.step)
    done = far.put_right(turn, work, call.step, found)
    if isinstance(done, Next):
        return done

    def under_the_locks() -> Next:
        differ = far.differences(work, found, is_read=True)
        if differ is None:
            raise ValueError("what was read is enough to compare")
        return _compared(turn, work, far, found, differ, done=done)

    return Locked(under_the_locks)


def _compared(
    turn: Turn,
    work: W,
    far: FarSide[W, T],
    found: T,
    differ: Differences,
    *,
    done: tuple[StepEnd, ...] = (),
    after: tuple[Callable[[], Any], ...] = (),
) -> Next:
    """A difference keeps it where it is, and asks.

    Made in the transaction that writes it: what it was made of may have changed while it was on
    its way.
    """
    if (work.deaths or work.failures) and healing.is_ours(work):
        after = (*after, partial(healing.passed, work))
    columns: dict[str, Any] = {
        "alegra_id": found.id,
        "deaths": 0,
        "failures": 0,
        "failing_since": None,
    }
    if work.doc_date is None:
        # A restored database had forgotten that it was sent.
        columns["doc_date"] = getattr(found, "date", None)
    step = far.begin(work, VERIFY, input=differ.expected)
    return Next(
        State.BLOCKED if differ.problems else State.CREATED,
        Why.PROBLEM if differ.problems else Why.READ,
        problems=tuple(differ.problems),
        spares=differ.spares,
        columns={**columns, **differ.columns},
        ended=(*done, _verdict(step, differ)),
        also=differ.also,
        after=(*after, partial(far.follow, turn, work)),
        then=None if differ.problems else differ.then,
    )


def _verdict(step: Begin, differ: Differences) -> StepEnd:
    if differ.problems:
        return StepEnd(step, StepState.FAILED, Outcome.REJECTED, "; ".join(differ.words))
    words = f"Alegra lo guardó como se envió. {differ.note}".strip()
    return StepEnd(step, StepState.DONE, Outcome.OK, words, differ.output)
