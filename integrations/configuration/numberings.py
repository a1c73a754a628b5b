"""Which numbering gives no number, and when those that wait for one may go.

Colombian invoicing reference, "Numbering": an authorisation has an end and a last number; the
documents that were to take one of it wait until a person chooses another, or renews this one.
"""

from __future__ import annotations

from datetime import date

from integrations.configuration.choices import today
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany, Integration, ReferenceEntry
from integrations.connections.numbering import Gap, Numbering, called
from integrations.sending.problem_kinds import Found

KIND = ReferenceEntry.Kind.NUMBER_TEMPLATE
NOT_ELECTRONIC, MANUAL = "numbering_not_electronic", "numbering_manual"
# Codes of the problems of invoices that can take no number of an active numbering.
_PROBLEM_OF = {
    Gap.NOT_ELECTRONIC: NOT_ELECTRONIC,
    Gap.MANUAL: MANUAL,
    Gap.EXPIRED: "numbering_expired",
    Gap.EXHAUSTED: "numbering_exhausted",
}
# Problems that the copy of the numbering shows, and ends.
SHOWN_BY_COPY = tuple(_PROBLEM_OF.values())
# … and what Alegra said of a numbering whose copy looks good.
REFUSED = "numbering_refused"


def problem_of(entry: ReferenceEntry, on: date) -> Found | None:
    """The problem that keeps an electronic invoice of that day from taking a number of an active
    numbering; None where there is none."""
    gap = Numbering.of_copy(entry).gap(on)
    return _found(entry, _PROBLEM_OF[gap]) if gap in _PROBLEM_OF else None


def by_hand(entry: ReferenceEntry) -> Found | None:
    """The problem of a numbering whose numbers a person writes: Alegra makes no invoice with it,
    not even a draft. None where Alegra counts it."""
    return None if Numbering.of_copy(entry).is_automatic else _found(entry, MANUAL)


def _found(entry: ReferenceEntry, code: str) -> Found:
    params = {"name": called(entry), "reference": KIND.value}
    return Found(code, f"{KIND}:{entry.alegra_id}", params)


def gives_numbers(company: AlegraCompany, alegra_id: str, *, code: str = "") -> bool:
    """Whether an invoice of today may take a number of it, by the portal's copy. `code`: what the
    invoice waits for; one that waits for *numbering_manual* needs only an automatic numbering,
    because it may be a draft."""
    entry = ReferenceEntry.objects.filter(company=company, kind=KIND, alegra_id=alegra_id).first()
    if entry is None:
        return False
    found = Numbering.of_copy(entry)
    if code == MANUAL:
        return found.is_active and found.is_automatic
    return found.is_usable(today())


def is_cured(
    integration: Integration, settings: DocumentSettings, subject: str, *, code: str = ""
) -> bool:
    """Whether what waits for this numbering may go: another one was chosen, which gives numbers,
    or this one does again. `subject` is "number_template:<id>"."""
    return is_replaced(integration, settings, subject, code=code) or gives_numbers(
        integration.company, subject.partition(":")[2], code=code
    )


def is_replaced(
    integration: Integration, settings: DocumentSettings, subject: str, *, code: str = ""
) -> bool:
    """Whether a person has chosen another one, which gives numbers."""
    chosen = settings.number_template
    is_another = bool(chosen) and chosen != subject.partition(":")[2]
    return is_another and gives_numbers(integration.company, chosen, code=code)
