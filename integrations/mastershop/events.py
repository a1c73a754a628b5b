"""The events MasterShop can send. MasterShop reference: event catalogue.

An event's name is for display and for the sub-state; what an order has become is read from its
status number alone, because every change also arrives as the generic event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import values
from .statuses import fold


@dataclass(frozen=True, slots=True)
class Event:
    """`status_id` is the status the order has when the event is sent; None for any."""

    id: int
    name: str
    status_id: int | None


_PAYMENTS = ("(Contra Entrega)", "(Pago Anticipado)")
_SPLIT = (
    (28, "Pedido Por Alistar", 3),
    (30, "Pedido Por Recolectar", 4),
    (32, "Pedido Recolectado", 5),
    (34, "Pedido En Tránsito", 6),
    (36, "Pedido Entregado", 8),
)

EVENTS: tuple[Event, ...] = (
    Event(15, "Pedido Creado", 1),
    Event(16, "Cambio de Estado del Pedido", None),
    Event(17, "Cambio de Estado de la Transportadora", None),
    Event(18, "Pedido Entregado", 8),
    Event(19, "Pedido Por Alistar", 3),
    Event(20, "Pedido Pendiente", 2),
    Event(21, "Pedido Por Recolectar", 4),
    Event(22, "Pedido Recolectado", 5),
    Event(23, "Pedido En Tránsito", 6),
    Event(25, "Pedido En Reparto", 6),
    Event(26, "Pedido En Oficina", 6),
    Event(27, "Pedido con Novedad", 6),
    *(
        Event(number + offset, f"{name} {payment}", status_id)
        for number, name, status_id in _SPLIT
        for offset, payment in enumerate(_PAYMENTS)
    ),
)

# The ones a merchant is told to choose: together they report every change, and the payment
# method is in the body, so that the split events add only copies.
RECOMMENDED: tuple[Event, ...] = tuple(
    event for event in EVENTS if event.id in {15, 16, 17, 18, 23}
)

STOCK_MOVEMENT = "Movimiento de inventario"

_BY_NAME = {fold(event.name): event for event in EVENTS}


def by_name(name: Any) -> Event | None:
    """The event with this name, capitals and accents apart, or None."""
    return _BY_NAME.get(fold(values.text(name, limit=100)))


def is_stock_movement(body: Any) -> bool:
    """Whether a delivery reports stock rather than an order."""
    name = values.Fields(body).first("eventName", "event_name", "event")
    return fold(values.text(name, limit=100)) == fold(STOCK_MOVEMENT)
