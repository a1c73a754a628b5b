"""The warehouses of MasterShop: from its API, named in orders, or written by a person.

MasterShop reference: bodegas. Whether an order names its bodega, by id or by name, or not at
all, is not public; each of them is right here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from integrations.audit import trail
from integrations.catalog.refreshing import mastershop_sentence
from integrations.connections import reads
from integrations.connections.clients import NoStandIn, mastershop_client
from integrations.connections.models import Integration
from integrations.inventory.models import Bodega
from integrations.mastershop.errors import MasterShopError
from integrations.mastershop.stock import Warehouse
from integrations.scoping.prepared import Prepared
from integrations.scoping.search_key import normalised
from integrations.sending.release import release
from integrations.timekeeping import clock

# A bodega of which only the name is known.
BY_NAME = "nombre:"
_LONGEST_ID = 64


def source_key(source_id: str, name: str) -> str:
    """What a bodega is known by; '' when nothing names it."""
    if source_id:
        return source_id[:_LONGEST_ID]
    key = normalised(name)
    return f"{BY_NAME}{key}"[:_LONGEST_ID] if key else ""


_bodegas = Prepared(lambda integration: Bodega.objects.filter(integration_id=integration))


def find(integration: Integration, source_id: str, name: str = "") -> Bodega | None:
    """The bodega that an order names; None when it is not known.

    One named without its id is the only one of that name, and one written by a person is
    the one of that name that turns up with an id.
    """
    key = source_key(source_id, name)
    if not key:
        return None
    rows = {row.source_id: row for row in _bodegas(integration=integration.pk)}
    if key in rows:
        return rows[key]
    wanted = normalised(name)
    same = [
        row
        for row in rows.values()
        if wanted
        and normalised(row.name) == wanted
        and (not source_id or row.source_id.startswith(BY_NAME))
    ]
    return same[0] if len(same) == 1 else None


def seen_in_order(
    integration: Integration, source_id: str, name: str, now: datetime
) -> Bodega | None:
    """Know the bodega an order names; None when it names none."""
    key = source_key(source_id, name)
    if not key:
        return None
    row = find(integration, source_id, name)
    if row is None:
        row, _created = Bodega.objects.get_or_create(
            integration=integration,
            source_id=key,
            defaults={
                "organization_id": integration.organization_id,
                "name": (name or key)[:120],
                "source": Bodega.Source.ORDER,
                "seen_at": now,
            },
        )
        return row
    if source_id and row.source_id != source_id:
        _adopt(row, source_id, Bodega.Source.ORDER)
    if not row.is_present:
        Bodega.objects.filter(pk=row.pk).update(missing_since=None, seen_at=now)
        row.missing_since = None
    return row


def add_by_name(integration: Integration, name: str, *, by: str, request=None) -> Bodega:
    """Write down a bodega that neither API nor orders have named; the known one if there is."""
    known = find(integration, "", name)
    if known is not None:
        return known
    row = Bodega.objects.create(
        organization_id=integration.organization_id,
        integration=integration,
        source_id=source_key("", name),
        name=name[:120],
        source=Bodega.Source.PERSON,
        seen_at=clock.now(),
    )
    trail.record(
        action="bodega.create", target=row, after={"name": row.name, "by": by}, request=request
    )
    return row


def refresh(integration: Integration) -> str | None:
    """Read MasterShop's list. '' when done, a sentence when it failed, None when somebody else
    is reading it. Call it outside a transaction."""
    row = reads.begin(reads.Kind.BODEGAS, integration, now=clock.now())
    if row is None:
        return None
    count, error = 0, reads.unfinished()
    try:
        with mastershop_client(integration) as client:
            told = client.warehouses()
        count = store_bodegas(integration, told, now=clock.now())
        error = ""
    except (MasterShopError, NoStandIn) as failure:
        error = mastershop_sentence(failure)
    finally:
        reads.end(row, now=clock.now(), rows=count, error=error)
    return error


@transaction.atomic
def store_bodegas(integration: Integration, told: Iterable[Warehouse], *, now: datetime) -> int:
    """Keep the list as read; what it has no more keeps its row and its link."""
    count = 0
    for warehouse in told:
        if not warehouse.is_active or len(warehouse.id) > _LONGEST_ID:
            continue
        known = find(integration, warehouse.id, warehouse.name)
        if known is not None and known.source_id != warehouse.id:
            _adopt(known, warehouse.id, Bodega.Source.API)
        Bodega.objects.update_or_create(
            integration=integration,
            source_id=warehouse.id,
            defaults={
                "organization_id": integration.organization_id,
                "name": (warehouse.name or warehouse.id)[:120],
                "city": warehouse.city[:80],
                "source": Bodega.Source.API,
                "seen_at": now,
                "missing_since": None,
            },
        )
        count += 1
    if count:
        Bodega.objects.present().filter(
            integration=integration, source=Bodega.Source.API, seen_at__lt=now
        ).update(missing_since=now)
    return count


def _adopt(row: Bodega, source_id: str, source: str) -> None:
    """The bodega of which only the name was known has turned up: its link goes with it."""
    old = row.source_id
    row.source_id, row.source = source_id, source
    row.save(update_fields=["source_id", "source"])
    if hasattr(row, "link"):
        for subject in (old, source_id):
            release("warehouse_unlinked", subject, integration=row.integration)
