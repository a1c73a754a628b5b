"""Refused events as a cause: what was refused and how to correct it, and when it is over.

MasterShop reference, receiving contract. It is over by itself once events come in well again and
the orders of that time were read in MasterShop; or when a person says that nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.audit import trail
from integrations.colombia.peso_text import number
from integrations.connections import panel, reads
from integrations.connections.models import Integration
from integrations.intake import passes
from integrations.intake.models import RefusedEvents
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping.timing import timing

Why = RefusedEvents.Why
_CORRECTION = {
    Why.SIGNATURE: gettext_lazy(
        "El secreto de MasterShop ya no es el de aquí. Guarda el de MasterShop en Credenciales de "
        "la integración, o pon allá el de aquí; y revisa que allá el webhook siga activo."
    ),
    Why.UNSIGNED: gettext_lazy(
        "La integración exige firma. Pon el secreto en MasterShop, o quita la firma en "
        "Credenciales de la integración; y revisa que allá el webhook siga activo."
    ),
    Why.UNREADABLE: gettext_lazy(
        "No son pedidos en JSON (UTF-8). Revisa en MasterShop qué se envía a esta dirección y "
        "quién más la tiene; en Credenciales puedes cambiarla."
    ),
    Why.OTHER_BUSINESS: gettext_lazy(
        "Quita esta dirección del otro negocio en MasterShop o conéctalo en una integración "
        "propia. Si tu negocio cambió, elige «Olvidar el negocio» en Credenciales."
    ),
    Why.TOO_LARGE: gettext_lazy(
        "Pasan de 256 KB, y un pedido no pesa tanto. Revisa en MasterShop qué se envía a esta "
        "dirección."
    ),
}


@dataclass(frozen=True)
class Reason:
    """So many for this reason; `count` as text."""

    code: str
    text: str
    count: int
    correction: str


@dataclass(frozen=True)
class Told:
    """Refused events of one integration, ready for a page."""

    row: RefusedEvents
    integration: Integration
    reasons: list[Reason]
    page: str
    # Others came in well after the last refused one.
    is_mended: bool
    can_fetch: bool

    @property
    def headline(self) -> str:
        return headline(self.row)


def headline(row: RefusedEvents) -> str:
    """«No recibimos 6 eventos de MasterShop: 5 con una firma que no coincide y 1 sin firma»."""
    parts = [
        f"{number(count)} {Why(why).label}" if len(row.by_reason) > 1 else str(Why(why).label)
        for why, count in row.by_reason.items()
    ]
    listed = _(" y ").join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
    text = ngettext(
        "No recibimos %(n)s evento de MasterShop: %(reasons)s",
        "No recibimos %(n)s eventos de MasterShop: %(reasons)s",
        row.total,
    )
    return text % {"n": number(row.total), "reasons": listed}


def reasons_of(row: RefusedEvents, integration: Integration) -> list[Reason]:
    found = []
    for why, count in row.by_reason.items():
        correction = str(_CORRECTION[Why(why)])
        if why == Why.OTHER_BUSINESS and row.business:
            who = _("Son del negocio %(other)s y esta integración es del %(own)s.") % {
                "other": row.business,
                "own": integration.source.business_id or "—",
            }
            correction = f"{who} {correction}"
        found.append(Reason(why, str(Why(why).label), count, correction))
    return found


def open_ones(integrations: Iterable[Integration]) -> list[Told]:
    """Of these integrations, not archived; one query."""
    by_id = {each.pk: each for each in integrations if not each.is_archived}
    rows = RefusedEvents.objects.filter(integration__in=by_id, closed_at=None)
    return [told(row, by_id[row.integration_id]) for row in rows.order_by("-last_at")]


def told(row: RefusedEvents, integration: Integration) -> Told:
    args = [integration.organization.slug, integration.pk]
    return Told(
        row=row,
        integration=integration,
        reasons=reasons_of(row, integration),
        page=f"{reverse('left_out', args=args)}#rechazados",
        is_mended=_came_in_well(row, integration),
        can_fetch=bool(integration.source.key_last4),
    )


def _came_in_well(row: RefusedEvents, integration: Integration) -> bool:
    last = integration.source.last_event_at
    return last is not None and last > row.last_at


def _was_fetched(row: RefusedEvents, integration: Integration) -> bool:
    """A reading of that time began after the last refusal, and came to its end."""
    if row.fetched_at is not None and row.fetch_began_at and row.fetch_began_at > row.last_at:
        return not row.is_fetching
    known = reads.state_of(reads.Kind.ORDERS, integration)
    full = passes.ended_at(known.passes, passes.FULL.name) if known else None
    if full is None or full <= row.last_at:
        return False
    return passes.covers_since(passes.FULL, now=full) <= row.first_at


# --- Its end -------------------------------------------------------------------------------
def close_due(now: datetime) -> int:
    """Close what is over; returns how many."""
    quiet = now - timing().delta("refused_quiet")
    with unscoped("refused events that may be over"):
        rows = RefusedEvents.objects.filter(closed_at=None, last_at__lte=quiet)
        due = list(rows.values_list("pk", "organization_id"))
    closed = 0
    for pk, organization_id in due:
        with scope(organization_id):
            row = RefusedEvents.objects.select_related("integration__source").get(pk=pk)
            place = row.integration
            if _came_in_well(row, place) and _was_fetched(row, place):
                closed += close(row, now=now)
    return closed


def close(row: RefusedEvents, *, now: datetime, request=None) -> bool:
    """By itself, or with the request of a person who says that nothing is missing."""
    by = request.user.email if request is not None else ""
    with transaction.atomic():
        rows = RefusedEvents.objects.filter(pk=row.pk, closed_at=None, last_at=row.last_at)
        closed = rows.update(closed_at=now, closed_by=by)
        if closed:
            trail.record(
                action="refused_events.close",
                target=row.integration,
                request=request,
                after={"refused": row.total},
            )
    return bool(closed)


# --- On the integration's card -------------------------------------------------------------
def alarms_of(integrations: list[Integration]) -> dict[int, panel.Alarm]:
    return {
        each.integration.pk: panel.Alarm(
            each.headline, each.row.first_at, each.page, _("Corregirlo y traer los pedidos")
        )
        for each in open_ones(integrations)
    }


def connect() -> None:
    """Once, when the house is put together."""
    if alarms_of not in panel.alarms:
        panel.alarms.append(alarms_of)
