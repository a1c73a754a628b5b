"""Reading in Alegra what a payment is about: its invoice, and the payments that this one has."""

from __future__ import annotations

from integrations.alegra import invoices, payments
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import OutcomeUnknown
from integrations.alegra.invoices import Invoice
from integrations.alegra.payments import Payment as AlegraPayment
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Integration
from integrations.documents import another_client
from integrations.documents.order_facts import read_order
from integrations.payments.models import Payment
from integrations.scoping.prepared import Prepared
from integrations.sending import gone
from integrations.sending.marker import carries

# Payments of one invoice that are read for the marker: more than anybody pays one in.
MOST_READ = 30

_document = Prepared(
    lambda pk: Payment.objects.select_related(
        "document__buyer_contact", "document__company"
    ).filter(pk=pk)
)


def read_rows(payment: Payment) -> None:
    """Its document and order as they are at this moment, with all that the gate asks."""
    [found] = _document(pk=payment.pk)
    read_order(found.document)
    payment.document, payment.order = found.document, found.document.order
    payment.integration = payment.order.integration
    payment.company = found.document.company


def locked_settings(payment: Payment) -> DocumentSettings:
    """The settings, with what a cure of them locks held until the transaction ends."""
    rows = Integration.objects.select_for_update(no_key=True).filter(pk=payment.integration_id)
    list(rows)
    return DocumentSettings.objects.get(integration=payment.integration_id)


def invoice_of(client: AlegraClient, payment: Payment) -> Invoice | None:
    """As Alegra has it now, its client with its number; None where it is gone. Raises
    AlegraError."""
    document = payment.document
    found = gone.read_or_gone(client, document, invoices.read)
    return None if found is None else another_client.with_its_number(client, document, found)


def paid_with(client: AlegraClient, invoice: Invoice | None) -> list[AlegraPayment]:
    """The payments of an invoice that was just read, each with its observations: what an answer
    leaves out is read by id. No call where nothing of it is paid. Raises AlegraError."""
    if invoice is None:
        return []
    rows = payments.of_invoice(client, invoice)
    if len(rows) > MOST_READ:
        raise OutcomeUnknown("La factura tiene demasiados pagos para buscar el nuestro.")
    return [payments.read(client, row.id) if row.observations is None else row for row in rows]


def ours_among(rows: list[AlegraPayment], payment: Payment) -> list[AlegraPayment]:
    return [row for row in rows if carries(row.observations, payment.marker)]
