"""What a person answers to an order that changed, or came back, after its document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.alegra.errors import AlegraError
from integrations.connections.clients import NoStandIn
from integrations.documents import beside_acts
from integrations.documents.acts import NotPossible
from integrations.documents.beside import after_of
from integrations.history.act_views import ask, done, posted
from integrations.history.detail import order_or_404
from integrations.history.forms import FineForm
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=Act.MARK_EXTERNAL, write=Act.MARK_EXTERNAL)
def order_fine(request: HttpRequest, order: int) -> HttpResponse:
    """*Está bien así*: what differs stands above the reason, and only that is answered."""
    found = order_or_404(order)
    after = after_of(found.document, found) if found.document is not None else None
    if after is None or not after.open_codes:
        messages.info(request, _("Mientras tanto ya se resolvió."))
        return redirect("order", request.organization.slug, found.pk)
    form = FineForm(posted(request), initial={"seen": after.seen})
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            found,
            lambda: beside_acts.say_fine(
                found,
                seen=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                request=request,
            ),
            lambda _result: _("Guardado. Si el pedido vuelve a cambiar, te preguntamos otra vez."),
        )
    return ask(request, "history/fine.html", found, form, after=after)


@organization_view(read=None, write=Act.MARK_EXTERNAL)
def order_mended(request: HttpRequest, order: int) -> HttpResponse:
    """*Ya lo arreglé en Alegra*: it is read there, and the page says what was found."""
    found = order_or_404(order)
    try:
        result = beside_acts.read_again(found, by=request.user, request=request)
    except NotPossible as error:
        messages.warning(request, str(error))
    except (AlegraError, NoStandIn):
        messages.warning(request, _("No pudimos leerlo en Alegra. Prueba otra vez en un momento."))
    else:
        _tell(request, result)
    return redirect("order", request.organization.slug, found.pk)


def _tell(request: HttpRequest, result: beside_acts.ReadAgain) -> None:
    if result.agrees:
        messages.success(request, _("Lo leímos en Alegra: ya coincide con el pedido."))
    elif result.withdrawn:
        messages.success(request, _("Lo leímos en Alegra: el documento ya no vale. Queda anulado."))
    elif result.lost:
        messages.warning(
            request, _("Ya no está vigente en Alegra, y el pedido sigue siendo una venta.")
        )
    else:
        told = "; ".join(result.left)
        messages.warning(request, _("Lo leímos en Alegra y todavía difiere: %s.") % told)
