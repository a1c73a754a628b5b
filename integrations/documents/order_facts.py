"""A document's order as it is at this moment."""

from __future__ import annotations

from integrations.documents.models import Document
from integrations.orders.buyer import keep_buyer
from integrations.orders.models import Order
from integrations.orders.reached import read_times
from integrations.scoping.prepared import Prepared

_order = Prepared(
    lambda pk: Order.objects.select_related(
        "integration__company", "integration__credential__alegra_user"
    ).filter(pk=pk)
)


def read_order(document: Document) -> None:
    """The order as it is now, with all that the rules, the gate and the calls ask of it."""
    [order] = _order(pk=document.order_id)
    read_times(order)
    keep_buyer(order)
    document.order, document.integration = order, order.integration
    if document.company_id == order.integration.company_id:
        document.company = order.integration.company
