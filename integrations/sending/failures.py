"""What becomes of a row whose call failed: the table of outcomes, as a decision."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import gettext as _

from integrations.alegra import company as alegra_company
from integrations.alegra import errors
from integrations.connections.models import Credential
from integrations.connections.pauses import pause_credential
from integrations.scoping import lacking
from integrations.sending import back_off, contact_queue, told
from integrations.sending.about import about
from integrations.sending.asking import Asked, asking
from integrations.sending.decided import Next, StepEnd, blocked, give_back
from integrations.sending.models import Step, Work
from integrations.sending.outcomes import RULES, outcome_of
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import settled_at
from integrations.sending.states import (
    DUE,
    IN_FLIGHT,
    LOOKED_FOR,
    UNSENT,
    Outcome,
    State,
    StepState,
    Why,
)
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

log = structlog.get_logger("sending")

MAX_INTERNAL = 5
# A 401 that the company does not repeat may be a hiccup of theirs: tried so often, spaced.
MAX_UNREPEATED = 3


def after(turn: Turn, work: Work, error: Exception, asked: Asked) -> Next:
    """Where the class of the failure sends the row, and the others that shared the call; `asked`
    tells what failed.

    May ask the company whether the login is refused, with no transaction open.
    """
    made = _after(turn, work, error, asked)
    others = tuple(
        (other, _after(turn, other, error, replace(asked, step=step)))
        for other, step in asked.others
    )
    return replace(made, others=others) if others else made


def _after(turn: Turn, work: Work, error: Exception, asked: Asked) -> Next:
    step = asked.step
    if isinstance(error, errors.NoTimeLeft):
        # This worker was stopped, or is slow: the rest of its turn is for whoever is awake.
        turn.stop()
        return _at_once(work, step)
    outcome = outcome_of(error, creates=asked.creates)
    match outcome:
        case Outcome.RATE_LIMITED if error.of_contacts and work.state == State.PENDING:
            return contact_queue.put_off(turn, work, step)
        case Outcome.RATE_LIMITED:
            # Of contacts alone: what needs none goes on.
            if not error.of_contacts:
                turn.stop()
            wait = error.retry_after + random.random()  # noqa: S311 - jitter, not a secret
            columns = undone(work) if _never_left(error, asked) else {}
            return _again(work, asked, outcome, seconds=wait, columns=columns)
        case Outcome.CREDENTIALS | Outcome.PLAN:
            return _refused(turn, work, error, outcome, asked)
        case Outcome.REJECTED:
            found = told.problem_of(work, _refusal(error), action=asked.action)
            return blocked([found], step, outcome=outcome, unfreeze=_thaws(work, asked))
        case Outcome.TOLD_ERROR:
            refusal = told.problem_of(work, _refusal(error), action=asked.action, in_success=True)
            return lost(work, step, said=told.said_of(work, error), refusal=refusal)
        case Outcome.UNCONFIRMED:
            return lost(work, step, said=told.said_of(work, error))
    if outcome is Outcome.INTERNAL:
        lack = lacking.lack_of(error)
        if lack is not None:
            lacking.tell(lack)
        else:
            log.error("internal failure", exc_info=error)
        if State(work.state) in IN_FLIGHT - DUE:
            # We failed after the call: what was sent is looked for first.
            return lost(work, step)
        if lacking.is_to_blame(error):
            # The database went away or its limit was reached, or the machine has no room: the row
            # is not to blame. It is for a DataError or IntegrityError, which would never end.
            return give_back(work, at=clock.now() + timing().delta("back_off_base"))
    columns = undone(work) if _never_left(error, asked) else {}
    return _try_later(work, asked, outcome, columns, said=told.said_of(work, error))


def lost(work: Work, step: Step | None, *, said: str = "", refusal: Found | None = None) -> Next:
    """The answer was lost, or was none of a document: look for it before anything else.

    `refusal` is the problem that it is once a look has found nothing.
    """
    outcome = Outcome.UNCONFIRMED if refusal is None else Outcome.TOLD_ERROR
    return Next(
        LOOKED_FOR.get(State(work.state), State.UNCONFIRMED),
        Why.LOST,
        at=settled_at(work, clock.now()),
        columns={
            "probes": 0,
            "deaths": 0,
            "last_said": said,
            "refusal": None if refusal is None else asdict(refusal),
            "priority": min(work.priority, Work.Priority.LOOK_UP),
        },
        ended=_ended(step, StepState.RUNNING, outcome, _note(outcome, said)),
    )


def undone(work: Work) -> dict[str, Any]:
    """One send less. What an earlier one froze stays as that one sent it, and so does what
    exists already."""
    if work.alegra_id:
        return {}
    sends = max(0, work.sends - 1)
    return {"sends": sends} if sends else {"sends": 0, "payload": None}


def _ended(step: Step | None, state: StepState, outcome: Outcome, note: str) -> tuple[StepEnd, ...]:
    return () if step is None else (StepEnd(step, state, outcome, note),)


def _note(outcome: Outcome, said: str) -> str:
    """What the class means, and Alegra's own words behind it."""
    text = str(RULES[outcome].sentence)
    return f"{text} {_('Alegra dijo: «%s»') % said}" if said else text


def _refusal(error: Exception) -> Exception:
    return error.refusal if isinstance(error, errors.ErrorInSuccess) else error


def _never_left(error: Exception, asked: Asked) -> bool:
    """Not a byte was written: the write-ahead is undone as if it never was."""
    return asked.creates and isinstance(error, errors.BudgetExhausted | errors.NotSent)


def _at_once(work: Work, step: Step | None) -> Next:
    """The write-ahead is taken back: nothing left, so nothing is looked for."""
    return Next(
        _waiting_state(work, wrote=True),
        Why.NOT_SENT,
        at=clock.now(),
        columns=undone(work) if State(work.state) in IN_FLIGHT else {},
        ended=_ended(step, StepState.WAITING, Outcome.TRANSIENT, str(Why.NOT_SENT.label)),
    )


def _again(
    work: Work, asked: Asked, outcome: Outcome, *, seconds: float, columns: dict[str, Any]
) -> Next:
    return Next(
        _waiting_state(work, wrote=asked.creates),
        Why.FAILED,
        at=clock.now() + timedelta(seconds=seconds),
        columns=columns,
        ended=_ended(asked.step, StepState.WAITING, outcome, str(RULES[outcome].sentence)),
    )


def _try_later(
    work: Work, asked: Asked, outcome: Outcome, columns: dict[str, Any], *, said: str = ""
) -> Next:
    """`columns` tells what becomes of the payload: nothing, or what `undone` says."""
    now = clock.now()
    step, failures = asked.step, work.failures + 1
    since = work.failing_since or now
    thawed = "payload" in columns
    if back_off.has_given_up(since, now, timing()):
        found = told.with_words(about(work, "gave_up"), said)
        return blocked([found], step, outcome=outcome, unfreeze=thawed)
    if outcome is Outcome.INTERNAL and failures >= MAX_INTERNAL:
        return blocked([_internal(work)], step, outcome=outcome, unfreeze=thawed)
    return Next(
        _waiting_state(work, wrote=asked.creates),
        Why.FAILED,
        at=now + back_off.delay(failures, timing()),
        columns={"failures": failures, "failing_since": since, "last_said": said, **columns},
        ended=_ended(step, StepState.FAILED, outcome, _note(outcome, said)),
    )


def _waiting_state(work: Work, *, wrote: bool) -> State:
    """What is looked for or read goes on so: never sent meanwhile. `wrote`: it was a write that
    failed, so that nothing of it is to be looked for."""
    state = State(work.state)
    return UNSENT[state] if state in IN_FLIGHT and (wrote or state not in DUE) else state


def _thaws(work: Work, asked: Asked) -> bool:
    """Refused: it is built anew. Not where the call concerned something that exists already, and
    of a look-up a refusal says nothing about what was sent before."""
    return asked.creates and not work.alegra_id


def _refused(turn: Turn, work: Work, error: Exception, outcome: Outcome, asked: Asked) -> Next:
    """401, 402, 403: when the company says the same, the credential is paused; else it is
    this step alone that the plan or the user's permissions do not allow."""
    step = asked.step
    credential = work.integration.credential
    error = _refusal(error)
    said = told.said_of(work, error)
    # A definite no to the only send: dated anew when the right token comes.
    columns = {"payload": None} if _thaws(work, asked) and work.sends <= 1 else {}
    answer = _ask_company(turn, work, credential, error)
    if answer is None:
        return _try_later(work, asked, Outcome.TRANSIENT, columns, said=said)
    now = clock.now()
    if answer.repeats is not None:
        turn.stop()
        words = told.said_of(work, answer.repeats) or said
        pause_credential(credential, code=_code(answer.repeats), said=words, now=now)
        refused = Outcome.CREDENTIALS
        return Next(
            _waiting_state(work, wrote=asked.creates),
            Why.FAILED,
            at=now,
            columns=columns,
            ended=_ended(step, StepState.WAITING, refused, _note(refused, words)),
        )
    if isinstance(error, errors.Unauthorized):
        if work.failures < MAX_UNREPEATED:
            return _try_later(work, asked, Outcome.TRANSIENT, columns, said=said)
        # A wrong path answers 401 too: ours to mend.
        log.error("unauthorized for one path only", path=error.call.path if error.call else "")
        found = told.with_words(_internal(work), said)
        return blocked([found], step, outcome=Outcome.INTERNAL, unfreeze=_thaws(work, asked))
    found = told.problem_of(work, error, action=asked.action or _("hacer esta operación"))
    return blocked([found], step, outcome=outcome, unfreeze=_thaws(work, asked))


@dataclass(frozen=True)
class _Answer:
    """What `GET /company` said. `repeats`: the refusal, None where it answered as it should."""

    repeats: errors.AlegraError | None = None


def _ask_company(
    turn: Turn, work: Work, credential: Credential, error: Exception
) -> _Answer | None:
    """Whether `GET /company` repeats the refusal; None when it could not be asked, or when
    another worker is just asking: a revoked token gets three refusals at most."""
    if turn.company_said is not None and turn.company_said[0] is error:
        # Of a call that several works shared it is asked once.
        return turn.company_said[1]
    rows = Credential.objects.filter(pk=credential.pk)
    if rows.filter(state=Credential.State.PAUSED).exists():
        return _Answer(repeats=error)
    if not credential.asking.acquire(credential, now=clock.now()):
        return None
    try:
        with asking(turn, work, None) as call:
            alegra_company.read(call.client)
    except (errors.Unauthorized, errors.PlanExcludes, errors.Forbidden) as repeats:
        # Nobody asks before the pause is written.
        return _Answer(repeats=repeats)
    except errors.AlegraError:
        said = None
    else:
        said = _Answer()
    credential.asking.release(credential)
    turn.company_said = (error, said)
    return said


def _code(error: Exception) -> str:
    if isinstance(error, errors.Unauthorized):
        return "unauthorized"
    return "plan" if isinstance(error, errors.PlanExcludes) else "forbidden"


def _internal(work: Work) -> Found:
    # Not of one order: those of an integration that failed alike are one cause.
    return replace(about(work, "internal"), subject_key="")
