"""Products that orders wait for because Alegra had too few: read again, so that they leave."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from integrations.alegra.client import AlegraClient
from integrations.connections.models import Integration
from integrations.connections.reading_again import read_each
from integrations.documents import stock_missing
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.sending.release import release


def read_what_orders_wait_for() -> int:
    """Read each product whose units orders wait for; returns how many orders it freed.

    One call each, every few minutes. They go when there is more of it than when the last one
    was refused, or when it may be sold below zero: who still asks for too many is refused again
    and says so with the new figure.
    """
    with unscoped("stock that orders of all tenants wait for"):
        causes = Cause.objects.open().filter(code=stock_missing.CODE)
        live = causes.of_active_integrations()
        waiting = sorted(set(live.values_list("organization_id", "integration_id")))
    freed = 0
    for organization_id, integration_id in waiting:
        with scope(organization_id):
            freed += _read_again(integration_id)
    return freed


def _read_again(integration_id: int) -> int:
    integration = Integration.objects.select_related("company", "credential").get(pk=integration_id)
    causes = Cause.objects.open().filter(integration=integration, code=stock_missing.CODE)
    left = {
        cause.subject_key: _units(cause.params.get("left"))
        for cause in causes.order_by("-pesos", "pk")
    }
    freed = 0

    def read(client: AlegraClient, subject: str) -> None:
        nonlocal freed
        alegra_id, _colon, warehouse_id = subject.partition(":")
        company = integration.company_id
        held = stock_missing.read_one(client, company, alegra_id, warehouse_id, fresh=True)
        if held is not None and (held.left is None or held.left > left[subject]):
            freed += release(stock_missing.CODE, subject, integration=integration)

    read_each(integration.credential, list(left), read)
    return freed


def _units(told: object) -> Decimal:
    try:
        return Decimal(str(told).replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
