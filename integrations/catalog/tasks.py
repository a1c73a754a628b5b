"""Keeps the copies of both catalogues young, one list after the other."""

from __future__ import annotations

from celery import shared_task

from integrations.alegra.client import AlegraClient
from integrations.catalog import items
from integrations.catalog.refreshing import refresh_items, refresh_variants
from integrations.connections import reads
from integrations.connections.models import Credential, Integration
from integrations.connections.reading_again import read_each
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.timekeeping import clock

REFRESH_TASK = "catalog.refresh_due"


@shared_task(name=REFRESH_TASK)
def refresh_due() -> None:
    """Read whatever is older than six hours, or was asked for by a person."""
    for organization_id, integration_id in _active():
        with scope(organization_id):
            refresh_if_due(integration_id)


def refresh_if_due(integration_id: int) -> None:
    """Both catalogues of one integration, as far as they are due. Inside its scope."""
    integration = (
        Integration.objects.select_related("company", "credential", "source")
        .filter(pk=integration_id)
        .first()
    )
    if integration is None:
        return
    if integration.source.key and _is_due(reads.Kind.VARIANTS, integration):
        refresh_variants(integration)
    credential = integration.credential
    if credential.state == Credential.State.VALID and _is_due(
        reads.Kind.ITEMS, integration.company
    ):
        refresh_items(integration.company, credential)


@shared_task(name="catalog.read_again")
def read_again_what_orders_wait_for() -> None:
    """Read each Alegra product that may not be invoiced, or has no unit, and orders wait for.

    One call each, every few minutes: one that is active again frees its orders by itself.
    """
    with unscoped("products that orders of all tenants wait for"):
        causes = Cause.objects.open().filter(code__in=items.WAITING_CODES)
        live = causes.of_active_integrations()
        waiting = sorted(set(live.values_list("organization_id", "integration_id")))
    for organization_id, integration_id in waiting:
        with scope(organization_id):
            _read_again(integration_id)


def _read_again(integration_id: int) -> None:
    integration = Integration.objects.select_related("company", "credential").get(pk=integration_id)
    causes = Cause.objects.open().filter(integration=integration, code__in=items.WAITING_CODES)

    def read(client: AlegraClient, alegra_id: str) -> None:
        item = items.refresh_one(integration.company, client, alegra_id)
        if item is not None and items.is_usable(item):
            # Also where its copy had been read as good meanwhile.
            items.release_healed(item, integration)

    subjects = causes.order_by("-pesos", "pk").values_list("subject_key", flat=True)
    read_each(integration.credential, subjects, read)


def _active() -> list[tuple[int, int]]:
    with unscoped("catalogues of all tenants grow old"):
        return list(
            Integration.objects.active().order_by("pk").values_list("organization_id", "pk")
        )


def _is_due(kind: str, owner) -> bool:
    return reads.is_due(reads.state_of(kind, owner), clock.now())
