"""Keeps the list of MasterShop's bodegas young."""

from __future__ import annotations

from celery import shared_task

from integrations.catalog import reads
from integrations.catalog.models import SourceRead
from integrations.connections.models import Integration
from integrations.inventory.bodegas import refresh
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock


@shared_task(name="inventory.refresh_due")
def refresh_due() -> None:
    """Read the bodegas of every integration whose list is old."""
    with unscoped("bodegas of all tenants grow old"):
        found = list(
            Integration.objects.exclude(state=Integration.State.ARCHIVED)
            .exclude(key_last4="")
            .order_by("pk")
            .values_list("organization_id", "pk")
        )
    for organization_id, integration_id in found:
        with scope(organization_id):
            integration = Integration.objects.filter(pk=integration_id).first()
            if integration is None:
                continue
            state = reads.state_of(SourceRead.Kind.BODEGAS, integration)
            if reads.is_due(state, clock.now()):
                refresh(integration)
