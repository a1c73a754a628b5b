"""Invoices and remissions for the core of exactly-once: each hook is a module of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today
from integrations.connections.models import Integration
from integrations.documents import alike, another_client, verify
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document, DocumentStep
from integrations.documents.step_rows import begin
from integrations.documents.steps import compare, make, ready, refusal, remove
from integrations.documents.steps.doubt import settle_doubt
from integrations.sending.asking import Asked
from integrations.sending.decided import Begin, Decided, Next, StepEnd, StepFunction
from integrations.sending.far_side import Differences, FarSide
from integrations.sending.problem_kinds import Found
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


class DocumentSide(FarSide[Document, AlegraDocument]):
    reading = "leer documentos"

    # --- The document in Alegra --------------------------------------------------------------

    def creating(self, work: Document) -> str:
        return ENDPOINTS[work.kind].action

    def create(self, work: Document, client: AlegraClient, body: dict[str, Any]) -> AlegraDocument:
        return ENDPOINTS[work.kind].create(client, body)

    def read(self, work: Document, client: AlegraClient, alegra_id: str) -> AlegraDocument:
        return ENDPOINTS[work.kind].read(client, alegra_id)

    def candidates(self, work: Document, client: AlegraClient) -> Iterable[AlegraDocument]:
        return ENDPOINTS[work.kind].on_day(client, work.doc_date)

    def differences(self, work: Document, found: AlegraDocument) -> Differences:
        return compare.differences(work, found)

    def question(self, work: Document, rows: Iterable[AlegraDocument]) -> Found | None:
        return alike.question(work, alike.among(rows, work))

    # --- Before it is made -------------------------------------------------------------------

    def make(self, turn: Turn, work: Document) -> Decided:
        return make.make(turn, work, far=self)

    def waits(self, turn: Turn, work: Document, again: StepFunction) -> Decided | None:
        return ready.waits(turn, work, again, far=self)

    def is_outdated(self, payload: Mapping[str, Any]) -> bool:
        # A document carries the day on which it is sent, and its payment is due from then.
        return payload["date"] != bogota_today(clock.now()).isoformat()

    # --- While it is looked for --------------------------------------------------------------

    def kin(self, work: Document) -> dict[str, Any]:
        return {"company_id": work.company_id, "kind": work.kind}

    def likeness(self, work: Document, row: AlegraDocument) -> int:
        return alike.likeness(row, work, work.payload)

    # --- Once it is there --------------------------------------------------------------------

    def is_sure(self, work: Document, found: AlegraDocument) -> bool:
        return verify.is_complete(found) and not another_client.is_doubtful(work, found)

    def completed(
        self, work: Document, client: AlegraClient, found: AlegraDocument
    ) -> AlegraDocument:
        return another_client.with_its_number(client, work, found)

    def expected(self, work: Document) -> dict[str, Any]:
        built = work.built
        return {"total": built.get("value"), "iva": built.get("tax"), "líneas": built.get("rows")}

    def put_right(
        self, turn: Turn, work: Document, step: DocumentStep, found: AlegraDocument
    ) -> Next | tuple[StepEnd, ...]:
        return remove.put_right(turn, work, step, found)

    def gone(self, turn: Turn, work: Document, step: DocumentStep) -> Decided:
        if another_client.was_removed(work):
            return remove.make_again(turn, work)
        return super().gone(turn, work, step)

    def follow(self, turn: Turn, work: Document) -> None:
        now = clock.now()
        Integration.objects.filter(pk=work.integration_id).update(last_document_at=now)
        settle_doubt(turn, work)

    # --- When it is refused ------------------------------------------------------------------

    def refused(
        self, turn: Turn, work: Document, error: AlegraError, asked: Asked
    ) -> Decided | None:
        return refusal.explained(turn, work, error, asked)

    # --- Its steps ---------------------------------------------------------------------------

    def begin(self, work: Document, name: str, *, input: Any = None) -> Begin:
        return begin(work, name, input=input)


DOCUMENTS = DocumentSide()
