"""Deliveries of which no order came: each is answered, kept, and shown with what to do.

MasterShop reference, receiving contract: *Ilegible*, *De otro negocio* and *Ignorado* are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.colombia.masking import mask_text
from integrations.colombia.peso_text import number, pesos
from integrations.connections import panel
from integrations.connections.models import Integration
from integrations.connections.panel import Fact
from integrations.intake.body import Unreadable, read_object
from integrations.mastershop.events import STOCK_MOVEMENT
from integrations.mastershop.identifying import Identifying, identifying
from integrations.orders.models import OrderEvent
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

Verdict = OrderEvent.Verdict
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
    """One delivery. Of its body only what finds the order in MasterShop is shown."""

    at: datetime
    event_name: str
    verdict: str
    sentence: str
    advice: str
    copies: int
    number: str = ""
    reference: str = ""
    total: str = ""


def left_out(integration: Integration, *, now: datetime) -> list[LeftOut]:
    """The deliveries of the last thirty days of which no order came, the newest first."""
    rows = _rows([integration], now=now).order_by("-last_received_at", "-pk")[:MOST]
    return [_left_out(row) for row in rows]


def _left_out(row: OrderEvent) -> LeftOut:
    try:
        found = identifying(read_object(row.body))
    except Unreadable:
        found = Identifying()
    return LeftOut(
        at=row.last_received_at,
        event_name=row.event_name or mask_text(found.event_name),
        verdict=str(Verdict(row.verdict).label),
        sentence=row.problem,
        advice=str(ADVICE[Verdict(row.verdict)]),
        copies=row.copies,
        number=_without_email(found.number),
        reference=_without_email(found.external_id),
        total=_amount(found),
    )


def _without_email(text: str) -> str:
    """Digits stay: they are what is looked up. An e-mail in their place is the buyer's."""
    return mask_text(text) if "@" in text else text


def _amount(found: Identifying) -> str:
    if found.total is None:
        return ""
    if found.currency == "COP":
        return pesos(found.total)
    return f"{number(found.total)} {_without_email(found.currency)}"


@dataclass(frozen=True)
class NewOnes:
    """How many new deliveries of one integration became no order."""

    integration: Integration
    count: int


def new_ones(integrations: Iterable[Integration], *, now: datetime) -> list[NewOnes]:
    """Those first received in the last days, for each integration that has any; one query."""
    by_id = {each.pk: each for each in integrations if not each.is_archived}
    # What was refused is a cause of its own (`refused.py`).
    rows = _rows(by_id, now=now).filter(
        received_at__gte=now - timing().delta("left_out_new"),
        verdict__in=[Verdict.IGNORED, Verdict.FAILED],
    )
    counted = rows.order_by().values_list("integration").annotate(n=Count("pk"))
    found = dict(counted)
    return [NewOnes(each, found[pk]) for pk, each in by_id.items() if pk in found]


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


def _rows(integrations: Iterable[Integration | int], *, now: datetime):
    return OrderEvent.objects.filter(
        integration__in=integrations,
        order=None,
        verdict__in=[*ADVICE],
        received_at__gte=now - timing().delta("left_out_shown"),
    ).exclude(event_name__iexact=STOCK_MOVEMENT)
