"""Deliveries of which no order came: each is answered, kept, and shown with what to do.

MasterShop reference, receiving contract: *Ilegible*, *De otro negocio* and *Ignorado* are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.connections import panel
from integrations.connections.models import Integration
from integrations.connections.panel import Fact
from integrations.mastershop.events import STOCK_MOVEMENT
from integrations.orders.models import OrderEvent
from integrations.timekeeping import clock

Verdict = OrderEvent.Verdict
SHOWN_FOR = timedelta(days=30)
MOST = 50

_BY_NUMBER = _("Si es una venta, búscala en MasterShop y tráela por su número desde el Historial.")
ADVICE = {
    Verdict.IGNORED: _BY_NUMBER,
    Verdict.UNREADABLE: _(
        "No es un pedido de MasterShop. Si se repite, revisa quién más tiene la dirección de los "
        "eventos."
    ),
    Verdict.OTHER_BUSINESS: _(
        "Conecta ese negocio en una integración propia o quita esta dirección de él en MasterShop."
    ),
    Verdict.FAILED: _(
        "Ya lo estamos revisando. Si te falta el pedido, tráelo por su número desde el Historial."
    ),
}


@dataclass(frozen=True)
class LeftOut:
    """One delivery. Its body is not shown: nobody knows what is in it."""

    at: datetime
    event_name: str
    verdict: str
    sentence: str
    advice: str
    copies: int


def left_out(integration: Integration, *, now: datetime) -> list[LeftOut]:
    """The deliveries of the last thirty days of which no order came, the newest first."""
    rows = _rows([integration], now=now).defer("body").order_by("-last_received_at", "-pk")[:MOST]
    return [
        LeftOut(
            at=row.last_received_at,
            event_name=row.event_name,
            verdict=str(Verdict(row.verdict).label),
            sentence=row.problem,
            advice=str(ADVICE[Verdict(row.verdict)]),
            copies=row.copies,
        )
        for row in rows
    ]


def facts_of(integrations: list[Integration]) -> dict[int, list[Fact]]:
    """On the integration's card, only where there are any."""
    rows = _rows(integrations, now=clock.now()).order_by()
    counted = rows.values("integration").annotate(n=Count("pk"))
    slugs = {row.pk: row.organization.slug for row in integrations}
    return {
        row["integration"]: [
            Fact(
                str(_("Eventos sin pedido")),
                str(_("%(n)d en 30 días") % {"n": row["n"]}),
                reverse("left_out", args=[slugs[row["integration"]], row["integration"]]),
            )
        ]
        for row in counted
    }


def connect() -> None:
    """Once, when the house is put together."""
    if facts_of not in panel.facts:
        panel.facts.append(facts_of)


def _rows(integrations: Iterable[Integration], *, now: datetime):
    return OrderEvent.objects.filter(
        integration__in=integrations,
        order=None,
        verdict__in=[*ADVICE],
        received_at__gte=now - SHOWN_FOR,
    ).exclude(event_name__iexact=STOCK_MOVEMENT)
