"""*Alegra no guardó la bodega*: asked once for an integration, and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import Document as AlegraDocument
from integrations.configuration import answers
from integrations.configuration.answers import answer_of
from integrations.configuration.questions import ACCEPT, CHECK_EACH, WAREHOUSE_KEPT
from integrations.connections.models import AlegraCompany, Integration, ReferenceEntry
from integrations.documents import verify
from integrations.documents.models import Document, DocumentProblem
from integrations.sending.problem_kinds import Found
from integrations.sending.release import release


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
        return Told(wrong=differs(document.company, found, document.built))
    sent = name_of(document.company, str(document.built["warehouse"]))
    return Told(asks=Found(WAREHOUSE_KEPT, "", {"sent": sent}))


def differs(company: AlegraCompany, found: AlegraDocument, built: dict[str, Any]) -> str:
    """What is said of a document whose bodega is to be checked and is another: both names."""
    told = {"sent": name_of(company, str(built["warehouse"]))}
    if not found.warehouse_id:
        return _("está sin bodega y debe estar en «%(sent)s»") % told
    told["found"] = name_of(company, found.warehouse_id)
    return _("la bodega es «%(found)s» y debe ser «%(sent)s»") % told


def name_of(company: AlegraCompany, alegra_id: str) -> str:
    """The bodega's name in Alegra; its id where that is all we know."""
    entry = ReferenceEntry.objects.filter(
        company=company, kind=ReferenceEntry.Kind.WAREHOUSE, alegra_id=alegra_id
    ).first()
    return entry.name if entry else alegra_id


def _accepted(integration: Integration, _subject: str, value: str) -> None:
    """Documents that were to be looked at one by one, and differ in nothing else."""
    if value != ACCEPT:
        return
    waiting = DocumentProblem.objects.filter(
        work__integration=integration,
        code="total_differs",
        closed_at=None,
        params__warehouse_only=True,
    )
    for number in waiting.values_list("subject_key", flat=True).distinct():
        release("total_differs", number, integration=integration)
