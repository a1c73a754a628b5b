"""A document that exists in Alegra: its id is stored before anything else, then it is verified.

Whatever the way it became known, by the answer of its creation, by a look-up or by reading
it again, it ends here: created, or a question about what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.colombia.peso_text import pesos
from integrations.configuration import company_facts
from integrations.connections.models import Integration
from integrations.documents import (
    another_client,
    beside,
    client_named,
    contact_following,
    verify,
    warehouse_kept,
)
from integrations.documents.about import about
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.gone import read_or_gone
from integrations.documents.issue import locked_order
from integrations.documents.models import Document, DocumentStep
from integrations.documents.same_person import answer_about, answer_about_name
from integrations.documents.step_rows import VERIFY, begin
from integrations.documents.steps import remove
from integrations.documents.steps.doubt import settle_doubt
from integrations.orders.buyer import effective_buyer
from integrations.scoping.search_key import normalised
from integrations.sending import failures, healing
from integrations.sending.asking import asking
from integrations.sending.decided import Begin, Decided, Locked, Next, StepEnd, blocked
from integrations.sending.problem_kinds import Found
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def created(
    turn: Turn,
    document: Document,
    step: DocumentStep,
    found: AlegraDocument,
    note: str = "",
    *,
    after: Callable[[], Any] | None = None,
) -> Decided:
    """Store the id before anything else, whatever else the answer holds; then verify."""
    follow = () if after is None else (after,)
    if not verify.is_complete(found) or another_client.is_doubtful(document, found):
        # Read by its id before anything follows from it.
        return Next(
            State.UNCONFIRMED,
            Why.ANSWERED,
            at=clock.now(),
            columns={"alegra_id": found.id, "probes": 0},
            ended=(StepEnd(step, StepState.DONE, Outcome.OK, note, {"id": found.id}),),
            after=follow,
        )
    output = found.raw or {"id": found.id}
    done = StepEnd(step, StepState.DONE, Outcome.OK, note, output)
    return Locked(partial(_verified, turn, document, found, done=(done,), after=follow))


def read(turn: Turn, document: Document) -> Decided:
    """The id is known: read it and verify; never create."""
    step = begin(document, VERIFY, input=_expected(document))
    with asking(turn, document, step, action="leer documentos") as call:
        found = read_or_gone(call.client, document)
        if found is not None:
            found = another_client.with_its_number(call.client, document, found)
    if found is None:
        if another_client.was_removed(document):
            return remove.make_again(turn, document)
        return blocked([about(document, "gone")], call.step, unfreeze=False)
    is_another = verify.is_another_client(found, document.built, document.buyer_contact)
    done: tuple[StepEnd, ...] = ()
    if is_another and another_client.is_removable(document, found):
        try:
            removed = remove.remove(turn, document, found)
        except AlegraError as error:
            removed = failures.after(turn, document, error, turn.asked)
        if isinstance(removed, Next):
            note = "El cliente es otro."
            failed = StepEnd(call.step, StepState.FAILED, Outcome.REJECTED, note)
            return replace(removed, ended=(failed, *removed.ended))
        done = (removed,)
    return Locked(partial(_verified, turn, document, found, done=done))


def adopt(
    turn: Turn, document: Document, step: DocumentStep, ours: tuple[AlegraDocument, ...]
) -> Decided:
    """It exists: take its id. Two with one marker are a question for a person."""
    if len(ours) > 1:
        ids = [row.id for row in ours]
        return blocked([about(document, "two_found", ids=ids)], step, unfreeze=False)
    note = "La respuesta se había perdido; lo encontramos en Alegra."
    found = ours[0]
    if not verify.is_complete(found):
        found = _read_or_row(turn, document, step, found)
    return created(turn, document, step, found, note)


def _read_or_row(
    turn: Turn, document: Document, step: DocumentStep, row: AlegraDocument
) -> AlegraDocument:
    try:
        with asking(turn, document, step) as call:
            return FAR_SIDES[document.kind].read(call.client, row.id)
    except AlegraError:
        return row


@dataclass
class _Wrong:
    """What differs, in words for the step, and the problems that it makes."""

    words: list[str] = field(default_factory=list)
    problems: list[Found] = field(default_factory=list)


def _verified(
    turn: Turn,
    document: Document,
    found: AlegraDocument,
    *,
    done: tuple[StepEnd, ...] = (),
    after: tuple[Callable[[], Any], ...] = (),
) -> Next:
    """Compare with what was built. A difference keeps it where it is, and asks.

    In the transaction that writes the decision: the order may have changed while the document
    was on its way.
    """
    now = clock.now()
    order = locked_order(document.order)
    warehouse = warehouse_kept.look(document, found)
    wrong = _wrong(document, found, warehouse)
    believes = company_facts.doubt
    if verify.total_is_right(found, document.built):
        believes = company_facts.trust
    step = begin(document, VERIFY, input=_expected(document))
    if (document.deaths or document.failures) and healing.is_ours(document):
        after = (*after, partial(healing.passed, document))
    also = [partial(believes, document.company, now=now)]
    if not wrong.problems:
        also.append(partial(contact_following.note_change, document))
    also.append(partial(beside.refresh, document, order, now=now))
    return Next(
        State.BLOCKED if wrong.problems else State.CREATED,
        Why.PROBLEM if wrong.problems else Why.READ,
        problems=tuple(wrong.problems),
        columns={
            "alegra_id": found.id,
            "number": found.number or "",
            "number_key": normalised(found.number or ""),
            "returned_total": found.total,
            "returned_pesos": int(found.total),
            "last_read_at": now,
            "alegra_status": found.status[:12],
            "deaths": 0,
            "failures": 0,
            "failing_since": None,
        },
        ended=(*done, _verdict(step, found, wrong, warehouse.note)),
        also=tuple(also),
        after=(*after, partial(_tell_integration, document), partial(settle_doubt, turn, document)),
    )


def _verdict(step: Begin, found: AlegraDocument, wrong: _Wrong, note: str) -> StepEnd:
    if wrong.problems:
        return StepEnd(step, StepState.FAILED, Outcome.REJECTED, "; ".join(wrong.words))
    words = f"Alegra lo guardó como se envió. {note}".strip()
    return StepEnd(step, StepState.DONE, Outcome.OK, words, {"total": found.total})


def _wrong(document: Document, found: AlegraDocument, warehouse: warehouse_kept.Told) -> _Wrong:
    wrong = _Wrong(verify.differences(found, document.built))
    if found.status == VOID:
        wrong.words.append("está anulado")
    if warehouse.wrong:
        wrong.words.append(warehouse.wrong)
    if wrong.words:
        amounts = {"expected": pesos(document.total), "found": pesos(found.total)}
        if wrong.words == [warehouse.wrong]:
            # Another answer about the bodegas ends it.
            amounts["warehouse_only"] = True
        what = "; ".join(wrong.words)
        wrong.problems.append(about(document, "total_differs", what=what, **amounts))
    if verify.is_another_client(found, document.built, document.buyer_contact):
        wrong.words.append("el cliente es otro")
        wrong.problems.append(_another_client(document, found, document.order.key))
    elif client_named.is_asked(document, found):
        wrong.words.append("el cliente tiene otro nombre o es de otra clase")
        subject = client_named.subject_of(document, found)
        wrong.problems.append(_another_client(document, found, subject))
    if warehouse.asks:
        wrong.words.append(warehouse_kept.differs(document.company, found, document.built))
        wrong.problems.append(warehouse.asks)
    return wrong


def _another_client(document: Document, found: AlegraDocument, subject: str) -> Found:
    noun = FAR_SIDES[document.kind].noun
    name = effective_buyer(document.order).name
    answers = [answer_about_name(found.client_id, name)]
    if found.client_number:
        answers.append(answer_about(found.client_id, found.client_number))
    asked = about(document, "client_differs", noun=noun, contact=found.client_id, answers=answers)
    return replace(asked, subject_key=subject)


def _expected(document: Document) -> dict[str, Any]:
    built = document.built
    return {"total": built.get("value"), "iva": built.get("tax"), "líneas": built.get("rows")}


def _tell_integration(document: Document) -> None:
    Integration.objects.filter(pk=document.integration_id).update(last_document_at=clock.now())
