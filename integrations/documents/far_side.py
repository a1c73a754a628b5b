"""Invoices and remissions for the core of exactly-once: each hook is a module of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.connections.models import Integration
from integrations.documents import alike, another_client, copies, emission, legal
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document
from integrations.documents.step_rows import POSITIONS
from integrations.documents.steps import compare, refusal, remove
from integrations.documents.steps.doubt import settle_doubt
from integrations.documents.steps.emit import emit
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Asked
from integrations.sending.decided import Decided, Next, StepEnd, StepFunction
from integrations.sending.far_side import Differences, FarSide
from integrations.sending.models import Step
from integrations.sending.problem_kinds import Found
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


class DocumentSide(FarSide[Document, AlegraDocument]):
    reading = READ_DOCUMENTS
    positions = POSITIONS
    # A document carries the day on which it is sent, and its payment is due from then.
    is_of_today = True
    # The likeness of a row with the same client and the same total.
    alike = 3

    def __init__(self, kind: str) -> None:
        endpoint = ENDPOINTS[kind]
        self.kin = {"kind": kind}
        self.action = endpoint.action
        self.create, self.read = endpoint.create, endpoint.read
        self.candidates = endpoint.on_day

    def differences(
        self, work: Document, found: AlegraDocument, *, is_read: bool
    ) -> Differences | None:
        if not is_read and not compare.is_enough(work, found):
            return None
        return replace(compare.differences(work, found), then=_goes_on(work, found))

    def question(self, work: Document, rows: Iterable[AlegraDocument]) -> Found | None:
        return alike.question(work, alike.among(rows, work))

    def looked_for(self, client: AlegraClient, work: Document) -> Iterable[AlegraDocument]:
        rows = list(super().looked_for(client, work))
        copies.note(work.company_id, work.kind, rows)
        return rows

    def has_twice(self, work: Document, others: Sequence[AlegraDocument]) -> Sequence[Found]:
        """None beyond its copies, which are reported already (`copies`)."""
        copies.note(work.company_id, work.kind, others)
        if not others and work.copies:
            copies.are_gone(work)
        return ()

    def likeness(self, work: Document, row: AlegraDocument) -> int:
        return alike.likeness(row, work, work.payload)

    def refused(
        self, turn: Turn, work: Document, error: AlegraError, asked: Asked
    ) -> Decided | None:
        return refusal.explained(turn, work, error, asked)

    def expected(self, work: Document) -> dict[str, Any]:
        return compare.expected(work)

    def completed(
        self, client: AlegraClient, work: Document, found: AlegraDocument
    ) -> AlegraDocument:
        return another_client.with_its_number(client, work, found)

    def put_right(
        self, turn: Turn, work: Document, step: Step, found: AlegraDocument
    ) -> Next | tuple[StepEnd, ...]:
        return remove.put_right(turn, work, step, found)

    def gone(self, turn: Turn, work: Document, step: Step) -> Decided:
        if another_client.was_removed(work):
            return remove.make_again(turn, work)
        return super().gone(turn, work, step)

    def follow(self, turn: Turn, work: Document) -> None:
        now = clock.now()
        last = work.integration.last_document_at
        if last is None or now - last >= timing().delta("last_document_noted"):
            # Not with every document: all of them would wait for one row.
            Integration.objects.filter(pk=work.integration_id).update(last_document_at=now)
        settle_doubt(turn, work)


def _goes_on(document: Document, found: AlegraDocument) -> StepFunction | None:
    if legal.is_emitted(found):
        # A person emitted it meanwhile, or a call of ours whose answer was lost.
        return lambda _turn, document: legal.after_reading(document, found)
    return emit if emission.is_wanted(document) else None


FAR_SIDES: dict[str, DocumentSide] = {kind: DocumentSide(kind) for kind in ENDPOINTS}


def far_side_of(document: Document) -> DocumentSide:
    return FAR_SIDES[document.kind]
