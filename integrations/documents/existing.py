"""A document that exists in Alegra: its id is stored before anything else, then it is verified.

Whatever the way it became known, by the answer of its creation, by a look-up or by reading
it again, it ends here: created, or a question about what differs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

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
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.gone import read_or_gone
from integrations.documents.issue import locked_order
from integrations.documents.models import Document, DocumentStep
from integrations.documents.same_person import answer_about, answer_about_name
from integrations.orders.buyer import effective_buyer
from integrations.scoping.search_key import normalised
from integrations.sending import causes, failures, steps
from integrations.sending.problem_kinds import Found
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

# The steps of a document and their order on the page.
CONTACT, CREATE, VERIFY = "contact", "create", "verify"
POSITIONS = {CONTACT: 1, CREATE: 2, VERIFY: 3}


def begin_step(document: Document, name: str, *, input: Any) -> DocumentStep:
    """The step is running from now on; in the transaction that commits the intent."""
    return steps.begin(
        document,
        name,
        position=POSITIONS[name],
        now=clock.now(),
        cycle=document.cycle,
        input=input,
    )


def create_step(document: Document) -> DocumentStep:
    """The step of the creation, for what is asked about it before or after: a look, a question."""
    step, _made = DocumentStep.objects.get_or_create(
        work=document,
        name=CREATE,
        cycle=document.cycle,
        defaults={"position": POSITIONS[CREATE], "organization_id": document.organization_id},
    )
    return step


def created(
    turn: Any, document: Document, step: DocumentStep, found: AlegraDocument, note: str = ""
) -> None:
    """Store the id before anything else, whatever else the answer holds; then verify."""
    now = clock.now()
    document.alegra_id = found.id
    if not verify.is_complete(found) or another_client.is_doubtful(document, found):
        # Read by its id before anything follows from it.
        with transaction.atomic():
            steps.done(step, now=now, note=note, output={"id": found.id})
            document.move(
                State.UNCONFIRMED,
                now=now,
                why=Why.ANSWERED,
                alegra_id=found.id,
                next_attempt_at=now,
                probes=0,
            )
        return
    with transaction.atomic():
        order = locked_order(document.order)
        steps.done(step, now=now, note=note, output=found.raw or {"id": found.id})
        _verified(document, found)
        # It may have changed while the document was on its way.
        beside.refresh(document, order, now=now)
    _tell_integration(document)
    settle_doubt(turn, document)


def _verified(document: Document, found: AlegraDocument) -> None:
    """Compare with what was built. A difference keeps it where it is, and asks."""
    now = clock.now()
    step = begin_step(document, VERIFY, input=_expected(document))
    wrong = verify.differences(found, document.built)
    is_another = verify.is_another_client(found, document.built, document.buyer_contact)
    is_named_otherwise = not is_another and client_named.is_asked(document, found)
    warehouse = warehouse_kept.look(document, found)
    columns = {
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
        "next_attempt_at": None,
    }
    if found.status == VOID:
        wrong.append("está anulado")
    if warehouse.wrong:
        wrong.append(warehouse.wrong)
    if verify.total_is_right(found, document.built):
        company_facts.trust(document.company, now=now)
    else:
        company_facts.doubt(document.company, now=now)
    if wrong or is_another or is_named_otherwise or warehouse.asks:
        document.move(State.BLOCKED, now=now, why=Why.PROBLEM, **columns)
        problems = []
        if wrong:
            amounts = {"expected": pesos(document.total), "found": pesos(found.total)}
            if wrong == [warehouse.wrong]:
                # Another answer about the bodegas ends it.
                amounts["warehouse_only"] = True
            problems.append(about(document, "total_differs", what="; ".join(wrong), **amounts))
        if is_another:
            wrong.append("el cliente es otro")
            problems.append(_another_client(document, found, document.order.key))
        if is_named_otherwise:
            wrong.append("el cliente tiene otro nombre o es de otra clase")
            subject = client_named.subject_of(document, found)
            problems.append(_another_client(document, found, subject))
        if warehouse.asks:
            wrong.append(warehouse_kept.differs(document.company, found, document.built))
            problems.append(warehouse.asks)
        causes.open_problems(document, problems, now=now)
        steps.finish(
            step, StepState.FAILED, now=now, outcome=Outcome.REJECTED, note="; ".join(wrong)
        )
        return
    document.move(State.CREATED, now=now, why=Why.READ, **columns)
    contact_following.note_change(document)
    causes.close_problems(document, now=now)
    note = f"Alegra lo guardó como se envió. {warehouse.note}".strip()
    steps.done(step, now=now, note=note, output={"total": found.total})


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


def check_by_reading(turn: Any, document: Document) -> None:
    """The id is known: read it and verify; never create."""
    step = begin_step(document, VERIFY, input=_expected(document))
    turn.journal.follow(document, step)
    client = turn.client(document.integration.credential)
    try:
        found = read_or_gone(client, document)
        if found is not None:
            found = another_client.with_its_number(client, document, found)
    except AlegraError as error:
        failures.settle(turn, document, step, error, action="leer documentos")
        return
    if found is None:
        if another_client.was_removed(document):
            another_client.make_again(turn, document)
            return
        failures.block(document, step, [about(document, "gone")], unfreeze=False)
        return
    is_another = verify.is_another_client(found, document.built, document.buyer_contact)
    if is_another and another_client.is_removable(document, found):
        steps.finish(
            step,
            StepState.FAILED,
            now=clock.now(),
            outcome=Outcome.REJECTED,
            note="El cliente es otro.",
        )
        if another_client.remove(turn, document, found):
            return
    with transaction.atomic():
        order = locked_order(document.order)
        _verified(document, found)
        beside.refresh(document, order, now=clock.now())
    _tell_integration(document)
    settle_doubt(turn, document)


def _tell_integration(document: Document) -> None:
    Integration.objects.filter(pk=document.integration_id).update(last_document_at=clock.now())


def settle_doubt(turn: Any, document: Document) -> bool:
    """Whether no total of the company is unexplained; reads the company where one is."""
    credential = document.integration.credential
    turn.journal.rest()
    return company_facts.is_settled(document.company, credential, turn.client(credential))


def adopt(
    turn: Any, document: Document, step: DocumentStep, ours: tuple[AlegraDocument, ...]
) -> None:
    """It exists: take its id. Two with one marker are a question for a person."""
    if len(ours) > 1:
        ids = [row.id for row in ours]
        failures.block(document, step, [about(document, "two_found", ids=ids)], unfreeze=False)
        return
    note = "La respuesta se había perdido; lo encontramos en Alegra."
    found = ours[0]
    if not verify.is_complete(found):
        found = _read_or_row(turn, document, found)
    created(turn, document, step, found, note)


def _read_or_row(turn: Any, document: Document, row: AlegraDocument) -> AlegraDocument:
    try:
        return FAR_SIDES[document.kind].read(turn.client(document.integration.credential), row.id)
    except AlegraError:
        return row


def about(document: Document, code: str, **params: Any) -> Found:
    order = document.order
    return Found(code, order.key, {"order": order.number, "order_id": order.pk, **params})
