"""Which numbering gives no number, and when those that wait for one may go.

Colombian invoicing reference, "Numbering": an authorisation has an end and a last number; the
documents that were to take one of it wait until a person chooses another, or renews this one.
"""

from __future__ import annotations

from datetime import date

from integrations.configuration.choices import today
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany, Integration, ReferenceEntry
from integrations.connections.numbering import Numbering

KIND = ReferenceEntry.Kind.NUMBER_TEMPLATE
EXHAUSTED, EXPIRED = "numbering_exhausted", "numbering_expired"
NOT_ELECTRONIC = "numbering_not_electronic"
# Problems that the copy of the numbering shows, and ends.
SHOWN_BY_COPY = (EXHAUSTED, EXPIRED, NOT_ELECTRONIC)
# … and what Alegra said of a numbering whose copy looks good.
REFUSED = "numbering_refused"


def trouble_of(entry: ReferenceEntry, on: date) -> str:
    """The code of the problem that an electronic invoice of that day has with an active
    numbering; '' for none."""
    found = Numbering.of_copy(entry)
    if not found.is_electronic:
        return NOT_ELECTRONIC
    if found.is_expired(on):
        return EXPIRED
    return EXHAUSTED if found.left == 0 else ""


def gives_numbers(company: AlegraCompany, alegra_id: str) -> bool:
    """Whether its copy says that an invoice of today may take a number of it."""
    entry = ReferenceEntry.objects.filter(company=company, kind=KIND, alegra_id=alegra_id).first()
    return entry is not None and Numbering.of_copy(entry).is_usable(today())


def is_cured(integration: Integration, settings: DocumentSettings, subject: str) -> bool:
    """Whether what waits for this numbering may go: another one was chosen, which gives numbers,
    or this one does again. `subject` is "number_template:<id>"."""
    return is_replaced(integration, settings, subject) or gives_numbers(
        integration.company, subject.partition(":")[2]
    )


def is_replaced(integration: Integration, settings: DocumentSettings, subject: str) -> bool:
    """Whether a person has chosen another one, which gives numbers."""
    chosen = settings.number_template
    is_another = bool(chosen) and chosen != subject.partition(":")[2]
    return is_another and gives_numbers(integration.company, chosen)
