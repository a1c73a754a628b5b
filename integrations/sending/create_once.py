"""The one call that is never made twice: frozen, written ahead, and its answer taken in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today
from integrations.connections.models import Integration
from integrations.sending import confirm, failures, look_again, trying
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import Decided, StepFunction, give_back
from integrations.sending.far_side import CREATE, FarSide, T, W
from integrations.sending.frozen import day_of, digest, freeze, thaw
from integrations.sending.gate import gate
from integrations.sending.marker import signed
from integrations.sending.models import Work
from integrations.sending.safe_start import adopting
from integrations.sending.send_limits import too_many_sends
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# `waits(turn, work, again)`: what becomes of a work that is not to be sent now, None where it is.
# `again` is the step that asks, for a work that is written on the way. It reads the integration
# with all that the gate asks of it.
Waits = Callable[["Turn", Any, StepFunction], Decided | None]
# Answers that speak of what was sent, whose reason a reading may find.
_ABOUT_THE_BODY = (400, 404, 422)


def create_once(
    turn: Turn, work: W, *, far: FarSide[W, T], body: dict[str, Any], waits: Waits | None = None
) -> Decided:
    """Send this with the work's marker, for the first time, unless it has to wait after all."""
    payload = freeze(signed(body, work.marker))
    return _send(turn, work, far=far, payload=payload, waits=waits)


def send_again(turn: Turn, work: W, *, far: FarSide[W, T], waits: Waits | None = None) -> Decided:
    """Proven absent: the same bytes once more, whatever was changed since."""
    return _send(turn, work, far=far, payload=work.payload, waits=waits)


def must_wait(
    turn: Turn, work: Work, again: StepFunction, *, waits: Waits | None = None
) -> Decided | None:
    """What becomes of a work that may not be sent now; None where it may."""
    if waits is None:
        of_gate = Integration.objects.select_related("company", "credential__alegra_user")
        work.integration = of_gate.get(pk=work.integration_id)
    elif held := waits(turn, work, again):
        return held
    now = clock.now()
    doc_date = work.doc_date if work.may_be_there else bogota_today(now)
    hold = gate(work.integration, doc_date=doc_date, now=now)
    if hold is None:
        return None
    return give_back(work, at=hold.until or now + timing().delta("held"))


def _send(
    turn: Turn, work: W, *, far: FarSide[W, T], payload: dict[str, Any], waits: Waits | None
) -> Decided:
    # What came before took calls: whether it may go is asked once more.
    again = partial(_send, far=far, payload=payload, waits=waits)
    if held := must_wait(turn, work, again, waits=waits):
        return held
    if found := adopting.adopted(turn, work, far):
        return found
    now = clock.now()
    if far.is_of_today and not work.may_be_there and day_of(payload) != bogota_today(now):
        # Midnight came between: it is built again.
        return give_back(work, at=now)
    return too_many_sends(work) or _create(turn, work, far, payload)


def _create(turn: Turn, work: W, far: FarSide[W, T], payload: dict[str, Any]) -> Decided:
    body = thaw(payload)
    tried_for = trying.actions_tried_with(work)
    step, ahead = far.begin(work, CREATE, input=body), _ahead(work, far, payload)
    try:
        with asking(turn, work, step, action=far.action, ahead=ahead) as call:
            found = far.create(call.client, body)
    except AlegraError as error:
        asked = turn.asked
        if error.is_definite_no and error.status in _ABOUT_THE_BODY:
            explained = far.refused(turn, work, error, asked)
            if explained is not None:
                return explained
        return failures.after(turn, work, error, asked)
    accepted = partial(trying.accepted, work.integration, {far.action, *tried_for})
    return confirm.answered(turn, work, far, call.step, found, after=(accepted,))


def _ahead(work: W, far: FarSide[W, T], payload: dict[str, Any]) -> Ahead:
    now = clock.now()
    columns = {
        "sent_at": now,
        "sends": work.sends + 1,
        "next_attempt_at": None,
        "payload": payload,
        "refusal": None,
        "payload_digest": digest(payload),
        # Under the day that stands in it: there it is looked for.
        "doc_date": day_of(payload),
        **look_again.after_resending(work, now),
    }
    return Ahead(State.SENDING, Why.SENT, columns, takes=far.takes)
