"""One order brought in by its number, when a person cannot wait for the next pull."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.connections.clients import NoStandIn, mastershop_client
from integrations.connections.models import Integration
from integrations.intake.pass_outcome import failure_sentence
from integrations.intake.pull import take_detail
from integrations.mastershop import errors
from integrations.mastershop.parser import parse_order
from integrations.orders.models import Order, OrderEvent


@dataclass(frozen=True, slots=True)
class Brought:
    """The order, or None with the sentence that says why not."""

    order: Order | None
    sentence: str = ""


def bring(integration: Integration, number: str) -> Brought:
    """Read an order at its source and let it go the way of every event.

    Needs the organization's scope and no open transaction.
    """
    if not integration.source.key:
        return Brought(
            None, _("Falta la llave de MasterShop: sin ella no se puede leer un pedido.")
        )
    try:
        with mastershop_client(integration) as client:
            detail = client.order(number)
    except errors.NotFound:
        return Brought(None, _("MasterShop no reconoce el pedido «%s».") % number)
    except (errors.MasterShopError, NoStandIn, ValueError) as error:
        return Brought(None, failure_sentence(error))
    parsed = parse_order(detail)
    if parsed.order is None or parsed.order.order_id != number:
        return Brought(None, _("MasterShop respondió con otro pedido que «%s».") % number)
    event_id = take_detail(
        integration, detail, parsed.order.event_name, source=OrderEvent.Source.NUMBER
    )
    event = OrderEvent.objects.select_related("order").defer("body").get(pk=event_id)
    if event.order is None:
        return Brought(None, event.problem or _("El pedido se recibió y se está interpretando."))
    return Brought(event.order)
