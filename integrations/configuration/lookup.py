"""Reading what the merchant chose: the settings, and the account of a payment method."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.colombia.payment_means import CASH, default_means
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


@dataclass(frozen=True)
class PaidThrough:
    """What the settings say of a payment method: the DIAN's word for the way of paying, and the
    account its money goes to, None when nothing names one."""

    means: str
    account: Account | None = None


def account_for(
    integration: Integration, settings: DocumentSettings, method: str, family: str
) -> Account | None:
    """Where the money of a payment method goes, or None when nothing says so."""
    return paid_through(integration, settings, method, family).account


def paid_through(
    integration: Integration, settings: DocumentSettings, method: str, family: str
) -> PaidThrough:
    """The means and the account of a payment method, each from the first row that has it.

    In this order: the method itself, its family, then the contraentrega default for COD or
    *todos los demás* for prepaid. A row without account still says how its method is paid, where
    that is not the usual way.
    """
    wanted = method_key(method)
    names = tuple(method_key(name) for name in FAMILY_NAMES.get(family, ()))
    found = {
        row.key: row
        for row in _equivalences(integration=integration.pk, keys=[wanted, *names, EVERYTHING_ELSE])
    }
    order = dict.fromkeys([wanted, *names])
    if family == payment_methods.COD:
        order.pop(EVERYTHING_ELSE, None)
    else:
        order[EVERYTHING_ELSE] = None
    rows = [found[name] for name in order if name in found]
    told = (means_of(row) for row in rows if row.account or not is_usual(row))
    means = next(filter(None, told), "") or default_means(family)
    for row in rows:
        if row.account:
            return PaidThrough(means, Account(row.account, means, row.method))
    if family == payment_methods.COD and settings.cod_enabled and settings.cod_account:
        return PaidThrough(means, Account(settings.cod_account, means, ""))
    return PaidThrough(means)


def means_of(row: BankEquivalence) -> str:
    """What a row says of the way of paying, '' where it says nothing. *Todos los demás* are
    never cash: a method that nobody looked at is not paid in banknotes, and an invoice that
    says so is set right by a credit note only."""
    is_guess = row.method == EVERYTHING_ELSE and row.means == CASH
    return "" if is_guess else row.means


def is_usual(row: BankEquivalence) -> bool:
    """Whether it says of the way of paying what its family says."""
    return means_of(row) in ("", default_means(row.family))
