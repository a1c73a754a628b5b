"""Reading what the merchant chose: the settings, and the account of a payment method."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.colombia.payment_means import default_means
from integrations.configuration.models import BankEquivalence, DocumentSettings, method_key
from integrations.connections.models import Integration
from integrations.mastershop import payment_methods
from integrations.scoping.prepared import Prepared

_settings = Prepared(
    lambda integration: DocumentSettings.objects.filter(integration_id=integration)
)
_equivalences = Prepared(
    lambda integration, keys: BankEquivalence.objects.filter(
        integration_id=integration, key__in=keys
    )
)
EVERYTHING_ELSE = BankEquivalence.EVERYTHING_ELSE
# Methods that stand for their whole family when an order's own name has no row.
FAMILY_NAMES = {
    payment_methods.PREPAID: ("pago anticipado", "prepaid", "bank"),
    payment_methods.COD: ("contra entrega", "contraentrega", "pago contraentrega", "cod"),
}


@dataclass(frozen=True)
class Account:
    """`account` is Alegra's id, `means` the DIAN's word for the way of paying; `method` names
    the row it came from, '' for the contraentrega default."""

    account: str
    means: str = ""
    method: str = ""


def settings_of(integration: Integration) -> DocumentSettings:
    """The settings; unsaved ones with the defaults (`saved_at` None) until a person saves."""
    found = _settings.first(integration=integration.pk)
    if found is not None:
        found.integration = integration
    return found or DocumentSettings(
        integration=integration, organization_id=integration.organization_id
    )


def payment_family(integration: Integration, method: str) -> str:
    """cod · prepaid · unknown: by the method's own words, else by what a person answered."""
    told = payment_methods.family(method)
    if told != payment_methods.UNKNOWN or not method_key(method):
        return told
    rows = BankEquivalence.objects.filter(integration=integration, key=method_key(method))
    return rows.values_list("family", flat=True).first() or payment_methods.UNKNOWN


def account_for(
    integration: Integration, settings: DocumentSettings, method: str, family: str
) -> Account | None:
    """Where the money of a payment method goes, or None when nothing says so.

    In this order: the method itself, its family, then the contraentrega default for COD or
    *todos los demás* for prepaid.
    """
    wanted = method_key(method)
    names = tuple(method_key(name) for name in FAMILY_NAMES.get(family, ()))
    rows = {
        row.key: row
        for row in _equivalences(integration=integration.pk, keys=[wanted, *names, EVERYTHING_ELSE])
    }
    order = [wanted, *names]
    if family != payment_methods.COD:
        order.append(EVERYTHING_ELSE)
    for name in order:
        row = rows.get(name)
        if row is not None and row.account:
            return Account(row.account, row.means or default_means(family), row.method)
    if family == payment_methods.COD and settings.cod_enabled and settings.cod_account:
        return Account(settings.cod_account, default_means(family), "")
    return None
