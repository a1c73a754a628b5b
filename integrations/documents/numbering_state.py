"""Which numbering an invoice takes its number of, and whether it still gives one.

Alegra's refusals have no known code for a numbering that is exhausted, expired or inactive
(Alegra reference, "Business codes observed"), so that the copy of it decides, not the words.
Colombian invoicing reference, "Numbering".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.configuration import numberings
from integrations.configuration.lookup import settings_of
from integrations.configuration.numberings import KIND, is_replaced
from integrations.configuration.references import read_again
from integrations.connections.models import ReferenceEntry
from integrations.connections.numbering import Numbering, called, taken_id
from integrations.documents.choices import unusable
from integrations.documents.models import Document
from integrations.sending.problem_kinds import Found
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


@dataclass(frozen=True)
class Named:
    """The numbering of one invoice: `alegra_id` is '' where nobody knows which."""

    alegra_id: str
    name: str
    entry: ReferenceEntry | None = None

    @property
    def subject(self) -> str:
        return f"{KIND}:{self.alegra_id}"


def numbering_of(document: Document, alegra_id: str = "") -> Named:
    """`alegra_id`: as the draft in Alegra says it; else what it was built with, else the one that
    Alegra prefers."""
    chosen = alegra_id or str((document.settings_snapshot or {}).get("number_template") or "")
    rows = ReferenceEntry.objects.filter(company=document.company_id, kind=KIND).order_by("pk")
    known = {row.alegra_id: row for row in rows}
    copies = {alegra_id: Numbering.of_copy(row) for alegra_id, row in known.items()}
    entry = known.get(taken_id(copies, chosen))
    if entry is None:
        return Named(chosen, chosen or "preferida")
    return Named(entry.alegra_id, called(entry), entry)


def problem_of(named: Named, on: date) -> Found | None:
    """What its copy says against a number of it on that day; None where nothing does."""
    entry = named.entry
    if entry is None:
        return None
    return numberings.problem_of(entry, on) if entry.is_usable else unusable(entry)


def before_emission(document: Document, on: date) -> Found | None:
    """Why a call on that day would get no number, as the copy says; None where it would, or where
    a person has chosen another numbering since, which goes into the draft first."""
    found = problem_of(numbering_of(document), on)
    if found is None:
        return None
    settings = settings_of(document.integration)
    is_over = is_replaced(document.integration, settings, found.subject_key, code=found.code)
    return None if is_over else found


def read_one(client: AlegraClient, document: Document, named: Named) -> Named:
    """The same as Alegra has it now: one call, none where its copy is some seconds old. What cannot
    be read stays as the copy says.

    Raises BudgetExhausted and RateLimited. No transaction may be open.
    """
    young = clock.now() - timing().delta("refusal_copy")
    if not named.alegra_id or (named.entry is not None and named.entry.fetched_at > young):
        return named
    try:
        read_again(document.company, client, KIND.value, named.alegra_id)
    except (BudgetExhausted, RateLimited):
        raise
    except AlegraError:
        return named
    return numbering_of(document, named.alegra_id)
