"""What becomes of a row whose call failed: the table of outcomes, applied."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.alegra import company as alegra_company
from integrations.alegra import errors
from integrations.connections.models import Credential
from integrations.connections.pauses import pause_credential
from integrations.sending import back_off, causes, contact_queue, steps, told
from integrations.sending.models import Step, Work
from integrations.sending.outcomes import RULES, outcome_of
from integrations.sending.problem_kinds import Found, sentence
from integrations.sending.registry import kind_of_work
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("sending")

MAX_INTERNAL = 5


def settle(
    turn: Any,
    work: Work,
    step: Step | None,
    error: Exception,
    *,
    creates: bool = False,
    action: str = "",
) -> None:
    """Record the failure and bring the row where its class sends it. Raises LeaseLost.

    `creates`: the call might have made something. `action` names for the merchant what the
    plan or permission lacks ("crear facturas").
    """
    outcome = outcome_of(error, creates=creates)
    match outcome:
        case Outcome.RATE_LIMITED if error.of_contacts and work.state == State.PENDING:
            contact_queue.put_off(turn, work, step)
        case Outcome.RATE_LIMITED:
            # Of contacts alone: what needs none goes on.
            if not error.of_contacts:
                turn.stop()
            wait = error.retry_after + random.random()  # noqa: S311 - jitter, not a secret
            _again(work, step, outcome, seconds=wait, unsent=_never_left(error, creates))
        case Outcome.CREDENTIALS | Outcome.PLAN:
            _refused(turn, work, step, error, outcome, creates=creates, action=action)
        case Outcome.REJECTED:
            found = told.problem_of(work, _refusal(error), action=action)
            # Of a look-up it says nothing about what was sent before.
            block(work, step, [found], outcome=outcome, unfreeze=creates)
        case Outcome.TOLD_ERROR:
            found = told.problem_of(work, _refusal(error), action=action, in_success=True)
            lost(work, step, said=told.said_of(work, error), refusal=found)
        case Outcome.UNCONFIRMED:
            lost(work, step, said=told.said_of(work, error))
        case _:
            if outcome is Outcome.INTERNAL:
                log.error("internal failure", exc_info=error)
                if work.state == State.SENDING:
                    # We failed after the call: what was sent is looked for first.
                    lost(work, step)
                    return
            columns = undone(work) if _never_left(error, creates) else {}
            _try_later(work, step, outcome, columns, said=told.said_of(work, error))


def block(
    work: Work,
    step: Step | None,
    found: list[Found],
    *,
    outcome: Outcome = Outcome.CONFIGURATION,
    note: str = "",
    unfreeze: bool = True,
) -> None:
    """A person is needed. Built anew after the cure, unless it may exist in Alegra already:
    then the payload stays as it was sent (`unfreeze=False`)."""
    now = clock.now()
    columns: dict[str, Any] = {"payload": None} if unfreeze else {}
    with transaction.atomic():
        work.move(
            State.BLOCKED,
            now=now,
            why=Why.PROBLEM,
            next_attempt_at=None,
            failures=0,
            failing_since=None,
            deaths=0,
            **columns,
        )
        causes.open_problems(work, found, now=now)
        if step is not None:
            note = note or sentence(found[0].code, found[0].params)
            steps.finish(step, StepState.FAILED, now=now, outcome=outcome, note=note)


def lost(work: Work, step: Step | None, *, said: str = "", refusal: Found | None = None) -> None:
    """The answer was lost, or was none of a document: look for it before anything else.

    `refusal` is the problem that it is once a look has found nothing.
    """
    now = clock.now()
    first_look = (work.sent_at or now) + timing().delta("first_look_up")
    with transaction.atomic():
        work.move(
            State.UNCONFIRMED,
            now=now,
            why=Why.LOST,
            probes=0,
            next_attempt_at=first_look,
            deaths=0,
            last_said=said,
            refusal=None if refusal is None else asdict(refusal),
            priority=min(work.priority, Work.Priority.LOOK_UP),
        )
        if step is not None:
            outcome = Outcome.UNCONFIRMED if refusal is None else Outcome.TOLD_ERROR
            note = _note(outcome, said)
            steps.finish(step, StepState.RUNNING, now=now, outcome=outcome, note=note)


def _note(outcome: Outcome, said: str) -> str:
    """What the class means, and Alegra's own words behind it."""
    text = str(RULES[outcome].sentence)
    return f"{text} {_('Alegra dijo: «%s»') % said}" if said else text


def _refusal(error: Exception) -> Exception:
    return error.refusal if isinstance(error, errors.ErrorInSuccess) else error


def _never_left(error: Exception, creates: bool) -> bool:
    """Not a byte was written: the write-ahead is undone as if it never was."""
    return creates and isinstance(error, errors.BudgetExhausted | errors.NotSent)


def undone(work: Work) -> dict[str, Any]:
    """One send less. What an earlier one froze stays as that one sent it."""
    sends = max(0, work.sends - 1)
    return {"sends": sends} if sends else {"sends": 0, "payload": None}


def _again(
    work: Work, step: Step | None, outcome: Outcome, *, seconds: float, unsent: bool = False
) -> None:
    now = clock.now()
    columns: dict[str, Any] = {"next_attempt_at": now + timedelta(seconds=seconds)}
    if unsent:
        columns |= undone(work)
    with transaction.atomic():
        work.move(_waiting_state(work), now=now, why=Why.FAILED, **columns)
        if step is not None:
            note = str(RULES[outcome].sentence)
            steps.finish(step, StepState.WAITING, now=now, outcome=outcome, note=note)


def _try_later(
    work: Work, step: Step | None, outcome: Outcome, columns: dict[str, Any], *, said: str = ""
) -> None:
    """`columns` tells what becomes of the payload: nothing, or what `undone` says."""
    now = clock.now()
    failures = work.failures + 1
    since = work.failing_since or now
    thawed = "payload" in columns
    if back_off.has_given_up(since, now, timing()):
        found = told.with_words(_about(work, "gave_up"), said)
        block(work, step, [found], outcome=outcome, unfreeze=thawed)
        return
    if outcome is Outcome.INTERNAL and failures >= MAX_INTERNAL:
        block(work, step, [_about(work, "internal")], outcome=outcome, unfreeze=thawed)
        return
    again_at = now + back_off.delay(failures, timing())
    with transaction.atomic():
        work.move(
            _waiting_state(work),
            now=now,
            why=Why.FAILED,
            failures=failures,
            failing_since=since,
            next_attempt_at=again_at,
            last_said=said,
            **columns,
        )
        if step is not None:
            note = _note(outcome, said)
            steps.finish(step, StepState.FAILED, now=now, outcome=outcome, note=note)


def _waiting_state(work: Work) -> State:
    """A look-up that failed goes on looking: never sent meanwhile."""
    return State.UNCONFIRMED if work.state == State.UNCONFIRMED else State.PENDING


def _refused(
    turn: Any,
    work: Work,
    step: Step | None,
    error: Exception,
    outcome: Outcome,
    *,
    creates: bool,
    action: str,
) -> None:
    """401, 402, 403: when the company says the same, the credential is paused; else it is
    this step alone that the plan or the user's permissions do not allow."""
    credential = work.integration.credential
    error = _refusal(error)
    said = told.said_of(work, error)
    # A definite no to the only send: dated anew when the right token comes.
    columns = {"payload": None} if creates and work.sends <= 1 else {}
    asked = _ask_company(turn, credential, error)
    if asked is None:
        _try_later(work, step, Outcome.TRANSIENT, columns, said=said)
        return
    now = clock.now()
    if asked.repeats is not None:
        turn.stop()
        words = told.said_of(work, asked.repeats) or said
        pause_credential(credential, code=_code(asked.repeats), said=words, now=now)
        with transaction.atomic():
            work.move(_waiting_state(work), now=now, why=Why.FAILED, next_attempt_at=now, **columns)
            if step is not None:
                note = _note(Outcome.CREDENTIALS, words)
                steps.finish(
                    step, StepState.WAITING, now=now, outcome=Outcome.CREDENTIALS, note=note
                )
        return
    if isinstance(error, errors.Unauthorized):
        # A wrong path answers 401 too: ours to mend.
        log.error("unauthorized for one path only", path=error.call.path if error.call else "")
        found = told.with_words(_about(work, "internal"), said)
        block(work, step, [found], outcome=Outcome.INTERNAL, unfreeze=creates)
        return
    found = told.problem_of(work, error, action=action or _("hacer esta operación"))
    block(work, step, [found], outcome=outcome, unfreeze=creates)


@dataclass(frozen=True)
class _Asked:
    """What `GET /company` said. `repeats`: the refusal, None where it answered as it should."""

    repeats: errors.AlegraError | None = None


def _ask_company(turn: Any, credential: Credential, error: Exception) -> _Asked | None:
    """Whether `GET /company` repeats the refusal; None when it could not be asked, or when
    another worker is just asking: a revoked token gets three refusals at most."""
    row = Credential.objects.filter(pk=credential.pk)
    if row.filter(state=Credential.State.PAUSED).exists():
        return _Asked(repeats=error)
    now = clock.now()
    is_free = Q(asking_until=None) | Q(asking_until__lte=now)
    if not row.filter(is_free).update(asking_until=now + timing().delta("lease")):
        return None
    turn.journal.rest()
    try:
        alegra_company.read(turn.client(credential))
    except (errors.Unauthorized, errors.PlanExcludes, errors.Forbidden) as repeats:
        # Nobody asks before the pause is written.
        return _Asked(repeats=repeats)
    except errors.AlegraError:
        said = None
    else:
        said = _Asked()
    row.update(asking_until=None)
    return said


def _code(error: Exception) -> str:
    if isinstance(error, errors.Unauthorized):
        return "unauthorized"
    return "plan" if isinstance(error, errors.PlanExcludes) else "forbidden"


def _about(work: Work, code: str, subject: str | None = None, **params: Any) -> Found:
    order = kind_of_work(work).order_of(work)
    about = {"order": order.number, "order_id": order.pk} if order is not None else {}
    key = (order.key if order is not None else "") if subject is None else subject
    if code == "internal":
        key = ""
    return Found(code, key, {**about, **params})
