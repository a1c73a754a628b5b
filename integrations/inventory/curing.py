"""Warehouses that came back: what waited for them goes again, without a person."""

from __future__ import annotations

from django.db import transaction

from integrations.connections.models import Integration
from integrations.inventory.lookup import is_gone
from integrations.inventory.models import WarehouseLink
from integrations.sending.models import Cause
from integrations.sending.release import release


@transaction.atomic
def release_returned(integration: Integration) -> int:
    """Make due the orders whose bodega has a good link now; returns how many.

    Also where Alegra has no warehouses any more, because then no document names one.
    """
    open_causes = list(
        Cause.objects.filter(
            integration=integration,
            code__in=("warehouse_unlinked", "default_warehouse_missing"),
            state=Cause.State.OPEN,
        ).values_list("code", "subject_key")
    )
    if not open_causes:
        return 0
    links = WarehouseLink.objects.filter(integration=integration).select_related("bodega")
    company = integration.company
    good = {link.bodega.source_id: link for link in links if not is_gone(company, link.warehouse)}
    has_default = any(link.is_default for link in good.values())
    released = 0
    for code, subject in open_causes:
        cured = has_default if code == "default_warehouse_missing" else subject in good
        if cured or not company.has_warehouses:
            released += release(code, subject, integration=integration)
    return released
