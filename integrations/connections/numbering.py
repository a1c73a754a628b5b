"""What a numbering can still give, and what keeps it from giving a number to an electronic
invoice. Pure. Colombian invoicing reference, "Numbering"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.alegra.number_templates import NumberTemplate

if TYPE_CHECKING:
    from integrations.connections.models import ReferenceEntry

WARN_DAYS = 30
WARN_PERCENT = 10


class Gap(StrEnum):
    """Why an electronic invoice can take no number."""

    # Of one numbering.
    GONE = "gone"
    INACTIVE = "inactive"
    NOT_ELECTRONIC = "not_electronic"
    MANUAL = "manual"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    # Of all that the company has: none is electronic, or Alegra prefers none.
    NONE = "none"
    NO_PREFERRED = "no_preferred"


def called(entry: ReferenceEntry) -> str:
    """«FEHA · Factura electrónica»: its name wherever a person chooses or reads it."""
    prefix = entry.data.get("prefix")
    return f"{prefix} · {entry.name}" if prefix else entry.name


@dataclass(frozen=True)
class Numbering:
    """The facts of one numbering; None where it has no bounds.

    `is_automatic`: Alegra gives the number; we never do.
    """

    name: str
    prefix: str
    is_electronic: bool
    is_active: bool
    is_default: bool
    next_number: int | None
    max_number: int | None
    end_date: date | None
    is_automatic: bool = True
    is_gone: bool = False

    @classmethod
    def of_template(cls, template: NumberTemplate) -> Numbering:
        return cls(
            name=template.name,
            prefix=template.prefix,
            is_electronic=template.is_electronic,
            is_active=template.is_active,
            is_default=template.is_default,
            next_number=template.next_number,
            max_number=template.max_number,
            end_date=template.end_date,
            is_automatic=template.is_automatic,
        )

    @classmethod
    def of_copy(cls, entry: ReferenceEntry) -> Numbering:
        """As the copy of Alegra's list has it."""
        facts = entry.data
        end = facts.get("end_date")
        return cls(
            name=entry.name,
            prefix=facts.get("prefix") or "",
            is_electronic=bool(facts.get("is_electronic")),
            is_active=entry.is_usable,
            is_default=bool(facts.get("is_default")),
            next_number=facts.get("next_number"),
            max_number=facts.get("max_number"),
            end_date=date.fromisoformat(end) if end else None,
            is_automatic=facts.get("is_automatic") is not False,
            is_gone=not entry.is_present,
        )

    @property
    def short_name(self) -> str:
        return self.prefix or self.name

    @property
    def left(self) -> int | None:
        if self.max_number is None or self.next_number is None:
            return None
        return max(0, self.max_number - self.next_number + 1)

    def is_expired(self, on: date) -> bool:
        return self.end_date is not None and self.end_date < on

    def gap(self, on: date) -> Gap | None:
        """Why an electronic invoice can take no number of it on that day; None where it can."""
        if self.is_gone:
            return Gap.GONE
        if not self.is_active:
            return Gap.INACTIVE
        if not self.is_electronic:
            return Gap.NOT_ELECTRONIC
        if not self.is_automatic:
            return Gap.MANUAL
        if self.is_expired(on):
            return Gap.EXPIRED
        return Gap.EXHAUSTED if self.left == 0 else None

    def is_usable(self, on: date) -> bool:
        """Whether an electronic invoice can take a number of it on that day."""
        return self.gap(on) is None

    def trouble(self, on: date) -> str:
        """What stops it or soon will, as a sentence with what to do; '' when all is well."""
        name = self.short_name
        if self.is_expired(on):
            return _(
                "%(name)s: la resolución venció. Renuévala ante la DIAN y actualízala en Alegra."
            ) % {"name": name}
        left = self.left
        if left == 0:
            return _("%(name)s: ya no quedan números. Pide una nueva autorización a la DIAN.") % {
                "name": name
            }
        parts = []
        if left is not None and self.max_number and left * 100 <= self.max_number * WARN_PERCENT:
            parts.append(_("quedan %(left)s números") % {"left": left})
        if self.end_date is not None and (self.end_date - on).days <= WARN_DAYS:
            day = date_format(self.end_date, "j \\d\\e F \\d\\e Y").lower()
            parts.append(_("la resolución vence el %(day)s") % {"day": day})
        if not parts:
            return ""
        return _("%(name)s: %(why)s. Pide la renovación a la DIAN desde ya; puedes seguir.") % {
            "name": name,
            "why": _(" y ").join(parts),
        }


def best(numberings: list[Numbering], on: date) -> Numbering | None:
    """The electronic one that would be taken: without trouble first, then the preferred one."""
    electronic = [each for each in numberings if each.is_electronic and each.is_active]
    return min(
        electronic,
        key=lambda each: (not each.is_usable(on), not each.is_default, bool(each.trouble(on))),
        default=None,
    )


def taken_id(numberings: Mapping[str, Numbering], chosen: str) -> str:
    """The id of the numbering from which an invoice takes its number: the chosen one, else the one
    that Alegra prefers; "" where none is known.

    Among several preferred ones an active one comes first, then an electronic one. Where no
    preferred one is active, an unpreferred one does not take its place. `numberings`: by their
    ids, including those that are gone.
    """
    if chosen:
        return chosen
    known = {id_: each for id_, each in numberings.items() if each.is_default and not each.is_gone}
    return min(
        known, key=lambda id_: (not known[id_].is_active, not known[id_].is_electronic), default=""
    )


def taken(numberings: Mapping[str, Numbering], chosen: str) -> Numbering | None:
    """The numbering with the id of `taken_id`; None where it is not known."""
    return numberings.get(taken_id(numberings, chosen))


def gap(numberings: Mapping[str, Numbering], chosen: str, on: date) -> Gap | None:
    """Why an electronic invoice would get no number on that day; None where it would.

    It is asked of the one that is taken: no other is ever taken in its place.
    """
    if not any(each.is_electronic and not each.is_gone for each in numberings.values()):
        return Gap.NONE
    found = taken(numberings, chosen)
    if found is None:
        return Gap.GONE if chosen else Gap.NO_PREFERRED
    return found.gap(on)


def sentence(why: Gap, numbering: Numbering | None, *, has_other: bool = False) -> str:
    """The gap and its cure, for a merchant. `has_other`: another numbering could be chosen."""
    name = numbering.short_name if numbering is not None else ""
    texts = {
        Gap.GONE: _("La numeración %(name)s ya no existe en Alegra."),
        Gap.INACTIVE: _("%(name)s está inactiva en Alegra: actívala allá."),
        Gap.NOT_ELECTRONIC: _("%(name)s no es electrónica: la DIAN no la recibe."),
        Gap.MANUAL: _("A %(name)s se le escribe el número a mano: ponla automática en Alegra."),
        Gap.EXPIRED: _(
            "%(name)s: la resolución venció. Renuévala ante la DIAN y actualízala en Alegra."
        ),
        Gap.EXHAUSTED: _(
            "%(name)s: ya no quedan números. Pide una nueva autorización a la DIAN y agrégala en"
            " Alegra."
        ),
        Gap.NONE: _(
            "Alegra no tiene una numeración electrónica activa. Actívala o créala en Alegra."
        ),
        Gap.NO_PREFERRED: _("En Alegra ninguna numeración es la preferida."),
    }
    said = [" ".join((texts[why] % {"name": name}).split())]
    if has_other:
        said.append(_("También puedes elegir otra numeración aquí."))
    elif why in (Gap.GONE, Gap.NOT_ELECTRONIC, Gap.NO_PREFERRED):
        said.append(_("Agrega en Alegra una electrónica activa."))
    return " ".join(said)
