"""Whether the e-mail of an order is the shop's own, typed for a buyer who gave none.

Colombian invoicing reference, "What may be demanded": it must not be sent as the buyer's, or
one person gets the invoices of all.
"""

from __future__ import annotations

from integrations.orders.models import Order
from integrations.scoping.prepared import Prepared
from integrations.tenancy.models import Membership

# A family shares an address; more buyers than this share only the shop's.
FAMILY = 4


def is_shops_own(order: Order, email: str) -> bool:
    """Of people who work here, or given for more than `FAMILY` other buyers. `email` is clean."""
    if not email:
        return False
    if email == order.integration.credential.email.strip().lower():
        return True
    if Membership.objects.filter(user__email__iexact=email).exists():
        return True
    others = _others(
        integration=order.integration_id,
        # As it was received, in the two writings that are usual.
        emails=sorted({email, order.buyer_email}),
        number=order.buyer_doc_number,
    )
    return len(others) > FAMILY


_others = Prepared(
    lambda integration, emails, number: (
        Order.objects.filter(integration_id=integration, buyer_email__in=emails)
        # Said for the index, which holds no order without one.
        .exclude(buyer_email="")
        .exclude(buyer_doc_number__in=["", number])
        .order_by()
        .values_list("buyer_doc_number")
        .distinct()[: FAMILY + 1]
    )
)
