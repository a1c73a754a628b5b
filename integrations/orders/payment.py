"""Who holds an order's money: its own words first, then what a person answered."""

from __future__ import annotations

from integrations.configuration.answers import answer_of
from integrations.configuration.lookup import payment_family
from integrations.configuration.questions import PAYMENT_OF_ORDER
from integrations.connections.models import Integration
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders.models import Order


def family_of(integration: Integration, number: str, method: str, told: str) -> str:
    """cod · prepaid · unknown. `told`: what the order's bodies say by themselves."""
    if told != UNKNOWN:
        return told
    if method:
        return payment_family(integration, method)
    return answer_of(integration, PAYMENT_OF_ORDER, number) or UNKNOWN


def take_answer(order: Order) -> bool:
    """Give an order of unknown payment the family that was answered; False where none was."""
    if order.family != UNKNOWN:
        return False
    family = family_of(order.integration, order.number, order.method, UNKNOWN)
    if family == UNKNOWN:
        return False
    Order.objects.filter(pk=order.pk).update(family=family)
    order.family = family
    return True
