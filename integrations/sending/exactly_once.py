"""What a claimed work needs now: to be read, to be looked for, to be sent again, or to be made.

A worker may die between any two decisions (reliability reference, *Exactly one document*).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from integrations.sending import confirm, look_again, lost_answer
from integrations.sending.create_once import Waits, must_wait, send_again
from integrations.sending.decided import Decided, StepFunction, give_back, go_on
from integrations.sending.far_side import FarSide, T, W
from integrations.sending.rows import second_look_at
from integrations.sending.states import State
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def advance(
    turn: Turn, work: W, *, far: FarSide[W, T], make: StepFunction, waits: Waits | None = None
) -> Decided:
    """The first step of every work that is made in Alegra exactly once.

    `make` builds it, and comes to its end in `create_once`.
    """
    if work.alegra_id:
        return confirm.read(turn, work, far)
    if work.state == State.UNCONFIRMED:
        return lost_answer.look(turn, work, far)
    now = clock.now()
    if work.may_be_there and work.refusal is not None and now < second_look_at(work, now):
        # Whoever woke it: one look has found nothing, and the second one has its time.
        return give_back(work, at=second_look_at(work, now))
    again = partial(advance, far=far, make=make, waits=waits)
    if held := must_wait(turn, work, again, waits=waits):
        return held
    if work.sends and (found := lost_answer.before_resending(turn, work, far)):
        return found
    if not work.may_be_there:
        return make(turn, work)
    if work.refusal is not None:
        # Alegra answered an error, and two searches found nothing: it is built anew.
        columns = {"payload": None, "refusal": None, **look_again.after_resending(work, now)}
        return go_on(work, make, columns=columns)
    if fits_no_longer := far.before_again(turn, work):
        return fits_no_longer
    return send_again(turn, work, far=far, waits=waits)
