"""*Traer los pedidos de ese tiempo*: the order list read for the time of the refused events.

The list is asked by the day an order was created (MasterShop reference, order list), and the
refused event may have told the next status of an older one: so it begins two months before the
first refusal, and what has not changed since is only looked at, not read.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from integrations.audit import trail
from integrations.connections.models import Integration
from integrations.intake import passes
from integrations.intake.models import RefusedEvents
from integrations.intake.passes import Pass
from integrations.scoping.context import unscoped
from integrations.timekeeping import waking

NAME = "refused"
# Days of creation before the first refusal, and the most in all.
DAYS_BEFORE = passes.FULL.days
MOST_DAYS = 180
_ASKED = Q(fetch_asked_at__isnull=False) & (
    Q(fetched_at=None) | Q(fetched_at__lt=F("fetch_asked_at"))
)


def ask(row: RefusedEvents, *, now: datetime, request=None) -> bool:
    """Ask for it, once; False while it is under way."""
    with transaction.atomic():
        rows = RefusedEvents.objects.filter(pk=row.pk, closed_at=None).exclude(_ASKED)
        asked = rows.update(fetch_asked_at=now, fetch_began_at=None, fetch_seen=0, fetch_brought=0)
        if asked:
            trail.record(action="refused_events.fetch", target=row.integration, request=request)
    if asked:
        waking.wake("intake.pull_integration", integration_id=row.integration_id)
    return bool(asked)


def waiting_integrations() -> set[int]:
    """Those for which it is asked for and not done."""
    with unscoped("whose orders of a refused time are to be fetched"):
        rows = RefusedEvents.objects.filter(_ASKED, closed_at=None)
        return set(rows.values_list("integration_id", flat=True))


def asked_for(integration: Integration) -> RefusedEvents | None:
    rows = RefusedEvents.objects.filter(_ASKED, integration=integration, closed_at=None)
    return rows.first()


def pass_of(row: RefusedEvents, *, now: datetime) -> Pass:
    return Pass(NAME, "", days_of(row, now=now))


def days_of(row: RefusedEvents, *, now: datetime) -> int:
    return min(MOST_DAYS, (now - row.first_at).days + DAYS_BEFORE + 1)


def began(row: RefusedEvents, *, now: datetime) -> None:
    """A run of it starts at the newest day again; what the one before brought stays counted."""
    rows = RefusedEvents.objects.filter(pk=row.pk)
    rows.update(fetch_began_at=now, fetch_seen=0)


def progress(row: RefusedEvents, *, seen: int, brought: int) -> None:
    """So many more orders were looked at, and so many of them brought."""
    RefusedEvents.objects.filter(pk=row.pk).update(
        fetch_seen=F("fetch_seen") + seen, fetch_brought=F("fetch_brought") + brought
    )


def done(row: RefusedEvents, *, now: datetime) -> None:
    RefusedEvents.objects.filter(pk=row.pk).update(fetched_at=now)
