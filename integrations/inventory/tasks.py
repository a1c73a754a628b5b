"""Keeps the list of MasterShop's bodegas young, and frees what waited for a bodega."""

from __future__ import annotations

from celery import shared_task

from integrations.connections import reads
from integrations.connections.models import Integration
from integrations.inventory.bodegas import refresh
from integrations.inventory.curing import read_again, release_returned
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock


@shared_task(name="inventory.refresh_due")
def refresh_due() -> None:
    """Read the bodegas of every integration whose list is old; release what needs no person."""
    with unscoped("bodegas of all tenants grow old"):
        found = list(
            Integration.objects.active().order_by("pk").values_list("organization_id", "pk")
        )
    for organization_id, integration_id in found:
        with scope(organization_id):
            _refresh(integration_id)


def _refresh(integration_id: int) -> None:
    integration = (
        Integration.objects.select_related("company", "credential", "source")
        .filter(pk=integration_id)
        .first()
    )
    if integration is None:
        return
    if integration.source.key_last4:
        state = reads.state_of(reads.Kind.BODEGAS, integration)
        if reads.is_due(state, clock.now()):
            refresh(integration)
    read_again(integration)
    release_returned(integration)
