"""What this room hears of the room below it."""

from __future__ import annotations

from integrations.configuration.curing import release_returned
from integrations.configuration.references import refresh_company
from integrations.connections import guards
from integrations.connections.models import Integration


def connect() -> None:
    if read_lists not in guards.after_connecting:
        guards.after_connecting.append(read_lists)


def read_lists(integration: Integration) -> None:
    """So that the settings page has something to choose from when it opens."""
    company = integration.company
    refreshed = refresh_company(company, integration.credential, for_person=True)
    release_returned(company, refreshed.back)
