"""Keeps the copies of both catalogues young, one list after the other."""

from __future__ import annotations

import structlog
from celery import current_app, shared_task
from kombu.exceptions import OperationalError

from integrations.catalog import reads
from integrations.catalog.models import SourceRead
from integrations.catalog.refreshing import refresh_items, refresh_variants
from integrations.connections.models import Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock

log = structlog.get_logger("catalog")

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
