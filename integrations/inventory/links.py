"""Linking a bodega of MasterShop with one of Alegra: unique both ways, one of them default."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.audit import trail
from integrations.connections.models import Integration, ReferenceEntry
from integrations.inventory.bodegas import BY_NAME
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.sending.release import release
from integrations.timekeeping import clock


class WarehouseRefused(Exception):
    """`code` says why, `sentence` says it to the merchant."""

    def __init__(self, code: str, sentence: str | Promise):
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@transaction.atomic
def link_warehouse(
    *,
    bodega: Bodega,
    warehouse: str,
    whose: str = WarehouseLink.Whose.MINE,
    is_default: bool = False,
    by: str = "",
    request=None,
) -> WarehouseLink:
    """Link, or change the link of, a bodega. The first one is the default whatever is asked.

    The answer's `released` says how many works became due. Raises WarehouseRefused. Stock is
    moved by documents only.
    """
    integration = _locked(bodega.integration)
    entry = ReferenceEntry.objects.filter(
        company=integration.company_id, kind=ReferenceEntry.Kind.WAREHOUSE, alegra_id=warehouse
    ).first()
    if entry is None or not entry.is_usable:
        raise WarehouseRefused("unknown", _("Esa bodega ya no existe en Alegra."))
    mine = WarehouseLink.objects.filter(integration=integration)
    other = mine.filter(warehouse=warehouse).exclude(bodega=bodega).select_related("bodega").first()
    if other is not None:
        raise WarehouseRefused(
            "taken",
            gettext("«%(warehouse)s» ya está relacionada con la bodega «%(bodega)s».")
            % {"warehouse": entry.name, "bodega": other.bodega.name},
        )
    existing = mine.filter(bodega=bodega).first()
    before = _facts(existing)
    left = {existing.warehouse} if existing is not None else set()
    row = existing or WarehouseLink(
        organization_id=bodega.organization_id,
        integration=integration,
        bodega=bodega,
        created_at=clock.now(),
    )
    row.company_id = integration.company_id
    row.warehouse = warehouse
    row.whose = whose
    has_default = mine.filter(is_default=True).exclude(pk=row.pk).exists()
    row.is_default = row.is_default or is_default or not has_default
    if row.is_default:
        others = mine.filter(is_default=True).exclude(pk=row.pk)
        left |= set(others.values_list("warehouse", flat=True))
    try:
        with transaction.atomic():
            if row.is_default:
                mine.exclude(pk=row.pk).update(is_default=False)
            row.save()
    except IntegrityError as error:
        raise WarehouseRefused("taken", _("Otra persona acaba de usar esa bodega.")) from error
    trail.record(
        action="warehouse_link.create" if existing is None else "warehouse_link.change",
        target=row,
        before=before,
        after=_facts(row),
        request=request,
    )
    row.released = _release(row, integration, by) + _release_gone(left, integration, by)
    return row


@transaction.atomic
def set_default(link: WarehouseLink, *, by: str, request=None) -> WarehouseLink:
    """The bodega of orders that name none. There is always exactly one while there is any."""
    integration = _locked(link.integration)
    link.refresh_from_db()
    left: set[str] = set()
    if not link.is_default:
        mine = WarehouseLink.objects.filter(integration=integration)
        before = mine.filter(is_default=True).select_related("bodega").first()
        left = {before.warehouse} if before else set()
        mine.update(is_default=False)
        mine.filter(pk=link.pk).update(is_default=True)
        link.is_default = True
        trail.record(
            action="warehouse_link.default",
            target=link,
            before={"bodega": before.bodega.name} if before else None,
            after={"bodega": link.bodega.name},
            request=request,
        )
    link.released = _release(link, integration, by) + _release_gone(left, integration, by)
    return link


@transaction.atomic
def unlink_warehouse(link: WarehouseLink, *, by: str, request=None) -> None:
    """Take the link away. Raises WarehouseRefused for the default while there are others.

    The ledger keeps its movements, without the pair.
    """
    integration = _locked(link.integration)
    link.refresh_from_db()
    others = WarehouseLink.objects.filter(integration=integration).exclude(pk=link.pk)
    if link.is_default and others.exists():
        raise WarehouseRefused(
            "default",
            _("Es la bodega por defecto: elige antes otra para los pedidos que no nombran una."),
        )
    before = {**(_facts(link) or {}), "by": by}
    trail.record(action="warehouse_link.delete", target=link, before=before, request=request)
    link.movements.update(link=None)
    left = {link.warehouse}
    link.delete()
    _release_gone(left, integration, by)


def _locked(integration: Integration) -> Integration:
    # Two people who choose a default at once take turns.
    return (
        Integration.objects.select_for_update(of=("self",))
        .select_related("credential")
        .get(pk=integration.pk)
    )


def _release(row: WarehouseLink, integration: Integration, by: str) -> int:
    subjects = [row.bodega.source_id]
    if row.bodega.source_id.startswith(BY_NAME):
        # Orders that name a bodega without its id wait under no id.
        subjects.append("")
    released = sum(
        release("warehouse_unlinked", subject, integration=integration, by=by)
        for subject in subjects
    )
    if row.is_default:
        released += release("default_warehouse_missing", "", integration=integration, by=by)
    return released


def _release_gone(warehouses: set[str], integration: Integration, by: str) -> int:
    """Orders that waited for a warehouse which something led to before are decided anew."""
    return sum(
        release("warehouse_gone", warehouse, integration=integration, by=by)
        for warehouse in sorted(warehouses)
    )


def _facts(row: WarehouseLink | None) -> dict | None:
    if row is None:
        return None
    return {
        "bodega": row.bodega.name,
        "warehouse": row.warehouse,
        "whose": str(row.whose),
        "is_default": row.is_default,
    }
