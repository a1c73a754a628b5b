"""The orders that a person ticked in the list."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from integrations.orders.models import Order

# As many as a page of the history can have chosen, and room for one who writes the form by hand.
MOST_AT_ONCE = 200


def chosen_orders(request: HttpRequest) -> QuerySet[Order]:
    """Newest first. Raises Http404 where one is not of this organization, or is no order."""
    ticked = set(request.POST.getlist("pedido"))
    if len(ticked) > MOST_AT_ONCE or not all(
        each.isascii() and each.isdigit() and len(each) < 19 for each in ticked
    ):
        raise Http404
    orders = Order.objects.filter(pk__in=[int(each) for each in ticked])
    if orders.count() != len(ticked):
        raise Http404
    return orders.order_by("-first_seen_at", "-id")
