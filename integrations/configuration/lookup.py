"""Asking for what was chosen: an integration's settings, and the account of a payment method."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.connections.models import Integration


@dataclass(frozen=True)
class Account:
    """An Alegra bank account by id, and the DIAN payment means of its row ('' is the default)."""

    account: str
    means: str = ""


def settings_of(integration: Integration) -> DocumentSettings:
    """The settings of the integration; made with their defaults where none were saved yet."""
    settings, _made = DocumentSettings.objects.get_or_create(
        integration=integration, defaults={"organization_id": integration.organization_id}
    )
    return settings


def account_for(
    integration: Integration, settings: DocumentSettings, method: str, family: str
) -> Account | None:
    """Where the money of a payment method goes: the raw method, its family, then the default.

    The default is the contraentrega account for COD and *todos los demás* for prepaid.
    """
    rows = {row.method: row for row in BankEquivalence.objects.filter(integration=integration)}
    for name in (method, family):
        if row := rows.get(name):
            return Account(row.account, row.means)
    if family == "cod":
        return Account(settings.cod_account) if settings.cod_account else None
    row = rows.get(BankEquivalence.EVERYTHING_ELSE)
    return Account(row.account, row.means) if row else None
