"""*Borrar borrador*, *Reemplazar* and *Crear de nuevo*: what Alegra has is shown before the yes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.alegra.errors import AlegraError
from integrations.connections.clients import NoStandIn
from integrations.documents import deleting
from integrations.documents.acts import NotPossible
from integrations.documents.beside import after_of
from integrations.documents.deleting import double_ids
from integrations.documents.found_twice import choose, forget_double, found_ids
from integrations.documents.in_alegra import InAlegra, look, word_of
from integrations.documents.models import Document
from integrations.documents.reading_now import read_one
from integrations.history.act_views import ask, done
from integrations.history.detail import order_or_404
from integrations.orders.models import Order
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_remove(request: HttpRequest, order: int) -> HttpResponse:
    """The draft as it is in Alegra, read just now; the yes is to exactly that."""
    found = order_or_404(order)
    document = found.document
    then = _then(found)
    if document is None or not then:
        messages.info(request, _("Mientras tanto ya se resolvió."))
        return redirect("order", request.organization.slug, found.pk)
    shown = read_now(document)
    if shown is None:
        messages.warning(request, not_read())
        return redirect("order", request.organization.slug, found.pk)
    word = word_of([shown])
    if request.method == "POST" and request.POST.get("confirmed") == word and shown.is_draft:
        return done(
            request,
            found,
            lambda: deleting.ask(found, shown=shown, then=then, by=request.user, request=request),
            lambda _result: _WILL_BE[then](),
        )
    return ask(
        request,
        "history/remove.html",
        found,
        None,
        shown=shown,
        then=then,
        word=word,
        changed=request.method == "POST",
        after=after_of(document, found),
    )


@organization_view(read=None, write=Act.EDIT)
def order_keep_draft(request: HttpRequest, order: int) -> HttpResponse:
    """*No borrarlo*, while it has not been sent."""
    found = order_or_404(order)
    return done(
        request,
        found,
        lambda: deleting.take_back(found, by=request.user, request=request),
        lambda _result: _("El borrador se queda en Alegra."),
    )


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_found(request: HttpRequest, order: int) -> HttpResponse:
    """Two with one marker, as Alegra has them now: which is the order's."""
    found = order_or_404(order)
    document = found.document
    ids = found_ids(document)
    if document is None or not ids:
        messages.info(request, _("Mientras tanto ya se resolvió."))
        return redirect("order", request.organization.slug, found.pk)
    shown = look(document, ids)
    if shown is None:
        messages.warning(request, not_read())
        return redirect("order", request.organization.slug, found.pk)
    word = word_of(shown)
    picked = next((each for each in shown if each.alegra_id == request.POST.get("bueno")), None)
    if picked is not None and request.POST.get("confirmed") == word:
        deletes = request.POST.get("borrar", "")
        return done(
            request,
            found,
            lambda: choose(
                found,
                picked=picked,
                others=[each for each in shown if each is not picked],
                deletes=deletes,
                by=request.user,
                request=request,
            ),
            lambda _result: _("Guardado. Lo leemos en Alegra y lo comparamos con el pedido."),
        )
    return ask(
        request,
        "history/found.html",
        found,
        None,
        choices=[
            {"one": each, "others": [other for other in shown if other is not each]}
            for each in shown
        ],
        none_left=not any(each.is_there and not each.is_void for each in shown),
        word=word,
        changed=request.method == "POST",
    )


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_double(request: HttpRequest, order: int) -> HttpResponse:
    """Another one with the marker of the order's document: deleted where it is a draft."""
    found = order_or_404(order)
    document = found.document
    asked = request.POST.get("id") or request.GET.get("id", "")
    if document is None or asked not in double_ids(document):
        messages.info(request, _("Mientras tanto ya se resolvió."))
        return redirect("order", request.organization.slug, found.pk)
    read = look(document, [asked])
    if read is None:
        messages.warning(request, not_read())
        return redirect("order", request.organization.slug, found.pk)
    [shown] = read
    word = word_of([shown])
    if request.method == "POST" and request.POST.get("confirmed") == word:
        act, said = deleting.ask_double, _("Borramos ese borrador en Alegra.")
        if not shown.is_there or shown.is_void:
            act, said = forget_double, _("Guardado: ya no está.")
        return done(
            request,
            found,
            lambda: act(found, shown=shown, by=request.user, request=request),
            lambda _result: said,
        )
    changed = request.method == "POST"
    return ask(request, "history/double.html", found, None, shown=shown, word=word, changed=changed)


@organization_view(read=None, write=Act.MARK_EXTERNAL)
def order_read_now(request: HttpRequest, order: int) -> HttpResponse:
    """*Leer en Alegra*: show at once what a person did there."""
    found = order_or_404(order)

    def read() -> bool:
        if found.document is None:
            raise NotPossible(_("Este pedido todavía no tiene documento."))
        try:
            return read_one(found.document, by=request.user, request=request)
        except (AlegraError, NoStandIn) as error:
            raise NotPossible(not_read()) from error

    changed, same = _("Lo leímos en Alegra y cambió: así está."), _("Lo leímos: sigue igual.")
    return done(request, found, read, lambda is_other: changed if is_other else same)


def read_now(document: Document) -> InAlegra | None:
    """The document's own, as Alegra has it; None where it could not be asked."""
    found = look(document, [document.alegra_id])
    return None if found is None else found[0]


def not_read() -> str:
    return _("No pudimos leerlo en Alegra. Prueba otra vez en un momento.")


def _then(order: Order) -> str:
    """What follows the deletion, '' where none is offered."""
    document = order.document
    if document is None:
        return ""
    codes = deleting.open_codes(document)
    return next(iter(deleting.offered(document, after_of(document, order), codes)), "")


_WILL_BE: dict[str, Any] = {
    deleting.WITHDRAW: lambda: _("Borramos el borrador en Alegra: lo leemos una vez más y listo."),
    deleting.ANEW: lambda: _("Borramos el borrador en Alegra y hacemos otro."),
}
