"""What one asks of integrations and of copies of outside lists, said once."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from integrations.scoping.models import TenantQuerySet

# What the last reading of its list found there, active or not.
PRESENT = Q(missing_since=None)


class IntegrationQuerySet(TenantQuerySet):
    def active(self) -> Self:
        """All but the archived ones: those being set up, those on and those off."""
        return self.exclude(state=self.model.State.ARCHIVED)

    def archived(self) -> Self:
        return self.filter(state=self.model.State.ARCHIVED)


class CopyQuerySet(TenantQuerySet):
    """Rows copied from a list of another system. What vanishes there keeps its row here, with
    the moment in `missing_since`."""

    def present(self) -> Self:
        return self.filter(PRESENT)


class ReferenceEntryQuerySet(CopyQuerySet):
    def usable(self) -> Self:
        """What may be chosen: present in Alegra, and active there."""
        return self.present().filter(is_active=True)

    def unusable(self) -> Self:
        return self.filter(~PRESENT | Q(is_active=False))
