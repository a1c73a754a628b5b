from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.colombia.dates import BOGOTA
from integrations.colombia.payment_means import default_means
from integrations.configuration import definitive, set_up
from integrations.configuration.asked import asked_of, check, fields_of
from integrations.configuration.choices import Kind, Lists
from integrations.configuration.equivalences import (
    EVERYTHING_ELSE,
    FAMILIES,
    account_name,
    everything_else,
    family_name,
    is_asked,
    means_choices,
    means_name,
    method_label,
)
from integrations.configuration.lookup import means_of
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.connections.models import Integration

DOCUMENTS = {
    "invoice-draft": (
        gettext_lazy("Factura de venta electrónica, en borrador"),
        gettext_lazy("La revisas y la emites tú ante la DIAN."),
    ),
    definitive.KEY: (
        gettext_lazy("Factura de venta electrónica, definitiva"),
        gettext_lazy("Se emite sola ante la DIAN apenas el pedido llega a su estado."),
    ),
    "remission-draft": (
        gettext_lazy("Remisión, por aprobar"),
        gettext_lazy("Espera aquí hasta que la apruebes; después pasa a Alegra."),
    ),
    "remission-definitive": (
        gettext_lazy("Remisión, definitiva"),
        gettext_lazy("Se crea en Alegra apenas el pedido llega a su estado."),
    ),
}
# The box that each definitive kind asks to be ticked.
CONFIRMED_BY = {definitive.KEY: "confirm_invoice", "remission-definitive": "confirm_definitive"}
_GIFTS = DocumentSettings.GiftLines
_REGISTER = DocumentSettings.RegisterPayment


class SettingsForm(forms.Form):
    """*Configuración general*: every field but the equivalences' accounts, which are added
    for the rows that exist. Values of Alegra's lists are ids; the page draws them."""

    document = forms.ChoiceField(choices=[(key, text) for key, (text, _h) in DOCUMENTS.items()])
    confirm_definitive = forms.BooleanField(
        required=False,
        label=gettext_lazy(
            "Entiendo que una remisión creada en Alegra mueve el inventario y no se puede"
            " corregir desde aquí: solo se anula en Alegra."
        ),
    )
    confirm_invoice = forms.BooleanField(
        required=False,
        label=gettext_lazy(
            "Entiendo que lo que se emite ante la DIAN no se puede deshacer: solo se corrige con"
            " una nota crédito."
        ),
    )
    number_template = forms.CharField(required=False, max_length=64)
    seller = forms.CharField(required=False, max_length=64)
    cost_center = forms.CharField(required=False, max_length=64)
    prices_include_tax = forms.BooleanField(
        required=False, label=gettext_lazy("Los precios incluyen IVA")
    )
    prices_told = forms.BooleanField(
        required=False,
        label=gettext_lazy("Así es en todos los pedidos: no preguntar"),
    )
    charges_enabled = forms.BooleanField(
        required=False,
        label=gettext_lazy("Habilitar producto para cobros adicionales en los pedidos"),
    )
    charges_item = forms.CharField(required=False, max_length=64)
    remainder_limit_pesos = forms.IntegerField(
        label=gettext_lazy("Hasta cuántos pesos"), min_value=0, max_value=10_000_000
    )
    remainder_limit_percent = forms.DecimalField(
        label=gettext_lazy("Hasta qué porcentaje"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    unidentified_number = forms.RegexField(
        r"^\d{6,12}$",
        label=gettext_lazy("Pedido sin número de identificación"),
        error_messages={"invalid": gettext_lazy("El número solo lleva cifras, de 6 a 12.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    payment_term = forms.ChoiceField(
        label=gettext_lazy("Forma de pago"),
        choices=DocumentSettings.PaymentTerm.choices,
        widget=forms.RadioSelect,
    )
    credit_days = forms.IntegerField(
        label=gettext_lazy("Días de crédito"), min_value=0, max_value=365, required=False
    )
    cod_enabled = forms.BooleanField(
        required=False,
        label=gettext_lazy("Habilitar el pago contraentrega como una forma de pago"),
    )
    cod_account = forms.CharField(required=False, max_length=64)
    register_payment = forms.ChoiceField(
        label=gettext_lazy("Registrar el pago"),
        choices=_REGISTER.choices,
        widget=forms.RadioSelect,
    )
    process_from = forms.DateTimeField(
        label=gettext_lazy("Procesar pedidos desde"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
    gift_lines = forms.ChoiceField(
        label=gettext_lazy("Líneas de regalo (precio 0)"),
        choices=_GIFTS.choices,
        required=False,
    )

    def __init__(
        self,
        data=None,
        *,
        integration: Integration,
        settings: DocumentSettings,
        equivalences: list[BankEquivalence],
        lists: Lists,
    ) -> None:
        super().__init__(data, initial=initial(integration, settings))
        self.integration, self.settings, self.lists = integration, settings, lists
        by_method = {row.method: row for row in equivalences}
        # *Todos los demás* always has its row, saved or not.
        self.rows = [row for row in equivalences if row.method != EVERYTHING_ELSE]
        self.rows.append(by_method.get(EVERYTHING_ELSE) or everything_else(integration))
        self.asked = [*set_up.questions_of(integration), *asked_of(integration)]
        for each in self.asked:
            self.fields |= fields_of(each)
        for row in self.rows:
            if is_asked(row.method):
                self.fields[family_name(row)] = forms.ChoiceField(
                    choices=FAMILIES,
                    required=False,
                    initial=row.family,
                    label=_("¿Cómo se paga «%(method)s»?") % {"method": row.method},
                )
            self.fields[account_name(row)] = forms.CharField(
                required=False, max_length=64, initial=row.account
            )
            self.fields[means_name(row)] = forms.ChoiceField(
                choices=means_choices(row),
                required=False,
                initial=means_of(row) or default_means(row.family),
                label=_("Medio de pago de %(method)s") % {"method": method_label(row.method)},
            )

    def value(self, name: str) -> str:
        return str(self[name].value() or "")

    def clean_process_from(self) -> datetime | None:
        given = self.cleaned_data["process_from"]
        if given is None or not self._kept_as_shown(given):
            return given
        # The field shows minutes: unchanged, the stored seconds stay.
        return self.integration.process_from

    def _kept_as_shown(self, given: datetime) -> bool:
        stored = self.integration.process_from
        return stored is not None and stored.replace(second=0, microsecond=0) == given

    def clean(self) -> dict:
        data = super().clean()
        kind, _dash, mode = data.get("document", "invoice-draft").partition("-")
        data["kind"], data["mode"] = kind, mode
        self._clean_document(data)
        self._clean_lists(data)
        self._clean_accounts(data)
        if data.get("payment_term") == "credit" and not data.get("credit_days"):
            self.add_error("credit_days", _("Escribe a cuántos días es el crédito."))
        data["credit_days"] = data.get("credit_days") or 0
        check(self.integration, self, self.asked)
        if data.get("charges_enabled") and not data.get("charges_item"):
            self.add_error("charges_item", _("Elige el producto de Alegra para estos cobros."))
        return data

    def _clean_document(self, data: dict) -> None:
        key = f"{data['kind']}-{data['mode']}"
        box = CONFIRMED_BY.get(key)
        if key == definitive.KEY and "document" in data:
            self._clean_definitive(data)
        if box and self.is_other_document(key) and not data.get(box):
            self.add_error(box, _("Confirma que entiendes qué no se puede deshacer."))

    def _clean_definitive(self, data: dict) -> None:
        chosen = data.get("number_template", "")
        closed = definitive.why_closed(self.integration, self.lists, chosen)
        if closed and self.is_other_document(definitive.KEY):
            self.add_error("document", _("No puede ser definitiva: %(why)s") % {"why": closed})
        elif refused := definitive.refusal(self.lists, chosen):
            self.add_error("number_template", refused)

    def is_other_document(self, key: str) -> bool:
        """Whether this is another choice than the saved one: it is confirmed once."""
        stored = f"{self.settings.kind}-{self.settings.mode}"
        return self.settings.saved_at is None or stored != key

    def _clean_lists(self, data: dict) -> None:
        other = _("Ya no existe en Alegra o está inactivo. Elige otro o déjalo vacío.")
        gone = {"seller": (Kind.SELLER, other), "cost_center": (Kind.COST_CENTER, other)}
        if data["kind"] == DocumentSettings.Kind.INVOICE:
            text = _("Esta numeración ya no puede dar números. Elige otra o la preferida.")
            gone["number_template"] = (Kind.NUMBER_TEMPLATE, text)
        for name, (kind, text) in gone.items():
            if name in self.errors:
                continue
            if data.get(name) and not self.lists.is_choosable(kind, data[name]):
                self.add_error(name, text)

    def _clean_accounts(self, data: dict) -> None:
        if not self.integration.company.has_banks:
            if data.get("register_payment") == _REGISTER.ON_ISSUE:
                text = _("Tu plan de Alegra no incluye bancos: solo puedes elegir «Nunca».")
                self.add_error("register_payment", text)
            return
        pays = data["kind"] == "invoice" and data.get("register_payment") == _REGISTER.ON_ISSUE
        if not pays:
            return
        for row in self.rows:
            # One without account since it was answered goes where its family's money goes.
            if row.account or row.method == EVERYTHING_ELSE or data.get(account_name(row)):
                self._require_account(data, account_name(row), method_label(row.method))
        if data.get("cod_enabled"):
            self._require_account(data, "cod_account", _("contraentrega"))

    def _require_account(self, data: dict, name: str, method: str) -> None:
        chosen = data.get(name, "")
        if not chosen:
            text = _("Falta la cuenta de «%(method)s».") % {"method": method}
            self.add_error(name, text)
        elif not self.lists.is_choosable(Kind.BANK_ACCOUNT, chosen):
            text = _(
                "La cuenta de «%(method)s» ya no existe en Alegra o está inactiva. Elige otra."
            )
            self.add_error(name, text % {"method": method})


class BooksForm(forms.Form):
    books_closed_until = forms.DateField(
        label=gettext_lazy("Libros cerrados hasta"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


def initial(integration: Integration, settings: DocumentSettings) -> dict:
    names = [field for field in SettingsForm.base_fields if hasattr(settings, field)]
    shown = {name: getattr(settings, name) for name in names}
    key = f"{settings.kind}-{settings.mode}"
    shown["document"] = key if key in DOCUMENTS else "invoice-draft"
    if not integration.company.has_banks:
        shown["register_payment"] = _REGISTER.NEVER
    at = integration.process_from
    shown["process_from"] = at.astimezone(BOGOTA) if at else None
    return shown
