"""Rows copied from a list of another system, which never lose their row here."""

from __future__ import annotations

from django.db import models

from integrations.connections.querysets import CopyQuerySet
from integrations.scoping.models import Tenant, TenantManager


class Copied(Tenant):
    """What vanishes there stays here with `missing_since`: a saved choice is shown as missing,
    never silently replaced."""

    missing_since = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(CopyQuerySet)()

    class Meta(Tenant.Meta):
        abstract = True

    @property
    def is_present(self) -> bool:
        """The last reading found it there, active or not."""
        return self.missing_since is None
