"""A document's order as it is at this moment."""

from __future__ import annotations

from integrations.documents.models import Document
from integrations.orders.models import Order


def read_order(document: Document) -> None:
    """The order as it is now, with all that the rules, the gate and the calls ask of it."""
    document.order = (
        Order.objects.select_related("integration__company", "integration__credential__alegra_user")
        .prefetch_related("status_times")
        .get(pk=document.order_id)
    )
    document.integration = document.order.integration
