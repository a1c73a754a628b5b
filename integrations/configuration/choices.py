"""A choice out of one of Alegra's lists, as a page shows it.

Short lists are a select. Long ones are searched: the page holds what is chosen now and the
rows that were found, each a radio button.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from integrations.colombia.dates import bogota_today
from integrations.configuration.references import label
from integrations.connections import reads
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.connections.numbering import Numbering, called
from integrations.scoping.search_key import normalised
from integrations.timekeeping import clock

Kind = ReferenceEntry.Kind
# From this many on a select is no help any more.
LONG = 200
FOUND_AT_MOST = 20


@dataclass
class Choice:
    """One field. `options` are (value, label); None where the list is long."""

    name: str
    kind: str
    value: str
    value_label: str
    options: list[tuple[str, str]] | None
    empty: str
    errors: list[str] = field(default_factory=list)
    # What a search without scripts found for this field.
    found: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.name}"


class Lists:
    """The lists of one company, each read once however many fields choose from it."""

    def __init__(self, company: AlegraCompany) -> None:
        self.company = company

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, ReferenceEntry]]:
        found: dict[str, dict[str, ReferenceEntry]] = {kind: {} for kind in Kind.values}
        rows = ReferenceEntry.objects.filter(company=self.company).exclude(kind=Kind.TAX)
        for entry in rows.order_by("name", "pk"):
            found[entry.kind][entry.alegra_id] = entry
        return found

    def were_read(self) -> bool:
        """Whether there is something to choose from: without a query more where there is."""
        known = reads.Kind.REFERENCES
        return any(self._by_kind.values()) or reads.ever_read(known, self.company)

    def entry(self, kind: str, alegra_id: str) -> ReferenceEntry | None:
        return self._by_kind[kind].get(alegra_id)

    def entries(self, kind: str) -> dict[str, ReferenceEntry]:
        """By their ids, those that are gone from Alegra too."""
        return self._by_kind[kind]

    def choosable(self, kind: str) -> list[ReferenceEntry]:
        rows = self._by_kind[kind].values()
        return [entry for entry in rows if self.is_choosable(kind, entry.alegra_id)]

    def is_choosable(self, kind: str, alegra_id: str) -> bool:
        entry = self.entry(kind, alegra_id)
        if entry is None or not entry.is_usable:
            return False
        return kind != Kind.NUMBER_TEMPLATE or Numbering.of_copy(entry).is_usable(today())

    def label(self, kind: str, alegra_id: str) -> str:
        entry = self.entry(kind, alegra_id)
        if kind == Kind.NUMBER_TEMPLATE and entry is not None and entry.is_present:
            return numbering_label(entry)
        return label(entry, alegra_id)

    def choice(self, name: str, kind: str, value: str, *, empty: str, errors=()) -> Choice:
        """`empty` is the label of choosing nothing. What is chosen stays an option, marked,
        though it may be gone."""
        rows = self.choosable(kind)
        options = None
        if len(rows) < LONG:
            options = [(row.alegra_id, self.label(kind, row.alegra_id)) for row in rows]
            if value and not self.is_choosable(kind, value):
                options.insert(0, (value, self.label(kind, value)))
        value_label = self.label(kind, value) if value else empty
        return Choice(name, kind, value, value_label, options, empty, list(errors))

    def find(self, kind: str, text: str) -> list[tuple[str, str]]:
        """Options whose name holds every word typed; no text gives the first ones."""
        words = normalised(text).split()
        rows = [
            row
            for row in self.choosable(kind)
            if all(word in normalised(row.name) for word in words)
        ]
        return [(row.alegra_id, self.label(kind, row.alegra_id)) for row in rows[:FOUND_AT_MOST]]


def today() -> date:
    return bogota_today(clock.now())


def numbering_label(entry: ReferenceEntry) -> str:
    """FEHA · Factura electrónica (preferida), or why it cannot give numbers any more."""
    found = Numbering.of_copy(entry)
    name = called(entry)
    if found.is_expired(today()):
        return _("%(name)s (vencida)") % {"name": name}
    if found.left == 0:
        return _("%(name)s (sin números)") % {"name": name}
    if not found.is_electronic:
        return _("%(name)s (no es electrónica)") % {"name": name}
    if not found.is_active:
        return _("%(name)s (inactiva en Alegra)") % {"name": name}
    if found.is_default:
        return _("%(name)s (preferida)") % {"name": name}
    return name
