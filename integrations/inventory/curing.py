"""Warehouses that came back: what waited for them goes again, without a person."""

from __future__ import annotations

from django.db import transaction

from integrations.alegra.client import AlegraClient
from integrations.configuration import references
from integrations.connections.models import Integration, ReferenceEntry
from integrations.connections.reading_again import read_each
from integrations.inventory.lookup import is_gone
from integrations.inventory.models import WarehouseLink
from integrations.sending.models import Cause
from integrations.sending.release import release


def read_again(integration: Integration) -> None:
    """Read the warehouses that orders wait for because they were gone or inactive, one call each.

    Call it outside a transaction, before `release_returned`. What cannot be read stays as it is.
    """
    company = integration.company
    if not _open_causes(integration).exists():
        return
    links = WarehouseLink.objects.filter(integration=integration)
    gone = sorted({link.warehouse for link in links if is_gone(company, link.warehouse)})

    def read(client: AlegraClient, warehouse: str) -> None:
        references.read_again(company, client, ReferenceEntry.Kind.WAREHOUSE, warehouse)

    read_each(integration.credential, gone, read)


def _open_causes(integration: Integration):
    codes = ("warehouse_unlinked", "default_warehouse_missing", "warehouse_gone")
    return Cause.objects.open().filter(integration=integration, code__in=codes)


@transaction.atomic
def release_returned(integration: Integration) -> int:
    """Make due the orders whose bodega has a good link now; returns how many.

    Also where Alegra has no warehouses any more, because then no document names one.
    """
    open_causes = list(_open_causes(integration).values_list("code", "subject_key"))
    if not open_causes:
        return 0
    links = WarehouseLink.objects.filter(integration=integration).select_related("bodega")
    company = integration.company
    good = {link.bodega.source_id: link for link in links if not is_gone(company, link.warehouse)}
    has_default = any(link.is_default for link in good.values())
    gone = {link.warehouse for link in links} - {link.warehouse for link in good.values()}
    released = 0
    for code, subject in open_causes:
        match code:
            case "default_warehouse_missing":
                cured = has_default
            case "warehouse_gone":
                cured = subject not in gone
            case _:
                cured = subject in good
        if cured or not company.has_warehouses:
            released += release(code, subject, integration=integration)
    return released
