"""What one asks of causes, said once."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from integrations.connections.models import Integration
from integrations.scoping.models import TenantQuerySet

OPEN = Q(state="open")
SOLVED = Q(state="solved")


class CauseQuerySet(TenantQuerySet):
    def open(self) -> Self:
        return self.filter(OPEN)

    def solved(self) -> Self:
        return self.filter(SOLVED)

    def with_orders(self) -> Self:
        """Those in which at least one open problem is counted."""
        return self.filter(open_count__gt=0)

    def of_active_integrations(self) -> Self:
        """An archived integration keeps its causes, and nobody is asked about them."""
        return self.exclude(integration__state=Integration.State.ARCHIVED)
