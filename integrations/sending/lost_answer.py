"""Looking for a thing whose answer was lost, by its marker, and what follows.

Adopted where it exists, sent again only after two empty looks, a question to a person where it
cannot be said (reliability reference, verify). Alegra reference, "Finding a document again":
all of the day it was sent with, whatever their status; the marker decides, not the client nor
the number. One scan of the account's day answers for all its unconfirmed rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    OutcomeUnknown,
    RateLimited,
)
from integrations.sending import back_off, failures, steps
from integrations.sending.about import about
from integrations.sending.asking import Asked, asking
from integrations.sending.confirm import adopt
from integrations.sending.decided import Decided, Next, StepEnd, blocked
from integrations.sending.far_side import CREATE, FarSide, T, W
from integrations.sending.marker import carries
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import settled_at
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import LOOK_UPS, timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Candidates read by id where list rows come without observations: what fits into a minute's
# budget, so that a look comes to its end and others have their turn too.
MAX_READS = 100


@dataclass
class Scan(Generic[T]):
    """The candidates of one place, and when they were read."""

    made_at: datetime
    rows: list[T]


def before_resending(turn: Turn, work: W, far: FarSide[W, T]) -> Decided | None:
    """Sent before, so it is looked for once more: a definite no may not have been one. None where
    it is not there."""
    step = create_step(work, far)
    with asking(turn, work, step, action=far.reading) as call:
        ours = _ours(_rows(turn, call.client, work, far), work)
    return adopt(turn, work, far, step, ours) if ours else None


def look(turn: Turn, work: W, far: FarSide[W, T]) -> Decided:
    """One look for a thing whose answer was lost."""
    began = clock.now()
    step = create_step(work, far)
    try:
        with asking(turn, work, step, action=far.reading) as call:
            rows = _rows(turn, call.client, work, far)
    except AlegraError as error:
        too_long = began - work.sent_at > timing().delta("unconfirmed_ceiling")
        # Held back by a pace, Alegra's or ours, nobody has looked at all.
        if too_long and not isinstance(error, RateLimited | BudgetExhausted):
            return blocked([about(work, "unconfirmed_too_long")], step, unfreeze=False)
        return failures.after(turn, work, error, Asked(action=far.reading))
    if ours := _ours(rows, work):
        return adopt(turn, work, far, step, ours)
    asked = far.question(work, rows)
    if work.refusal is not None:
        # Alegra answered an error and made nothing: a refusal, shown at once. The payload stays
        # until the second search, which comes before any further send.
        found = asked or Found(**work.refusal)
        return blocked([found], step, outcome=Outcome.REJECTED, unfreeze=False)
    probes = work.probes + 1
    if probes < LOOK_UPS:
        return _look_again(work, step, probes)
    if asked is not None:
        return blocked([asked], step, unfreeze=False)
    return _absent(work, step, probes)


def create_step(work: W, far: FarSide[W, T]) -> Step:
    """The step of the creation, for what is asked about it before or after: a look, a question."""
    return steps.of(work, far.begin(work, CREATE))


def without_known(rows: Iterable[T], work: Work, kin: Mapping[str, Any]) -> list[T]:
    """Leaves out what is known to be another work's, whether or not the list shows its marker.

    `kin`: the columns, beside the company, of the works among which an id of these rows is one.
    """
    rows = list(rows)
    works = type(work).objects.filter(
        **kin, company_id=work.company_id, alegra_id__in=[row.id for row in rows]
    )
    known = set(works.values_list("alegra_id", flat=True))
    return [row for row in rows if row.id not in known]


def _ours(rows: list[T], work: Work) -> list[T]:
    return [row for row in rows if carries(row.observations, work.marker)]


def _rows(turn: Turn, client: AlegraClient, work: W, far: FarSide[W, T]) -> list[T]:
    """The candidates with the text that may carry the marker. Raises AlegraError."""
    rows = _scan(turn, client, work, far)
    if any(row.observations is None for row in rows):
        _read_observations(client, work, far, rows)
    return rows


def _scan(turn: Turn, client: AlegraClient, work: W, far: FarSide[W, T]) -> list[T]:
    """The rows of its place, read once a turn; a scan made before the send proves nothing of it."""
    key = (type(work), work.company_id, *far.kin.values(), far.place(work))
    scan = turn.scans.get(key)
    if scan is None or scan.made_at <= work.sent_at:
        made_at = clock.now()
        found = far.looked_for(client, work)
        scan = turn.scans[key] = Scan(made_at, without_known(found, work, far.kin))
    return scan.rows


def _read_observations(client: AlegraClient, work: W, far: FarSide[W, T], rows: list[T]) -> None:
    """Read candidates by id, first those that look most like it; keep what was read.

    Raises OutcomeUnknown where there are too many: absence would not be proven.
    """
    likely = [far.likeness(work, row) for row in rows]
    order = sorted(range(len(rows)), key=lambda index: -likely[index])
    reads = 0
    for index in order:
        if rows[index].observations is None:
            if reads == MAX_READS:
                raise OutcomeUnknown("Hay demasiados documentos ese día para buscarlo.")
            rows[index] = far.read(client, rows[index].id)
            reads += 1
        if carries(rows[index].observations, work.marker):
            break


def _look_again(work: Work, step: Step, probes: int) -> Next:
    # A look before its time, asked for by a person, does not bring the last one forward.
    now = clock.now()
    note = f"Búsqueda {probes} de {LOOK_UPS}: todavía no aparece."
    return Next(
        State.UNCONFIRMED,
        Why.ABSENT,
        at=max(now, settled_at(work, now)) + timing().delta("between_look_ups"),
        columns={"probes": probes},
        ended=(StepEnd(step, StepState.RUNNING, Outcome.UNCONFIRMED, note),),
    )


def _absent(work: Work, step: Step, probes: int) -> Next:
    """Looked for twice and not there: it may be sent again, after the ordinary back-off."""
    now = clock.now()
    failures_in_a_row = work.failures + 1
    note = "No llegó a Alegra: lo buscamos dos veces. Se envía otra vez."
    return Next(
        State.PENDING,
        Why.ABSENT,
        at=now + back_off.delay(failures_in_a_row, timing()),
        columns={
            "probes": probes,
            "failures": failures_in_a_row,
            "failing_since": work.failing_since or now,
        },
        ended=(StepEnd(step, StepState.FAILED, Outcome.TRANSIENT, note),),
    )
