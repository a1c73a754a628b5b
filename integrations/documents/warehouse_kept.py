"""*Alegra no guardó la bodega*: asked once for an integration, and remembered."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.alegra.document import Document as AlegraDocument
from integrations.configuration import answers
from integrations.configuration.answers import answer_of
from integrations.configuration.questions import ACCEPT, CHECK_EACH, WAREHOUSE_KEPT
from integrations.connections.models import Integration, ReferenceEntry
from integrations.documents import verify
from integrations.documents.models import Document, DocumentProblem
from integrations.sending.problem_kinds import Found
from integrations.sending.release import release

# What is said of a document whose bodega is to be checked and is another.
DIFFERS = "la bodega es otra"


@dataclass(frozen=True)
class Told:
    """`wrong`: a difference to look at, in words; `asks`: the question that holds the document;
    `note`: what was not looked at."""

    wrong: str = ""
    asks: Found | None = None
    note: str = ""


def connect() -> None:
    if _accepted not in answers.followers[WAREHOUSE_KEPT]:
        answers.followers[WAREHOUSE_KEPT].append(_accepted)


def look(document: Document, found: AlegraDocument) -> Told:
    """Whether the document stands in the bodega it was sent with, and what was answered where
    it does not. In the transaction that settles the document.

    The integration stays locked until its end, as it is while orders are freed by an answer:
    either this document waits by then, or the answer is seen here.
    """
    if verify.warehouse_is_kept(found, document.built):
        return Told()
    list(Integration.objects.select_for_update(no_key=True).filter(pk=document.integration_id))
    answer = answer_of(document.integration, WAREHOUSE_KEPT)
    if answer == ACCEPT:
        return Told(note="La bodega no se comprueba.")
    if answer == CHECK_EACH:
        return Told(wrong=DIFFERS)
    sent = str(document.built["warehouse"])
    entry = ReferenceEntry.objects.filter(
        company=document.company, kind=ReferenceEntry.Kind.WAREHOUSE, alegra_id=sent
    ).first()
    return Told(asks=Found(WAREHOUSE_KEPT, "", {"sent": entry.name if entry else sent}))


def _accepted(integration: Integration, _subject: str, value: str) -> None:
    """Documents that were to be looked at one by one, and differ in nothing else."""
    if value != ACCEPT:
        return
    waiting = DocumentProblem.objects.filter(
        work__integration=integration, code="total_differs", closed_at=None, params__what=DIFFERS
    )
    for number in waiting.values_list("subject_key", flat=True).distinct():
        release("total_differs", number, integration=integration)
