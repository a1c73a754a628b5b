"""What follows from the answer to an emission: each draft by its own word, and by a reading.

The answer says nothing that is believed alone: all of the group are read with one call, and where
their legal state shows nothing the answer's reason decides (Alegra reference, "Stamp errors").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from integrations.alegra import invoices
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.alegra.invoices import StampReport
from integrations.documents import legal
from integrations.documents.emission_refusals import Follows, explained, rows_of, what_follows
from integrations.documents.endpoints import read_or_gone
from integrations.documents.legal import Told
from integrations.documents.models import Document
from integrations.documents.step_rows import DIAN, begin
from integrations.documents.steps.emit_check import ACTION, Group
from integrations.sending import back_off, failures, told, trying
from integrations.sending.about import about
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Part, asking_together
from integrations.sending.decided import Decided, Next, StepEnd, blocked
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import settled_at
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


# A refusal of Alegra's own: nothing was sent to the DIAN.
_BEFORE_THE_DIAN = (Follows.PERSON, Follows.ALONE)


@dataclass(frozen=True)
class Answer:
    """What the answer says of one invoice. `is_no`: it was refused. `of_several`: it was refused
    together with others, and the refusal may be about any of them."""

    is_no: bool = False
    code: str = ""
    message: str = ""
    raw: Any = None
    of_several: bool = False

    @property
    def follows(self) -> Follows | None:
        if not self.is_no:
            return None
        follows = what_follows(self.code, self.message)
        is_of_one = follows in (Follows.PERSON, Follows.REJECTED)
        return Follows.ALONE if self.of_several and is_of_one else follows

    def words(self, document: Document) -> legal.Words:
        """Masked, as they are kept with the document."""
        if not self.is_no:
            return []
        return rows_of(document, code=self.code, message=self.message)


def take(
    turn: Turn,
    group: Group,
    asked: Sequence[tuple[Work, Step | None]],
    reports: Sequence[StampReport],
    *,
    refused: AlegraError | None = None,
) -> None:
    """Read those that the call was for, and decide about each. `refused`: the one refusal of all
    of them."""
    if refused is not None:
        no = Answer(True, refused.code or "", refused.message, of_several=len(asked) > 1)
        answers = {work.pk: no for work, _step in asked}
    else:
        said = {report.id: report for report in reports}
        answers = {work.pk: _answer(said.get(work.alegra_id)) for work, _step in asked}
    for work, step in asked:
        group.ends(work, _end(work, step, answers[work.pk]))
    parts = [Part(work, begin(work, DIAN, input={"id": work.alegra_id})) for work, _step in asked]
    try:
        with asking_together(turn, parts, action=READ_DOCUMENTS) as call:
            ids = [work.alegra_id for work, _step in call.asked]
            listed = invoices.read_many(call.client, ids)
            rows = {
                work.pk: _there(call.client, work, listed, answers[work.pk])
                for work, _step in call.asked
            }
            why = {
                work.pk: reasons(call.client, work, rows[work.pk], answers[work.pk])
                for work, _step in call.asked
            }
    except AlegraError as error:
        first = parts[0].work
        group.settle_failed(first, failures.after(turn, first, error, turn.asked))
        go_alone(group, [pk for pk, no in answers.items() if no.follows is Follows.ALONE])
        return
    for work, step in call.asked:
        answer = answers[work.pk]
        group.settle(work, after(work, step, rows[work.pk], answer, why[work.pk]))


def _there(
    client: AlegraClient, document: Document, listed: Mapping[str, AlegraDocument], answer: Answer
) -> AlegraDocument | None:
    """The invoice as it was read; a refused one that no list shows is read by id. None: gone."""
    found = listed.get(document.alegra_id)
    if found is None and answer.follows in _BEFORE_THE_DIAN:
        found = read_or_gone(client, document)
    return found


def reasons(
    client: AlegraClient, document: Document, found: AlegraDocument | None, answer: Answer
) -> Sequence[Found]:
    """Why Alegra refused it before the DIAN saw it; () where there was no time to ask."""
    if answer.follows is not Follows.PERSON or (found is not None and legal.is_emitted(found)):
        return ()
    try:
        return explained(client, document, code=answer.code, message=answer.message, found=found)
    except (BudgetExhausted, RateLimited):
        return ()


def undo(group: Group, before: Mapping[int, tuple[int, datetime | None]]) -> None:
    """Nothing of the call reached Alegra: it is as if it had not been made."""
    for pk, (stamps, sent_at) in before.items():
        document, decided = group.decided.get(pk, (None, None))
        if document is not None and isinstance(decided, Next):
            columns = {"stamps": stamps, "stamp_sent_at": sent_at, "deadline_at": None}
            group.settle(document, replace(decided, columns={**decided.columns, **columns}))


def go_alone(group: Group, pks: Iterable[int]) -> None:
    """Mark invoices that were refused together without naming one: each is sent alone from now."""
    for pk in pks:
        document, decided = group.decided.get(pk, (None, None))
        if document is not None and isinstance(decided, Next):
            # A refusal of the whole call says nothing about this one.
            columns = {**decided.columns, "emit_alone": True, "refusal": None}
            group.settle(document, replace(decided, columns=columns))


def unsettled(document: Document, step: Step) -> Next:
    """Nobody can say yet what became of the call: it is read when it must be over."""
    note = _("No sabemos todavía si quedó emitida: la leemos otra vez antes de hacer algo más.")
    return Next(
        State.EMITTING,
        None if document.state == State.EMITTING else Why.LOST,
        at=settled_at(document, clock.now()),
        ended=(StepEnd(step, StepState.RUNNING, Outcome.UNCONFIRMED, note),),
    )


def later(document: Document, step: Step, why: Why, *, message: str = "") -> Next:
    """It is not emitted and may be once more, later each time, after a reading."""
    now = clock.now()
    count, since = document.failures + 1, document.failing_since or now
    if back_off.has_given_up(since, now, timing()):
        found = told.with_words(about(document, "gave_up"), message)
        return blocked([found], step, outcome=Outcome.TRANSIENT, unfreeze=False)
    note = _("No quedó emitida. Se intenta otra vez.")
    return Next(
        State.CREATED,
        why,
        at=max(settled_at(document, now), now + back_off.delay(count, timing())),
        columns={"failures": count, "failing_since": since, "last_said": message, "probes": 0},
        ended=(StepEnd(step, StepState.FAILED, Outcome.TRANSIENT, message or note),),
    )


def _answer(report: StampReport | None) -> Answer:
    if report is None:
        return Answer()
    return Answer(report.success is False, report.code, report.message, report.raw)


def _end(document: Document, step: Step, answer: Answer) -> StepEnd:
    if answer.is_no:
        note = _message(answer.words(document))
        return StepEnd(step, StepState.FAILED, Outcome.REJECTED, note, answer.raw)
    return StepEnd(step, StepState.DONE, Outcome.OK, output=answer.raw)


def after(
    document: Document,
    step: Step,
    found: AlegraDocument | None,
    answer: Answer,
    problems: Sequence[Found],
) -> Decided:
    """The next state of a draft after the answer about it. `found`: as it was read after that, None
    where it is gone. `problems`: the reasons of a refusal, as `reasons` finds them."""
    follows = answer.follows
    words = answer.words(document)
    if found is None and follows in _BEFORE_THE_DIAN:
        return blocked([about(document, "gone")], step, unfreeze=False)
    if found is not None and legal.is_emitted(found):
        made = legal.after_reading(document, found, step=step)
        return replace(
            made, after=(*made.after, lambda: trying.accepted(document.integration, {ACTION}))
        )
    if (
        found is not None
        and legal.told(found) is Told.REJECTED
        and follows in (None, Follows.REJECTED, Follows.ALONE)
        and not legal.is_old_rejection(document, found)
    ):
        said = None if follows is Follows.ALONE else words
        return legal.after_reading(document, found, step=step, said=said)
    match follows:
        case Follows.WAIT:
            return legal.in_process(document, step)
        case Follows.LATER:
            return later(document, step, Why.FAILED, message=_message(words))
        case Follows.REJECTED:
            return legal.rejected(document, words, step, found=found)
        case Follows.PERSON:
            return _refused(document, step, words, problems)
        case Follows.ALONE:
            return _once_more_alone(document, step)
    return unsettled(document, step)


def _once_more_alone(document: Document, step: Step) -> Next:
    """Send it once more, alone and at once: the call for several was refused for certain, and its
    reading shows that it did not reach the DIAN."""
    note = _("Alegra no dijo cuál factura no acepta. Esta va otra vez, sola.")
    return Next(
        State.CREATED,
        Why.REFUSED,
        at=clock.now(),
        columns={"emit_alone": True, "probes": 0, "refusal": None, "deadline_at": None},
        ended=(StepEnd(step, StepState.SKIPPED, note=note),),
    )


def _message(words: legal.Words) -> str:
    return told.cut(words[0]["message"]) if words else ""


def _refused(document: Document, step: Step, words: legal.Words, problems: Sequence[Found]) -> Next:
    """Refused before the DIAN saw it: a person is needed, and the draft stays as it is."""
    if not problems:
        # There was no time to ask why: tried once more, and asked then.
        return later(document, step, Why.FAILED, message=_message(words))
    made = blocked(problems, unfreeze=False)
    note = _("No llegó a la DIAN.")
    return replace(
        made,
        columns={
            **made.columns,
            "probes": 0,
            "refusal": None,
            "deadline_at": None,
            "legal_words": words or None,
        },
        ended=(StepEnd(step, StepState.SKIPPED, note=note),),
    )
