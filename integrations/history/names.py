"""The names of the bodega and the numbering on the page of an order."""

from __future__ import annotations

from integrations.connections.models import ReferenceEntry
from integrations.connections.numbering import called
from integrations.documents.models import Document
from integrations.documents.warehouse_kept import name_of
from integrations.inventory.models import Bodega
from integrations.orders.models import Order
from integrations.scoping.search_key import normalised


def bodega(order: Order) -> str:
    """The name of the order's bodega. Events hold its id; MasterShop's list holds its name."""
    if order.bodega_name or not order.bodega_id:
        return order.bodega_name
    rows = Bodega.objects.filter(
        integration=order.integration_id, source_id=order.bodega_id
    ).values_list("name", flat=True)
    return rows.first() or order.bodega_id


def bodega_in_alegra(document: Document | None, shown: str) -> str:
    """Alegra's name of the bodega with which the document was made; '' where it is `shown`.

    Refusals for missing stock are about this one.
    """
    alegra_id = str(((document and document.built) or {}).get("warehouse") or "")
    if document is None or not alegra_id:
        return ""
    name = name_of(document.company, alegra_id)
    return "" if normalised(name) == normalised(shown) else name


def numbering(order: Order, settings) -> str:
    """The numbering with which the document was or would be built; '' for remissions."""
    document = order.document
    kept = document.settings_snapshot if document is not None else {}
    chosen = kept.get("number_template") or getattr(settings, "number_template", "")
    kind = kept.get("kind") or getattr(settings, "kind", "")
    if not chosen or kind != "invoice":
        return ""
    entry = ReferenceEntry.objects.filter(
        company=order.integration.company_id,
        kind=ReferenceEntry.Kind.NUMBER_TEMPLATE,
        alegra_id=chosen,
    ).first()
    return called(entry) if entry else ""
