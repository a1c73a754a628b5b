"""The history: its list, its file, and an order's page."""

from __future__ import annotations

import structlog
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.audit import trail
from integrations.colombia.dates import bogota_today
from integrations.colombia.masking import HIDDEN
from integrations.connections.models import Integration
from integrations.documents.beside import after_of
from integrations.documents.buckets import is_draft
from integrations.documents.emitting_many import drafts
from integrations.history import cursor, export, listing
from integrations.history.detail import detail_of, order_or_404
from integrations.history.filters import PERSONAL, OrderFilter, any_filter, chips, without
from integrations.history.full_document import full_document
from integrations.history.labels import label_of
from integrations.history.links import alegra_url
from integrations.history.situation import problem_line
from integrations.inventory.models import Bodega
from integrations.orders.models import Order
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

log = structlog.get_logger("history")

# The list's own tabs: a name and the filters it stands for.
TABS = (
    ("", _("Todos")),
    ("por-atender", _("Por atender")),
    ("por-aprobar", _("Por aprobar")),
    ("borrador", _("Borradores")),
    ("rechazada", _("Rechazadas")),
)


@organization_view(read=Act.READ)
def history(request: HttpRequest) -> HttpResponse:
    filters, integrations = filters_of(request)
    rows = filters.rows
    page = listing.page_of(
        rows,
        after=cursor.read(request.GET.get("despues", ""), request.organization.pk),
        integrations=integrations,
        organization_id=request.organization.pk,
        now=clock.now(),
    )
    path = request.path
    may_approve = request.may("edit") and any(row.may_be_approved for row in page.rows)
    may_emit = request.may("emit") and any(row.may_be_emitted for row in page.rows)
    return render(
        request,
        "history/history.html",
        {
            "filters": filters,
            "form": filters.form,
            "page": page,
            "totals": listing.totals(rows),
            "chips": chips(filters, path),
            "tabs": _tabs(request),
            "is_filtered": any_filter(request.GET),
            "is_first": page.first == 1,
            "first_url": without(request.GET, path),
            "next_url": _with(request, path, despues=page.next) if page.next else "",
            "export_url": without(
                request.GET, reverse("history_export", args=[request.organization.slug])
            ),
            "may_approve": may_approve,
            "may_emit": may_emit,
            "may_pick": may_approve or may_emit,
            "drafts": _drafts(request, rows),
            "emit_url": without(
                request.GET, reverse("history_emit", args=[request.organization.slug])
            ),
            "bringable": _bringable(request, integrations),
            "integration": _all_trial(integrations),
        },
    )


@organization_view(read=Act.READ)
def history_export(request: HttpRequest) -> HttpResponse:
    """The filtered orders as a file. Who took it, and with which filters, is in the trail; of a
    filter that may name a buyer, that it was used."""
    filters, integrations = filters_of(request)
    trail.record(
        action="history.export",
        target=request.organization,
        request=request,
        after={
            "filters": {
                name: HIDDEN if name in PERSONAL else request.GET[name][:120]
                for name in OrderFilter.base_filters
                if request.GET.get(name)
            }
        },
    )
    now = clock.now()
    lines = export.lines(
        filters.rows,
        organization_id=request.organization.pk,
        integrations=integrations,
        now=now,
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"historial-{request.organization.slug}-{bogota_today(now).isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@organization_view(read=Act.READ)
def order(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    detail = detail_of(
        found,
        may=request.may,
        slug=request.organization.slug,
        user_id=request.user.pk,
        now=clock.now(),
    )
    response = render(
        request, "history/order.html", {"detail": detail, "integration": found.integration}
    )
    # Personal data does not stay behind in shared browsers.
    response.headers["Cache-Control"] = "no-store"
    return response


@organization_view(read=Act.READ)
def order_document(request: HttpRequest, order: int) -> HttpResponse:
    """The order's document in full: as it was sent, or as it would be."""
    found = order_or_404(order)
    in_full = request.may(Act.SEE_BUYER)
    shown = full_document(found, in_full=in_full)
    if in_full:
        log.info("buyer shown", order=found.pk, user=request.user.pk)
    document = found.document
    response = render(
        request,
        "history/full_document.html",
        {
            "order": found,
            "shown": shown,
            "integration": found.integration,
            "changed": document is not None and bool(after_of(document, found).changes),
            "missing": [
                problem_line(found, each.code, each.params, request.organization.slug)
                for each in shown.problems
            ],
            "alegra_url": alegra_url(document, found.integration),
            "is_draft": is_draft(document),
            "label": label_of(found, now=clock.now()),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def filters_of(request: HttpRequest) -> tuple[OrderFilter, dict[int, Integration]]:
    integrations = listing.integrations_by_id()
    bodegas = Bodega.objects.order_by("name", "pk")
    filters = OrderFilter(
        request.GET, listing.orders(), integrations=integrations.values(), bodegas=bodegas
    )
    return filters, integrations


def _drafts(request: HttpRequest, rows: QuerySet[Order]) -> int:
    """How many of the orders found are drafts that somebody who may could have emitted."""
    return drafts(rows)[: listing.COUNT_CAP].count() if request.may(Act.EMIT) else 0


def _with(request: HttpRequest, path: str, **told: str) -> str:
    query = request.GET.copy()
    for name, value in told.items():
        query[name] = value
    return f"{path}?{query.urlencode()}"


def _tabs(request: HttpRequest) -> list[dict]:
    """Each keeps nothing of the other filters: a tab is a fresh look."""
    chosen = request.GET.get("estado", "")
    alone = not any(
        value for name, value in request.GET.items() if name not in ("estado", "despues")
    )
    return [
        {
            "label": label,
            "url": f"{request.path}?estado={code}" if code else request.path,
            "here": alone and chosen == code,
        }
        for code, label in TABS
    ]


def _bringable(request: HttpRequest, integrations: dict[int, Integration]) -> list[Integration]:
    """Where an order can be brought in by its number: only with a key of MasterShop."""
    if not request.may("edit"):
        return []
    return [
        each for each in integrations.values() if each.source.key_last4 and not each.is_archived
    ]


def _all_trial(integrations: dict[int, Integration]) -> Integration | None:
    """The strip of *modo de prueba* stands on a list only when all of it is trial."""
    found = list(integrations.values())
    return found[0] if found and all(each.is_trial for each in found) else None
