"""Which status counts of an order whose dates and statuses contradict each other.

The order is read again in MasterShop first (`orders.contradiction`). A person is asked only
where that gave nothing, and where the two statuses end in different documents.
"""

from __future__ import annotations

from integrations.configuration import answers
from integrations.configuration.questions import FURTHER, STATUS_OF_ORDER
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document, locked_order
from integrations.orders import contradiction
from integrations.orders.models import Order
from integrations.timekeeping import clock


def connect() -> None:
    if _answered not in answers.followers[STATUS_OF_ORDER]:
        answers.followers[STATUS_OF_ORDER].append(_answered)


def _answered(integration: Integration, key: str, value: str) -> None:
    row = Order.of_key(integration, key)
    if row is None:
        return
    now = clock.now()
    order = locked_order(row)
    contradiction.settle(order, further=value == FURTHER, now=now)
    issue_document(order, now=now)
