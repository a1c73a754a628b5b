"""Keeps the copies of both catalogues young, one list after the other."""

from __future__ import annotations

import structlog
from celery import current_app, shared_task
from kombu.exceptions import OperationalError

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.catalog import items, reads
from integrations.catalog.models import SourceRead
from integrations.catalog.refreshing import refresh_items, refresh_variants
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.timekeeping import clock

log = structlog.get_logger("catalog")

REFRESH_TASK = "catalog.refresh_due"
# Products of one integration read again in one round: documents come first.
MOST_READ_AGAIN = 20


@shared_task(name=REFRESH_TASK)
def refresh_due() -> None:
    """Read whatever is older than six hours, or was asked for by a person."""
    for organization_id, integration_id in _active():
        with scope(organization_id):
            refresh_if_due(integration_id)


def refresh_if_due(integration_id: int) -> None:
    """Both catalogues of one integration, as far as they are due. Inside its scope."""
    integration = (
        Integration.objects.select_related("company", "credential")
        .filter(pk=integration_id)
        .first()
    )
    if integration is None:
        return
    if integration.key and _is_due(SourceRead.Kind.VARIANTS, integration):
        refresh_variants(integration)
    credential = integration.credential
    if credential.state == Credential.State.VALID and _is_due(
        SourceRead.Kind.ITEMS, integration.company
    ):
        refresh_items(integration.company, credential)


@shared_task(name="catalog.read_again")
def read_again_what_orders_wait_for() -> None:
    """Read each Alegra product that may not be invoiced and that orders wait for.

    One call each, every few minutes: one that is active again frees its orders by itself.
    """
    with unscoped("products that orders of all tenants wait for"):
        causes = Cause.objects.filter(code__in=items.WAITING_CODES, state=Cause.State.OPEN)
        live = causes.exclude(integration__state=Integration.State.ARCHIVED)
        waiting = sorted(set(live.values_list("organization_id", "integration_id")))
    for organization_id, integration_id in waiting:
        with scope(organization_id):
            _read_again(integration_id)


def _read_again(integration_id: int) -> None:
    integration = Integration.objects.select_related("company", "credential").get(pk=integration_id)
    if integration.credential.state != Credential.State.VALID:
        return
    causes = Cause.objects.filter(
        integration=integration, code__in=items.WAITING_CODES, state=Cause.State.OPEN
    )
    subjects = list(causes.order_by("-pesos", "pk").values_list("subject_key", flat=True))
    try:
        client = alegra_client(integration.credential)
    except NoStandIn:
        return
    with client:
        for alegra_id in subjects[:MOST_READ_AGAIN]:
            try:
                item = items.refresh_one(integration.company, client, alegra_id)
            except (BudgetExhausted, RateLimited):
                return
            except AlegraError as error:
                log.info(
                    "item not read", company=integration.company_id, error=type(error).__name__
                )
                continue
            if items.is_usable(item):
                # Also where its copy had been read as good meanwhile.
                items.release_healed(alegra_id, integration)


def hurry() -> None:
    """Wake a worker for what a person asked; without a broker the next round does it."""
    try:
        current_app.send_task(REFRESH_TASK, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("hint lost", error=type(error).__name__)


def _active() -> list[tuple[int, int]]:
    with unscoped("catalogues of all tenants grow old"):
        return list(
            Integration.objects.exclude(state=Integration.State.ARCHIVED)
            .order_by("pk")
            .values_list("organization_id", "pk")
        )


def _is_due(kind: str, owner) -> bool:
    return reads.is_due(reads.state_of(kind, owner), clock.now())
