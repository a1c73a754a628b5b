"""The payment of an order's invoice on the order's page: what became of it, what may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.configuration.models import DocumentSettings
from integrations.documents.as_read import needs_no_dian
from integrations.documents.buckets import DRAFT, REJECTED, bucket_of
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.payments import acts
from integrations.payments.models import Payment
from integrations.payments.words import line_of
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

# What a yes to the question says that is registered.
_GO = {
    "payment_reversed": gettext_lazy("Registrar el pago de todos modos"),
    "payment_partly": gettext_lazy("Registrar lo que falta"),
    "payment_invoice_differs": gettext_lazy("Registrar lo que la factura debe"),
    acts.GONE: gettext_lazy("Registrar el pago otra vez"),
}


@dataclass(frozen=True)
class Paid:
    """`text` is said of the payment; the rest is what is offered."""

    text: str
    go_label: Promise | str = ""
    fine: bool = False
    external: bool = False
    dismiss: bool = False
    restore: bool = False

    @property
    def any(self) -> bool:
        return bool(self.go_label) or self.fine or self.external or self.dismiss or self.restore


def paid_of(order: Order, may: Callable[[Act], bool]) -> Paid | None:
    """None where nothing is to be said: no invoice, or none that is in Alegra."""
    document = order.document
    if document is None or document.kind != DocumentSettings.Kind.INVOICE:
        return None
    if document.state not in EXISTS_IN_ALEGRA and document.issued_at is None:
        return None
    payment = payment_of(document)
    if payment is not None:
        return _paid(payment, order, may)
    text = _not_begun(document)
    return Paid(text) if text else None


def words_of(document: Document | None, payment: Payment | None) -> str:
    """What the file says of the payment of an invoice, '' of what is none."""
    if document is None or document.kind != DocumentSettings.Kind.INVOICE:
        return ""
    if payment is not None:
        return line_of(payment)
    bucket = bucket_of(document)
    if bucket is DRAFT:
        return _("Un borrador no lleva pago")
    if bucket is REJECTED:
        return _("Una factura que la DIAN rechazó no lleva pago")
    return ""


def payments_of(documents: Iterable[int]) -> dict[int, Payment]:
    """By the document's id; one query."""
    return {each.document_id: each for each in Payment.objects.filter(document__in=list(documents))}


def payment_of(document: Document) -> Payment | None:
    if document.issued_at is None and document.state != State.ISSUED:
        return None
    return Payment.objects.filter(document=document).first()


def _not_begun(document: Document) -> str:
    if document.state == State.ISSUED:
        return _("El pago de esta factura no se registra desde aquí")
    bucket = bucket_of(document)
    if bucket is REJECTED:
        return _("Una factura que la DIAN rechazó no lleva pago")
    # Read with the order.
    settings = getattr(document.integration, "document_settings", None) or DocumentSettings()
    registers = settings.register_payment == DocumentSettings.RegisterPayment.ON_ISSUE
    is_registered_here = registers and document.integration.company.has_banks
    if is_registered_here and bucket is DRAFT:
        return _("Un borrador no lleva pago: se registra después de que la DIAN acepte la factura")
    if is_registered_here and needs_no_dian(document):
        return _(
            "Su numeración no es electrónica y no va a la DIAN: su pago no se registra desde aquí"
        )
    if is_registered_here:
        return _("El pago se registra cuando sepamos que la DIAN aceptó la factura")
    return _("El pago no se registra desde aquí")


def _paid(payment: Payment, order: Order, may: Callable[[Act], bool]) -> Paid:
    codes = acts.open_codes(payment) if payment.state == State.BLOCKED else frozenset()
    edit, mark = may(Act.EDIT), may(Act.MARK_EXTERNAL)
    aside = acts.may_be_put_aside(payment)
    undoes = mark if payment.state == State.EXTERNAL else edit
    goes = edit and acts.may_go(payment, codes)
    label = _GO[min(codes)] if goes and len(codes) == 1 else _("Registrar el pago")
    hold = None
    if payment.state == State.PENDING:
        doc_date = payment.doc_date if payment.may_be_there else None
        hold = order.integration.hold(clock.now(), doc_date=doc_date)
    return Paid(
        line_of(payment, hold),
        go_label=label if goes else "",
        fine=mark and acts.may_be_fine(payment, codes),
        external=mark and aside,
        dismiss=edit and aside,
        restore=undoes and acts.may_be_restored(payment),
    )
