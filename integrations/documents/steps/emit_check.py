"""What a draft is checked for right before it is emitted, for an emission is never taken back.

Whether it may go now; then, unless its creation was verified a moment ago, how it is in Alegra:
what a person changed, deleted or emitted there is left out with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.alegra import invoices
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today, end_of_midnight
from integrations.documents import (
    another_client,
    edited,
    legal,
    may_emit,
    numbering_state,
    units_missing,
)
from integrations.documents.emission_refusals import ACTION
from integrations.documents.endpoints import read_or_gone
from integrations.documents.models import Document
from integrations.documents.step_rows import EMIT, VERIFY, begin
from integrations.documents.steps import compare
from integrations.sending import failures, trying
from integrations.sending.about import about
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Part, asking_together
from integrations.sending.decided import Decided, Locked, Next, StepEnd, blocked, give_back
from integrations.sending.far_side import Differences
from integrations.sending.gate import gate
from integrations.sending.models import Step
from integrations.sending.rows import settled_at
from integrations.sending.safe_start import process
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


@dataclass
class Group:
    """The drafts of one call: `going` are still to be emitted, of the others it is decided.

    `found` is what was read of one in Alegra in this step, `ended` the steps of it that ended.
    """

    going: list[Document]
    decided: dict[int, tuple[Document, Decided]] = field(default_factory=dict)
    found: dict[int, AlegraDocument] = field(default_factory=dict)
    ended: dict[int, tuple[StepEnd, ...]] = field(default_factory=dict)

    def settle(self, document: Document, decided: Decided) -> None:
        self.decided[document.pk] = (document, decided)
        self.going = [each for each in self.going if each is not document]

    def settle_failed(self, document: Document, made: Next) -> None:
        """What `failures.after` decided about the first one of a call and those with it."""
        self.settle(document, replace(made, others=()))
        for other, decided in made.others:
            self.settle(other, decided)

    def ends(self, document: Document, *ended: StepEnd) -> None:
        self.ended[document.pk] = (*self.ended.get(document.pk, ()), *ended)

    def verdict(self, document: Document) -> Decided:
        """The decision about the one that is served, which carries those about the others."""
        others = tuple(
            (each, self._whole(each, decided))
            for each, decided in self.decided.values()
            if each is not document
        )
        mine = self._whole(document, self.decided[document.pk][1])
        return _changed(mine, lambda made: replace(made, others=others))

    def _whole(self, document: Document, decided: Decided) -> Decided:
        ended = self.ended.get(document.pk, ())
        return _changed(decided, lambda made: replace(made, ended=(*ended, *made.ended)))


def _changed(decided: Decided, change: Callable[[Next], Next]) -> Decided:
    if isinstance(decided, Locked):
        return Locked(lambda: change(decided.decide()))
    return change(decided)


def held(document: Document, now: datetime) -> Decided | None:
    """What becomes of a draft that may not be emitted now; None where it may. Its order must
    have been read for this question."""
    if (opens_at := end_of_midnight(now)) is not None:
        return give_back(document, at=opens_at)
    if document.stamps and document.deadline_at and now < settled_at(document, now):
        # A call that was lost may still arrive there.
        return give_back(document, at=settled_at(document, now))
    hold = gate(document.integration, doc_date=bogota_today(now), now=now)
    if hold is not None:
        return give_back(document, at=hold.until or now + timing().delta("held"))
    if refused := trying.held_by(document, ACTION):
        return blocked([refused], unfreeze=False)
    if gives_none := numbering_state.before_emission(document, bogota_today(now)):
        return blocked([gives_none], unfreeze=False)
    why = may_emit.by_its_order(document)
    if document.legal_words and why in ("changed", "edited"):
        # It is built anew with what was corrected since.
        why = None
    if why == "reading":
        return give_back(document, at=now + timing().delta("held"))
    return left_out(document, may_emit.words(why), now) if why else None


def left_out(document: Document, why: str, now: datetime) -> Next:
    """It is not emitted. A person's wish is over with that; a definitive invoice is looked at
    again, later each time, and goes when its order is right again.

    What held it before is none of its own any more: the others that wait for the same are tried
    without it.
    """
    note = _("%(why)s: no se emitió.") % {"why": why}
    ended = (StepEnd(begin(document, EMIT), StepState.SKIPPED, note=note),)
    if document.emit_by:
        return give_back(
            document,
            at=None,
            columns={"emit_since": None, "emit_by": ""},
            ended=ended,
            problems=(),
        )
    times = timing()
    wait = min(
        max(times.delta("emit_held"), now - document.emit_since), times.delta("back_off_cap")
    )
    return give_back(document, at=now + wait, ended=ended, problems=())


def is_fresh(document: Document, now: datetime) -> bool:
    """Whether its creation was verified a moment ago, and nothing was asked of it since: a person
    who asks may have changed it in Alegra first, and a call that failed may have changed it."""
    is_new = not document.stamps and not document.legal_words and not document.emit_by
    is_sure = not document.failures and not document.deaths
    is_young = now - document.state_since < timing().delta("emit_fresh")
    # A restored database holds what was known when the copy was made.
    return is_new and is_sure and is_young and process.is_known_since(document.state_since)


def read(turn: Turn, group: Group, documents: Iterable[Document]) -> None:
    """Read these of the group with one call; what is not as it should be is decided about."""
    documents = list(documents)
    if not documents:
        return
    parts = [Part(each, begin(each, VERIFY, input=compare.expected(each))) for each in documents]
    told: dict[int, AlegraDocument | None] = {}
    try:
        with asking_together(turn, parts, action=READ_DOCUMENTS) as call:
            ids = [each.alegra_id for each, _step in call.asked]
            rows = invoices.read_many(call.client, ids)
            for document, _step in call.asked:
                row = rows.get(document.alegra_id) or read_or_gone(call.client, document)
                if row is not None:
                    row = another_client.with_its_number(call.client, document, row)
                told[document.pk] = row
    except AlegraError as error:
        group.settle_failed(documents[0], failures.after(turn, documents[0], error, turn.asked))
        return
    for document, step in call.asked:
        row = told[document.pk]
        if decided := _not_as_it_should_be(document, step, row):
            group.settle(document, decided)
        elif row is not None:
            group.found[document.pk] = row
            note = _("Está en Alegra como se envió.")
            group.ends(document, StepEnd(step, StepState.DONE, Outcome.OK, note))


def _edited_meanwhile(document: Document, differ: Differences) -> Decided | None:
    """What a person changed since it was last read is not emitted before somebody looked at it."""
    found = differ.columns.get("edited")
    if not found or found["digest"] == edited.digest(document):
        return None
    made = left_out(document, may_emit.words("edited"), clock.now())
    return replace(made, columns={**differ.columns, **made.columns}, also=differ.also)


def _not_as_it_should_be(
    document: Document, step: Step, found: AlegraDocument | None
) -> Decided | None:
    if found is None:
        return blocked([about(document, "gone")], step, unfreeze=False)
    if legal.is_emitted(found):
        # A person emitted it, or a call of ours whose answer was lost.
        return legal.after_reading(document, found)
    with transaction.atomic():
        differ = compare.differences(document, found)
    if not differ.problems:
        if changed := _edited_meanwhile(document, differ):
            return changed
        lacking = units_missing.of_draft(document, found)
        return blocked(lacking, step, unfreeze=False) if lacking else None
    words = "; ".join(differ.words)
    return Next(
        State.BLOCKED,
        Why.PROBLEM,
        problems=tuple(differ.problems),
        columns=dict(differ.columns),
        ended=(StepEnd(step, StepState.FAILED, Outcome.REJECTED, words),),
        also=differ.also,
    )
