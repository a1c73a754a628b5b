"""What a person does with the payment of an order's invoice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from integrations.documents.acts import NotPossible
from integrations.history.act_views import ask, done, posted
from integrations.history.detail import order_or_404
from integrations.history.forms import PaidByHandForm, PaymentDismissForm
from integrations.history.paid import payment_of
from integrations.orders.models import Order
from integrations.payments import acts
from integrations.payments.models import Payment
from integrations.sending.states import State
from integrations.tenancy.access import forbidden, organization_view
from integrations.tenancy.roles import Act


def _payment(order: Order) -> Payment:
    """Raises NotPossible."""
    payment = payment_of(order.document) if order.document is not None else None
    if payment is None:
        raise NotPossible(_("La factura de este pedido no tiene un pago por registrar."))
    return payment


@organization_view(read=None, write=Act.EDIT)
def order_payment_go(request: HttpRequest, order: int) -> HttpResponse:
    """*Registrar el pago de todos modos*, and the like: yes to what the page asked."""
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: acts.go(_payment(found), by=request.user, request=request),
        lambda _result: _("Leemos la factura en Alegra y registramos lo que deba."),
    )


@organization_view(read=None, write=Act.MARK_EXTERNAL)
def order_payment_fine(request: HttpRequest, order: int) -> HttpResponse:
    """*Está bien así*, of a payment."""
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: acts.say_fine(_payment(found), by=request.user, request=request),
        lambda _result: _("Guardado. Desde aquí no se registra nada más."),
    )


@organization_view(read=Act.MARK_EXTERNAL, write=Act.MARK_EXTERNAL)
def order_payment_external(request: HttpRequest, order: int) -> HttpResponse:
    """*Ya lo registré*."""
    found = order_or_404(order)
    form = PaidByHandForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            found,
            lambda: acts.mark_external(
                _payment(found),
                number=form.cleaned_data["number"],
                by=request.user,
                request=request,
            ),
            lambda _result: _("Guardado. El pago no se registra desde aquí."),
        )
    return ask(request, "history/payment_external.html", found, form)


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_payment_dismiss(request: HttpRequest, order: int) -> HttpResponse:
    """*No registrar el pago*."""
    found = order_or_404(order)
    form = PaymentDismissForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            found,
            lambda: acts.dismiss(
                _payment(found),
                reason=form.cleaned_data["reason"],
                by=request.user,
                request=request,
            ),
            lambda _result: _("Guardado. El pago no se registra."),
        )
    return ask(request, "history/payment_dismiss.html", found, form)


@organization_view(read=None, write=Act.MARK_EXTERNAL)
def order_payment_restore(request: HttpRequest, order: int) -> HttpResponse:
    """Who may say *Ya lo registré* may take it back; *No registrar* is the editors'."""
    found = order_or_404(order)
    payment = payment_of(found.document) if found.document is not None else None
    is_external = payment is not None and payment.state == State.EXTERNAL
    if not is_external and not request.may(Act.EDIT):
        return forbidden(request)
    return done(
        request,
        found,
        lambda: acts.restore(_payment(found), by=request.user, request=request),
        lambda _result: _("Listo: leemos la factura y registramos lo que deba."),
    )
