"""*Relación de bodegas*: pairs of bodegas, which one is the default, whose goods they hold."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.catalog.links import released_sentence
from integrations.catalog.refreshing import alegra_sentence
from integrations.configuration.references import refresh_company
from integrations.connections.models import Integration, ReferenceEntry
from integrations.inventory import bodegas, curing
from integrations.inventory.forms import OTHER, WarehouseLinkForm
from integrations.inventory.links import (
    WarehouseRefused,
    link_warehouse,
    set_default,
    unlink_warehouse,
)
from integrations.inventory.lookup import warehouses_of
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.sending.models import Cause
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@dataclass(frozen=True)
class Pair:
    """A bodega, its link and the Alegra bodega as last read."""

    bodega: Bodega
    link: WarehouseLink | None = None
    entry: ReferenceEntry | None = None
    waiting: Cause | None = None

    @property
    def is_gone(self) -> bool:
        return self.entry is not None and not self.entry.is_usable


def _integration(pk: int) -> Integration:
    rows = Integration.objects.select_related("company", "credential", "source")
    return get_object_or_404(rows, pk=pk)


def _link(integration: Integration, pk: int) -> WarehouseLink:
    rows = WarehouseLink.objects.select_related("bodega", "integration")
    return get_object_or_404(rows, pk=pk, integration=integration)


@organization_view(read=Act.READ)
def warehouses(request: HttpRequest, integration: int) -> HttpResponse:
    row = _integration(integration)
    entries = {entry.alegra_id: entry for entry in warehouses_of(row.company)}
    causes = {
        cause.subject_key: cause
        for cause in Cause.objects.open()
        .with_orders()
        .filter(integration=row, code__in=("warehouse_unlinked", "default_warehouse_missing"))
    }
    pairs = []
    for bodega in (
        Bodega.objects.filter(integration=row).select_related("link").order_by("name", "pk")[:500]
    ):
        link = getattr(bodega, "link", None)
        if link is None and not bodega.is_present:
            continue
        entry = entries.get(link.warehouse) if link is not None else None
        pairs.append(Pair(bodega, link, entry, causes.get(bodega.source_id)))
    return render(
        request,
        "inventory/warehouses.html",
        {
            "integration": row,
            "linked": [pair for pair in pairs if pair.link is not None],
            "loose": [pair for pair in pairs if pair.link is None],
            "has_default": any(pair.link and pair.link.is_default for pair in pairs),
            "alegra_known": bool(entries),
            "can_edit": request.may("edit"),
            "tab": "warehouses",
        },
    )


@organization_view(read=Act.EDIT, write=Act.EDIT)
def warehouse_link(request: HttpRequest, integration: int) -> HttpResponse:
    """*+ Sincronizar bodega*, or change the pair of `?bodega=`."""
    row = _integration(integration)
    chosen = _chosen(request, row)
    form = WarehouseLinkForm(
        request.POST if request.method == "POST" else None, integration=row, chosen=chosen
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _save(request, row, form)
        except WarehouseRefused as refusal:
            form.add_error("warehouse", str(refusal.sentence))
        else:
            said = released_sentence(made.released, row)
            messages.success(request, f"{_('Bodega relacionada.')} {said}".strip())
            return _to_list(request, row)
    return render(
        request,
        "inventory/link.html",
        {
            "integration": row,
            "form": form,
            "chosen": chosen,
            "alegra_known": len(form.fields["warehouse"].choices) > 1,
            "tab": "warehouses",
        },
    )


@organization_view(read=None, write=Act.EDIT)
def warehouse_unlink(request: HttpRequest, integration: int, link: int) -> HttpResponse:
    row = _integration(integration)
    try:
        unlink_warehouse(_link(row, link), by=str(request.user), request=request)
    except WarehouseRefused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(
            request, _("La bodega quedó sin relación: sus pedidos nuevos esperan a que tenga una.")
        )
    return _to_list(request, row)


@organization_view(read=None, write=Act.EDIT)
def warehouse_default(request: HttpRequest, integration: int, link: int) -> HttpResponse:
    row = _integration(integration)
    made = set_default(_link(row, link), by=str(request.user), request=request)
    said = _("%(name)s es la bodega por defecto.") % {"name": made.bodega.name}
    messages.success(request, f"{said} {released_sentence(made.released, row)}".strip())
    return _to_list(request, row)


@organization_view(read=None, write=Act.EDIT)
def warehouses_refresh(request: HttpRequest, integration: int) -> HttpResponse:
    """*Actualizar bodegas*, of both sides: a few calls, so the page waits for them."""
    row = _integration(integration)
    trail.record(action="bodegas.refresh", target=row, request=request)
    refreshed = refresh_company(row.company, row.credential, for_person=True)
    problems = []
    if refreshed.failure is not None:
        problems.append(alegra_sentence(refreshed.failure))
    elif ReferenceEntry.Kind.WAREHOUSE in refreshed.unread:
        problems.append(_("Las bodegas de Alegra no se pudieron leer ahora. Inténtalo más tarde."))
    if row.source.key_last4:
        problems.append(bodegas.refresh(row) or "")
    for problem in filter(None, problems):
        messages.error(request, problem)
    if not any(problems):
        messages.success(request, _("Las bodegas están al día."))
    row.company.refresh_from_db()
    said = released_sentence(curing.release_returned(row), row)
    if said:
        messages.success(request, said)
    return _to_list(request, row)


def _chosen(request: HttpRequest, integration: Integration) -> Bodega | None:
    told = request.GET.get("bodega", "")
    if not (told.isascii() and told.isdecimal() and len(told) < 19):
        return None
    return get_object_or_404(
        Bodega.objects.select_related("link"), pk=int(told), integration=integration
    )


def _save(request: HttpRequest, integration: Integration, form: WarehouseLinkForm) -> WarehouseLink:
    told = form.cleaned_data
    by = str(request.user)
    # A name that was written is kept only together with its pair.
    with transaction.atomic():
        if form.chosen is not None:
            bodega = form.chosen
        elif told["bodega"] == OTHER:
            bodega = bodegas.add_by_name(integration, told["name"], by=by, request=request)
        else:
            bodega = get_object_or_404(Bodega, pk=int(told["bodega"]), integration=integration)
        return link_warehouse(
            bodega=bodega,
            warehouse=told["warehouse"],
            whose=told["whose"],
            is_default=told["is_default"],
            by=by,
            request=request,
        )


def _to_list(request: HttpRequest, integration: Integration) -> HttpResponse:
    return redirect("warehouses", request.organization.slug, integration.pk)
