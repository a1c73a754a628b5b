"""What a numbering can still give. Colombian invoicing reference: numbering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.alegra.number_templates import NumberTemplate

WARN_DAYS = 30
WARN_PERCENT = 10


@dataclass(frozen=True)
class Numbering:
    """The facts of one numbering; None where it has no bounds."""

    name: str
    prefix: str
    is_electronic: bool
    is_active: bool
    is_default: bool
    next_number: int | None
    max_number: int | None
    end_date: date | None

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

    def is_usable(self, on: date) -> bool:
        """Whether an electronic invoice can take a number of it on that day."""
        return self.is_electronic and self.is_active and not self.is_expired(on) and self.left != 0

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
