"""Other ways in which an order may tell its amounts; each counts only where its sum is exact.

Pure. Freight stands in a field of its own, or a price is what a whole line comes to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.documents.facts import ChargeFact, Facts, LineFact
from integrations.documents.readings import MOST_COMBINED

# Of larger orders only the plain variants are tried.
_MOST_LINES = 60


@dataclass(frozen=True)
class Variant:
    """`tier`: those of one tier are as likely; `notes` say what was taken for what."""

    facts: Facts
    lines: list[LineFact]
    tier: int = 0
    notes: tuple[str, ...] = ()


def variants(facts: Facts, lines: list[LineFact]) -> Iterator[Variant]:
    """The order as it reads, then the others, the likelier first."""
    yield Variant(facts, lines)
    with_freight = []
    for name, amount in facts.freight:
        note = _("El envío de %(amount)s viene fuera de los cargos adicionales: va como cobro.")
        told = replace(facts, charges=(*facts.charges, ChargeFact(name, amount)))
        with_freight.append((told, note % {"amount": pesos(amount)}))
    for told, note in with_freight:
        yield Variant(told, lines, 1, (note,))
    tier = 2
    for places in _priced_whole(lines):
        whole = [
            replace(line, whole=line.unit_price) if at in places else line
            for at, line in enumerate(lines)
        ]
        note = _("El precio de %(lines)s es el de toda la línea: así da el total.")
        names = ", ".join(lines[at].label for at in sorted(places))
        note %= {"lines": names}
        yield Variant(facts, whole, tier, (note,))
        for told, freight_note in with_freight:
            yield Variant(told, whole, tier + 1, (note, freight_note))


def _priced_whole(lines: list[LineFact]) -> list[frozenset[int]]:
    """The places of lines whose price may be that of all their units."""
    several = [
        at for at, line in enumerate(lines) if line.quantity > 1 and line.unit_price > 0
        and line.whole is None
    ]  # fmt: skip
    if not several:
        return []
    found = [frozenset(at for at in several if lines[at].told_total == lines[at].unit_price)]
    found.append(frozenset(several))
    if len(several) <= MOST_COMBINED and len(lines) <= _MOST_LINES:
        found += [frozenset({at}) for at in several]
    return [places for places in dict.fromkeys(found) if places]
