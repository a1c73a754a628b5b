"""What Alegra has of a document and what was built, side by side: what differs is a question."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.peso_text import pesos
from integrations.configuration import company_facts
from integrations.documents import (
    another_client,
    as_read,
    beside,
    client_named,
    contact_following,
    edited,
    emission,
    verify,
    warehouse_kept,
)
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.documents.same_person import answer_about, answer_about_name
from integrations.orders.buyer import effective_buyer
from integrations.sending import trying
from integrations.sending.about import about
from integrations.sending.far_side import Differences
from integrations.sending.problem_kinds import Found
from integrations.timekeeping import clock


@dataclass
class _Wrong:
    """What differs, in words for the step, and the problems that it makes."""

    words: list[str] = field(default_factory=list)
    problems: list[Found] = field(default_factory=list)


def is_enough(document: Document, found: AlegraDocument) -> bool:
    """Whether an answer can be believed without a reading by its id."""
    return verify.is_complete(found) and not another_client.is_doubtful(document, found)


def expected(document: Document) -> dict[str, Any]:
    built = document.built
    return {"total": built.get("value"), "iva": built.get("tax"), "líneas": built.get("rows")}


def differences(document: Document, found: AlegraDocument) -> Differences:
    """Compare with what was built, under the locks that a cure takes.

    In the transaction that writes the outcome: the order may have changed while the document was
    on its way.
    """
    now = clock.now()
    order = locked_order(document.order)
    warehouse = warehouse_kept.look(document, found)
    wrong = _wrong(document, found, warehouse)

    def note_what_follows() -> None:
        believes = company_facts.doubt
        if verify.total_is_right(found, document.built):
            believes = company_facts.trust
        believes(document.company, now=now)
        if not wrong.problems:
            contact_following.note_change(document)
        beside.refresh(document, order, now=now)

    return Differences(
        problems=wrong.problems,
        words=wrong.words,
        note=warehouse.note,
        expected=expected(document),
        output={"total": found.total},
        columns={
            **as_read.columns(document, found, now=now),
            **edited.columns(document, found, is_right=not wrong.problems),
        },
        also=(note_what_follows,),
        # What Alegra did not allow at its emission is over once it is emitted.
        spares=trying.TRIED if emission.is_wanted(document) else frozenset(),
    )


def _wrong(document: Document, found: AlegraDocument, warehouse: warehouse_kept.Told) -> _Wrong:
    if found.status == VOID:
        return _Wrong(["está anulado"], [about(document, "voided")])
    wrong = _Wrong(verify.differences(found, document.built))
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
    noun = ENDPOINTS[document.kind].noun
    name = effective_buyer(document.order).name
    answers = [answer_about_name(found.client_id, name)]
    if found.client_number:
        answers.append(answer_about(found.client_id, found.client_number))
    asked = about(document, "client_differs", noun=noun, contact=found.client_id, answers=answers)
    return replace(asked, subject_key=subject)
