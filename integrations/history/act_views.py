"""What a person does with one order. Each view makes one call inward and says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.colombia.peso_text import pesos
from integrations.documents import acts, deleting
from integrations.documents.alike import number_asked_about
from integrations.documents.anew import create_anew, may_be_anew
from integrations.documents.buyer_answers import same_buyer
from integrations.documents.by_number import ask_about
from integrations.documents.correcting import correct
from integrations.documents.emission_acts import do_not_emit, emit_again
from integrations.documents.fate import Fate, fate_of, fate_of_several
from integrations.documents.found_twice import found_ids
from integrations.documents.in_alegra import look
from integrations.documents.models import Document
from integrations.history.arrived import arrived_buyer
from integrations.history.choosing import chosen_orders
from integrations.history.detail import order_or_404
from integrations.history.forms import CorrectionForm, DismissForm, ExternalForm
from integrations.history.links import alegra_url
from integrations.history.other_works import retry
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order
from integrations.sending.states import State
from integrations.tenancy.access import forbidden, organization_view
from integrations.tenancy.roles import Act


def done(
    request: HttpRequest, order: Order, act: Callable[[], object], sentence: Callable[[object], str]
) -> HttpResponse:
    """Do it, or say why it can no longer be done; either way back to the order."""
    try:
        result = act()
    except acts.NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, sentence(result))
    return redirect("order", request.organization.slug, order.pk)


def _document(order: Order) -> Document:
    if order.document is None:
        raise acts.NotPossible(_("Este pedido todavía no tiene documento."))
    return order.document


@organization_view(read=None, write=Act.EDIT)
def order_retry(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: retry(found, by=request.user, request=request),
        lambda _result: _("El pedido sale otra vez ahora."),
    )


@organization_view(read=None, write=Act.EDIT)
def order_look_now(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: acts.look_now(_document(found), by=request.user, request=request),
        lambda _result: _("Lo buscamos ya en Alegra."),
    )


@organization_view(read=None, write=Act.EDIT)
def order_same_buyer(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: same_buyer(_document(found), by=request.user, request=request),
        lambda _result: _("Guardado. Ese contacto de Alegra es el del comprador."),
    )


@organization_view(read=None, write=Act.EDIT)
def order_approve(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)

    def approve() -> None:
        if not acts.approve([_document(found)], by=request.user, request=request):
            raise acts.NotPossible(_("Mientras tanto ya salió."))

    return done(request, found, approve, lambda _result: _("La remisión sale ahora."))


@organization_view(read=None, write=Act.EMIT)
def order_emit_again(request: HttpRequest, order: int) -> HttpResponse:
    """*Emitir de nuevo* what the DIAN rejected."""
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: emit_again(found, by=request.user, request=request),
        lambda _result: _("Se corrige en Alegra y sale otra vez a la DIAN, con fecha de hoy."),
    )


@organization_view(read=None, write=Act.EMIT)
def order_do_not_emit(request: HttpRequest, order: int) -> HttpResponse:
    """*No emitirla*: the document stays a draft even when what blocks it is cured."""
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: do_not_emit(found, by=request.user, request=request),
        lambda _result: _("Ya no se emite sola: cuando se resuelva, se queda como borrador."),
    )


@organization_view(read=None, write=Act.EDIT)
def history_approve(request: HttpRequest) -> HttpResponse:
    """*Emitir* many: first what it does and for how much, then the yes."""
    documents = _chosen(request)
    ready = [each for each in documents if each.state == State.AWAITING_APPROVAL]
    if not ready:
        messages.warning(request, _("Ninguna de las elegidas espera aprobación."))
        return redirect("history", request.organization.slug)
    if "confirmado" not in request.POST:
        return render(
            request,
            "history/approve.html",
            {
                "documents": ready,
                "left_out": len(documents) - len(ready),
                "pesos": sum(each.order.total_pesos or 0 for each in ready),
            },
        )
    approved = acts.approve(ready, by=request.user, request=request)
    if approved < len(ready):
        messages.warning(request, _("Algunas ya habían salido mientras tanto."))
    if approved:
        text = ngettext("%(n)d remisión sale ahora.", "%(n)d remisiones salen ahora.", approved) % {
            "n": approved
        }
        messages.success(request, text)
    return redirect("history", request.organization.slug)


def _chosen(request: HttpRequest) -> list[Document]:
    """The documents of the orders ticked."""
    documents = []
    for order in chosen_orders(request).select_related("document"):
        if order.document is not None:
            order.document.order = order
            documents.append(order.document)
    return documents


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_correct(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    buyer = effective_buyer(found)
    seller_nit = found.integration.company.nit
    form = CorrectionForm(posted(request), buyer=buyer, seller_nit=seller_nit)
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            found,
            lambda: correct(
                found,
                changes=form.changes(),
                confirmed=form.confirmed(),
                by=request.user,
                request=request,
            ),
            _what_happens_after_correcting,
        )
    response = render(
        request,
        "history/correct.html",
        {
            "form": form,
            "order": found,
            "received": arrived_buyer(found),
            "integration": found.integration,
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _what_happens_after_correcting(document) -> str:
    if document is None:
        return _("Guardado. Se usa cuando el pedido llegue a su disparador.")
    if document.state == State.PENDING:
        return _("Guardado. El pedido se arma otra vez y sale solo.")
    if document.state == State.REJECTED:
        return _("Guardado. Pulsa «Emitir de nuevo» para corregirla en Alegra y enviarla.")
    if document.state == State.AWAITING_APPROVAL:
        return _("Guardado. Va con estos datos cuando la emitas.")
    return _("Guardado. Se usa si el pedido se documenta.")


@organization_view(read=Act.MARK_EXTERNAL, write=Act.MARK_EXTERNAL)
def order_external(request: HttpRequest, order: int) -> HttpResponse:
    """What Alegra does not know, or knows of another client or total, needs a second yes."""
    found = order_or_404(order)
    initial = {"number": number_asked_about(found.document)}
    form = ExternalForm(posted(request), initial=initial)
    template = "history/external.html"
    if request.method != "POST" or not form.is_valid():
        return ask(request, template, found, form)
    number = form.cleaned_data["number"]
    try:
        acts.check_putting_aside(found.document)
    except acts.NotPossible as error:
        messages.warning(request, str(error))
        return redirect("order", request.organization.slug, found.pk)
    answer = ask_about(found, number)
    if "check" in request.POST:
        return ask(request, template, found, form, answer=answer)
    confirmed = not answer.fits and request.POST.get("confirmed") == answer.word
    aside = _aside(request, found)
    if not (answer.fits or confirmed):
        left = _left(request, aside)
        return ask(request, template, found, form, answer=answer, asks_twice=True, **left)
    against = {**answer.evidence(), "confirmed": confirmed}
    if deletes_it(request, aside):
        return delete_and(request, found, deleting.EXTERNAL, reason=number, evidence=against)
    if _is_left_unasked(aside):
        return ask(request, template, found, form, answer=answer, **_left(request, aside))
    return done(
        request,
        found,
        lambda: acts.mark_external(
            found,
            number=number,
            by=request.user,
            request=request,
            against=against,
            **aside,
        ),
        lambda _result: _("Guardado. Para este pedido no se envía nada desde aquí."),
    )


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_dismiss(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    form = DismissForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        aside = _aside(request, found)
        if deletes_it(request, aside):
            return delete_and(request, found, deleting.DISMISS, reason=reason)
        if _is_left_unasked(aside):
            return ask(request, "history/dismiss.html", found, form, **_left(request, aside))
        return done(
            request,
            found,
            lambda: acts.dismiss(found, reason=reason, by=request.user, request=request, **aside),
            lambda _result: _("Guardado. Este pedido no se factura."),
        )
    return ask(request, "history/dismiss.html", found, form)


def _aside(request: HttpRequest, order: Order) -> dict[str, Any]:
    """What became in Alegra of a document that was made, and whether it is left there knowingly."""
    document = order.document
    if ids := found_ids(document):
        return {
            "fate": fate_of_several(document, ids),
            "leaves_it": "leaves_it" in request.POST,
        }
    if document is None or not acts.has_made_one(document):
        return {}
    return {"fate": fate_of(document), "leaves_it": "leaves_it" in request.POST}


def _left(request: HttpRequest, aside: dict[str, Any]) -> dict[str, Any]:
    """For the page that asks: whether the draft can be deleted from here."""
    fate: Fate | None = aside.get("fate")
    own = fate is not None and fate.is_draft and not fate.is_one_of_several
    return {**aside, "may_delete": own and request.may("edit")}


def deletes_it(request: HttpRequest, aside: dict[str, Any]) -> bool:
    return "deletes_it" in request.POST and _left(request, aside)["may_delete"]


def delete_and(request: HttpRequest, order: Order, then: str, **more: Any) -> HttpResponse:
    """Put the order aside once its draft, read just now, is deleted."""

    def delete() -> None:
        found = look(_document(order), [_document(order).alegra_id])
        if found is None:
            raise acts.NotPossible(_("No pudimos leerlo en Alegra. Prueba otra vez en un momento."))
        deleting.ask(order, shown=found[0], then=then, by=request.user, request=request, **more)

    told = _("Borramos el borrador en Alegra; cuando ya no esté, queda guardado.")
    return done(request, order, delete, lambda _result: told)


def _is_left_unasked(aside: dict[str, Any]) -> bool:
    fate: Fate | None = aside.get("fate")
    return fate is not None and fate.stays and not aside["leaves_it"]


@organization_view(read=None, write=Act.EDIT)
def order_create_anew(request: HttpRequest, order: int) -> HttpResponse:
    """*Crear de nuevo*: only once Alegra has said that the one before is gone."""
    found = order_or_404(order)

    def create() -> None:
        document = _document(found)
        if not may_be_anew(document):
            raise acts.NotPossible(_("Mientras tanto ya se resolvió."))
        create_anew(found, fate=fate_of(document), by=request.user, request=request)

    return done(request, found, create, lambda _result: _("Se crea otro documento ahora."))


@organization_view(read=None, write=Act.MARK_EXTERNAL)
def order_restore(request: HttpRequest, order: int) -> HttpResponse:
    """Who may say *Ya tiene documento* may take it back; *No facturar* is the editors'."""
    found = order_or_404(order)
    document = found.document
    if not request.may("edit") and (document is None or document.state != State.EXTERNAL):
        return forbidden(request)
    return done(
        request,
        found,
        lambda: acts.restore(found, by=request.user, request=request),
        lambda _result: _("Deshecho. El pedido se decide otra vez con sus reglas."),
    )


def posted(request: HttpRequest):
    """What was sent, even if it is nothing at all; None where nothing was asked yet."""
    return request.POST if request.method == "POST" else None


def ask(request: HttpRequest, template: str, order: Order, form, **more) -> HttpResponse:
    context = {
        **more,
        "form": form,
        "order": order,
        # Enough to know whom it is about; in full only where it is worked with.
        "buyer": effective_buyer(order).masked(),
        "total": pesos(order.total),
        "integration": order.integration,
        "alegra_url": alegra_url(order.document, order.integration),
    }
    return render(request, template, context)
