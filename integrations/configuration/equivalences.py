"""*Asociación de cuentas bancarias*: the form of a new row, and the names of each row's fields."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.colombia.payment_means import BY_ALEGRA, CASH, PAYMENT_MEANS, default_means
from integrations.configuration.choices import Kind, Lists
from integrations.configuration.curing import registers_payments
from integrations.configuration.lookup import method_key, settings_of
from integrations.configuration.models import BankEquivalence
from integrations.configuration.questions import PAYMENT_METHOD, QUESTIONS
from integrations.connections.models import Integration
from integrations.mastershop import payment_methods

EVERYTHING_ELSE = BankEquivalence.EVERYTHING_ELSE
FAMILIES = [(choice.value, choice.label) for choice in QUESTIONS[PAYMENT_METHOD].choices]
MEANS = [(means.alegra, means.label) for means in PAYMENT_MEANS]
_DIGITAL = [(value, label) for value, label in MEANS if value != CASH]


class EquivalenceForm(forms.Form):
    """*+ Nueva equivalencia*."""

    method = forms.CharField(label=gettext_lazy("Método de pago en MasterShop"), max_length=80)
    family = forms.ChoiceField(
        label=gettext_lazy("¿Cómo se paga?"),
        choices=[("", gettext_lazy("Lo que diga su nombre")), *FAMILIES],
        required=False,
    )
    account = forms.CharField(required=False, max_length=64)
    means = forms.ChoiceField(
        label=gettext_lazy("Medio de pago"),
        choices=[
            ("", gettext_lazy("El usual: efectivo si es contraentrega, si no transferencia")),
            *MEANS,
        ],
        required=False,
    )

    def __init__(self, *args, integration: Integration, lists: Lists, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.integration, self.lists = integration, lists

    def clean_method(self) -> str:
        method = payment_methods.normalise(self.cleaned_data["method"])[:80]
        if method == EVERYTHING_ELSE:
            raise forms.ValidationError(_("«Todos los demás» ya tiene su fila."))
        if BankEquivalence.objects.filter(
            integration=self.integration, key=method_key(method)
        ).exists():
            raise forms.ValidationError(
                _("«%(method)s» ya tiene su equivalencia: cámbiala en la lista.")
                % {"method": method}
            )
        return method

    def clean_account(self) -> str:
        account = self.cleaned_data["account"]
        if not account and not registers_payments(
            settings_of(self.integration), self.integration.company
        ):
            return ""
        if not account:
            raise forms.ValidationError(_("Elige la cuenta de Alegra."))
        if not self.lists.is_choosable(Kind.BANK_ACCOUNT, account):
            raise forms.ValidationError(
                _("Esa cuenta ya no existe en Alegra o está inactiva. Elige otra.")
            )
        return account

    def clean(self) -> dict:
        data = super().clean()
        method = data.get("method", "")
        family = payment_methods.family(method)
        if family == payment_methods.UNKNOWN:
            family = data.get("family", "")
            if method and not family:
                text = _("El nombre no lo dice: elige si es contraentrega o pago anticipado.")
                self.add_error("family", text)
        data["family"] = family
        data["means"] = data.get("means") or default_means(family)
        return data


def account_name(row: BankEquivalence) -> str:
    return f"account_{_row_key(row)}"


def family_name(row: BankEquivalence) -> str:
    return f"family_{_row_key(row)}"


def is_asked(method: str) -> bool:
    """The method's own words do not say how it is paid: a person did."""
    return method != EVERYTHING_ELSE and (payment_methods.family(method) == payment_methods.UNKNOWN)


def means_name(row: BankEquivalence) -> str:
    return f"means_{_row_key(row)}"


def means_choices(row: BankEquivalence) -> list[tuple[str, str]]:
    """Cash only for a method that somebody named."""
    return _DIGITAL if row.method == EVERYTHING_ELSE else MEANS


def _row_key(row: BankEquivalence) -> str:
    """The same before and after *todos los demás* is saved first: a page may be older."""
    return "rest" if row.method == EVERYTHING_ELSE else str(row.pk)


def method_label(method: str) -> str:
    return _("todos los demás") if method == EVERYTHING_ELSE else method


def means_label(means: str) -> str:
    found = BY_ALEGRA.get(means)
    return found.label if found else means


def everything_else(integration: Integration) -> BankEquivalence:
    return BankEquivalence(
        integration=integration,
        organization_id=integration.organization_id,
        method=EVERYTHING_ELSE,
        family=payment_methods.PREPAID,
        account="",
        means="",
    )
