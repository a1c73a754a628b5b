"""The lines *Documento* and *Cuentas bancarias* of the set-up list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.configuration import definitive, set_up
from integrations.configuration.choices import Kind, Lists, today
from integrations.configuration.curing import registers_payments
from integrations.configuration.equivalences import EVERYTHING_ELSE, method_label
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import DocumentSettings
from integrations.connections import reads
from integrations.connections.checklist import Line, line
from integrations.connections.models import Integration
from integrations.connections.numbering import Numbering


def _url(integration: Integration, anchor: str) -> str:
    address = reverse("settings", args=[integration.organization.slug, integration.pk])
    return f"{address}#{anchor}"


@line(position=25)
def seller(integration: Integration) -> Line:
    return _asked(integration, set_up.WHO_SELLS)


@line(position=26)
def vat_standing(integration: Integration) -> Line:
    return _asked(integration, set_up.VAT_STANDING)


def _asked(integration: Integration, code: str) -> Line:
    """Red until it is answered; then the answer, amber where Alegra says otherwise."""
    asked = set_up.asked(integration, code)
    url = set_up.address_of(integration, asked)
    if not asked.value:
        text = asked.note or _("falta responder: de eso depende si se le factura al comprador")
        return Line("fail", asked.text, text, url, blocks=True)
    choice = asked.question.choice(asked.value)
    text = asked.note or (str(choice.label) if choice else "")
    return Line("ask" if asked.note else "ok", asked.text, text, url)


@line(position=30)
def document(integration: Integration) -> Line:
    title, url = _("Documento"), _url(integration, "t-doc")
    settings = settings_of(integration)
    if settings.saved_at is None:
        return Line("fail", title, _("falta guardar la configuración general"), url, blocks=True)
    if settings.kind != DocumentSettings.Kind.INVOICE:
        return Line("ok", title)
    lists = Lists(integration.company)
    chosen = settings.number_template
    if definitive.is_definitive(settings) and (why := definitive.refusal(lists, chosen)):
        return Line("fail", title, why, url, blocks=True)
    if chosen and not lists.is_choosable(Kind.NUMBER_TEMPLATE, chosen):
        return Line("fail", title, _("su numeración ya no puede dar números"), url, blocks=True)
    usable = lists.choosable(Kind.NUMBER_TEMPLATE)
    if not usable and reads.ever_read(reads.Kind.REFERENCES, integration.company):
        text = _("Alegra no tiene numeración electrónica activa")
        return Line("fail", title, text, url, blocks=True)
    taken = lists.entry(Kind.NUMBER_TEMPLATE, chosen) if chosen else None
    if taken is not None and Numbering.of_copy(taken).trouble(today()):
        return Line("ask", title, Numbering.of_copy(taken).trouble(today()), url)
    return Line("ok", title)


@line(position=35)
def accounts(integration: Integration) -> Line:
    title, url = _("Cuentas bancarias"), _url(integration, "t-cta")
    settings = settings_of(integration)
    if settings.saved_at is None:
        return Line("wait", title, _("se eligen con la configuración general"), url)
    if not integration.company.has_banks:
        return Line("ok", title, _("tu plan de Alegra no incluye bancos"))
    if not registers_payments(settings, integration.company):
        return Line("ok", title, _("no hacen falta con lo que elegiste"))
    lists = Lists(integration.company)
    # A row without account is an answer only: its money goes where that of its family goes.
    rows = {row.method: row.account for row in integration.bank_equivalences.all() if row.account}
    rows.setdefault(EVERYTHING_ELSE, "")
    if settings.cod_enabled:
        rows[_("contraentrega")] = settings.cod_account
    for method, account in rows.items():
        if not lists.is_choosable(Kind.BANK_ACCOUNT, account):
            text = _("falta la de %(method)s") % {"method": method_label(method)}
            return Line("fail", title, text, url, blocks=True)
    return Line("ok", title)
