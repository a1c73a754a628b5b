"""Registers the list of Alegra's in which payments are found again after a restore."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from integrations.alegra import payments
from integrations.colombia.peso_text import number
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany
from integrations.documents.listed import known_sales
from integrations.payments.begin import marked_by
from integrations.payments.far_side import PAYMENTS
from integrations.payments.models import Payment
from integrations.sending.safe_start.lists import AlegraList


def _registers_some(company: AlegraCompany) -> bool:
    registers = DocumentSettings.objects.filter(
        integration__company=company,
        kind=DocumentSettings.Kind.INVOICE,
        register_payment=DocumentSettings.RegisterPayment.ON_ISSUE,
    )
    return company.has_banks and registers.exists()


RECEIVED = AlegraList(
    name="payment",
    title=_("Pagos recibidos"),
    counted=lambda n: ngettext("%(n)s pago", "%(n)s pagos", n) % {"n": number(n)},
    work=Payment,
    since=payments.since,
    read=payments.read,
    reading=PAYMENTS.reading,
    source=marked_by,
    sales=known_sales,
    # Not looked at where no payments are registered: a payment that is begun reads those of its
    # invoice first.
    in_use=_registers_some,
    writes=_registers_some,
)
