"""Other orders of the same number: a number can come twice, and each page says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.orders.models import Order
from integrations.orders.number_twice import created_on


@dataclass(frozen=True)
class Namesake:
    """`pk` is the other order's; nothing of its buyer is told here."""

    pk: int
    sentence: str


def has_namesakes() -> Exists:
    """To annotate an order with: a page of a number that came once costs no query more."""
    others = Order.objects.filter(integration=OuterRef("integration"), number=OuterRef("number"))
    return Exists(others.exclude(pk=OuterRef("pk")))


def namesakes_of(order: Order) -> list[Namesake]:
    """The other orders of its number, the newest first; one query."""
    rows = (
        Order.objects.filter(integration=order.integration_id, number=order.number)
        .exclude(pk=order.pk)
        .only("organization_id", "number", "total", "source_created_at", "may_be", "same_as")
        .order_by("-first_seen_at", "-pk")
    )
    return [Namesake(row.pk, _sentence(order, row)) for row in rows]


def _sentence(order: Order, other: Order) -> str:
    words = {
        "number": order.number,
        "mine": created_on(order),
        "other": created_on(other),
        "total": pesos(other.total) if other.total is not None else "—",
    }
    if other.pk == order.same_as_id:
        text = _(
            "El número %(number)s llegó dos veces y es la misma venta: lo de esta página se sumó "
            "al pedido creado el %(other)s."
        )
    elif order.pk == other.same_as_id:
        text = _(
            "El número %(number)s llegó dos veces y es la misma venta: aquí está también lo que "
            "llegó con otra fecha de creación, %(other)s."
        )
    elif order.pk == other.may_be_id or other.pk == order.may_be_id:
        text = _(
            "El número %(number)s llegó dos veces: este pedido se creó el %(mine)s y hay otro, "
            "creado el %(other)s, por %(total)s. Puede ser otra venta, o la misma corregida."
        )
    else:
        text = _(
            "El número %(number)s llegó dos veces: esta venta se creó el %(mine)s y hay otra, "
            "creada el %(other)s, por %(total)s. Cada una lleva su propio documento."
        )
    return text % words
