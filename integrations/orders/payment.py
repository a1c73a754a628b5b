"""Who holds an order's money: its own words first, then what a person answered."""

from __future__ import annotations

from integrations.configuration.answers import answer_of
from integrations.configuration.lookup import payment_family
from integrations.configuration.questions import PAYMENT_OF_ORDER
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders.models import Order


def family_of(order: Order, method: str, told: str) -> str:
    """cod · prepaid · unknown. `told`: what the order's bodies say by themselves.

    `order` as it was before. One that is documented keeps what was answered then: another
    answer changes no order that has its document.
    """
    if told != UNKNOWN:
        return told
    if order.document_id and method == order.method and order.document.alegra_id:
        return order.family
    if method:
        return payment_family(order.integration, method)
    return answer_of(order.integration, PAYMENT_OF_ORDER, order.key) or UNKNOWN


def take_answer(order: Order) -> bool:
    """Give an order of unknown payment the family that was answered; False where none was."""
    if order.family != UNKNOWN:
        return False
    family = family_of(order, order.method, UNKNOWN)
    if family == UNKNOWN:
        return False
    Order.objects.filter(pk=order.pk).update(family=family)
    order.family = family
    return True
