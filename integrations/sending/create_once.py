"""The one call that is never made twice: frozen, written ahead, and its answer taken in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today
from integrations.sending import confirm, failures, trying
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import Decided, StepFunction, give_back
from integrations.sending.far_side import CREATE, FarSide, T, W
from integrations.sending.frozen import digest, freeze, thaw
from integrations.sending.gate import gate
from integrations.sending.send_limits import too_many_sends
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Answers that speak of what was sent, whose reason a reading may find.
_ABOUT_THE_BODY = (400, 404, 422)


def create_once(turn: Turn, work: W, *, far: FarSide[W, T], body: dict[str, Any]) -> Decided:
    """Send this for the first time, unless it has to wait after all."""
    return _send(turn, work, far=far, payload=freeze(body))


def send_again(turn: Turn, work: W, *, far: FarSide[W, T]) -> Decided:
    """Proven absent: the same bytes once more, whatever was changed since."""
    return _send(turn, work, far=far, payload=work.payload)


def must_wait(turn: Turn, work: W, far: FarSide[W, T], again: StepFunction) -> Decided | None:
    """What becomes of a work that may not be sent now; None where it may."""
    if waits := far.waits(turn, work, again):
        return waits
    now = clock.now()
    doc_date = work.doc_date if work.may_be_there else bogota_today(now)
    held = gate(work.integration, doc_date=doc_date, now=now)
    if held is None:
        return None
    return give_back(work, at=held.until or now + timing().delta("held"))


def _send(turn: Turn, work: W, *, far: FarSide[W, T], payload: dict[str, Any]) -> Decided:
    # What came before took calls: whether it may go is asked once more.
    if waits := must_wait(turn, work, far, partial(_send, far=far, payload=payload)):
        return waits
    if not work.may_be_there and far.is_outdated(payload):
        return give_back(work, at=clock.now())
    return too_many_sends(work) or _create(turn, work, far, payload)


def _create(turn: Turn, work: W, far: FarSide[W, T], payload: dict[str, Any]) -> Decided:
    body = thaw(payload)
    action = far.creating(work)
    tried_for = trying.actions_tried_with(work)
    step, ahead = far.begin(work, CREATE, input=body), _ahead(work, far, payload)
    try:
        with asking(turn, work, step, action=action, ahead=ahead) as call:
            found = far.create(work, call.client, body)
    except AlegraError as error:
        asked = turn.asked
        if error.is_definite_no and error.status in _ABOUT_THE_BODY:
            explained = far.refused(turn, work, error, asked)
            if explained is not None:
                return explained
        return failures.after(turn, work, error, asked)
    accepted = partial(trying.accepted, work.integration, {action, *tried_for})
    return confirm.answered(turn, work, far, call.step, found, after=(accepted,))


def _ahead(work: W, far: FarSide[W, T], payload: dict[str, Any]) -> Ahead:
    now = clock.now()
    columns = {
        "sent_at": now,
        "deadline_at": now + timing().delta("call"),
        "sends": work.sends + 1,
        "next_attempt_at": None,
        "payload": payload,
        "refusal": None,
        "payload_digest": digest(payload),
        "doc_date": far.day_of(payload),
    }
    return Ahead(State.SENDING, Why.SENT, columns)
