"""*Revisión con Alegra*: what was compared, each difference with its cure, and a new audit."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from integrations.books import audits, findings, words
from integrations.books.models import BooksFinding
from integrations.books.page import books_of
from integrations.colombia.dates import bogota, bogota_today
from integrations.colombia.spreadsheet import BYTE_ORDER_MARK, DELIMITER, safe
from integrations.connections.lookup import integrations
from integrations.connections.models import AlegraCompany
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock
from integrations.timekeeping.timing import BOOKS_WINDOW

_AGAIN = "5"
# Rows of the exported file.
MOST = 20_000


@organization_view(read=Act.READ)
def books(request: HttpRequest) -> HttpResponse:
    companies = books_of(integrations().active().order_by("pk"))
    response = render(
        request,
        "books/books.html",
        {
            "companies": companies,
            "days": BOOKS_WINDOW.days,
            "may_compare": request.may(Act.COMPARE_BOOKS),
        },
    )
    if any(each.is_running for each in companies):
        # Only the progress, for htmx.
        response.headers["Refresh"] = _AGAIN
    return response


@organization_view(read=None, write=Act.COMPARE_BOOKS)
def books_now(request: HttpRequest, company: int) -> HttpResponse:
    found = get_object_or_404(AlegraCompany, pk=company)
    audit = audits.ask(found, by=request.user, now=clock.now(), request=request)
    if audit is None:
        messages.info(request, _("Ya hay una revisión en marcha, o todavía no hay qué comparar."))
    return redirect("books", request.organization.slug)


@organization_view(read=None, write=Act.COMPARE_BOOKS)
def books_settle(request: HttpRequest, finding: int) -> HttpResponse:
    """*Está bien así*, with a reason, for exactly the difference that the page showed."""
    found = get_object_or_404(BooksFinding, pk=finding)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()
    if not reason:
        messages.warning(request, _("Escribe por qué está bien así."))
    elif found.exactly != request.POST.get("seen", "") or not findings.settle(
        found, reason=reason, by=request.user, now=clock.now(), request=request
    ):
        messages.warning(request, _("Mientras tanto cambió: míralo de nuevo."))
    else:
        messages.success(request, _("Guardado. No se avisa otra vez mientras siga igual."))
    return redirect("books", request.organization.slug)


@organization_view(read=Act.READ)
def books_export(request: HttpRequest) -> HttpResponse:
    """A file of every finding, open and closed, the newest first."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow(
        [
            _("Empresa"), _("Diferencia"), _("Pedido"), _("Documento"), _("Id en Alegra"),
            _("Fecha"), _("Qué pasa"), _("Visto desde"), _("Visto por última vez"), _("Cerrada"),
            _("Cómo"), _("Quién"), _("Razón"),
        ]
    )  # fmt: skip
    rows = BooksFinding.objects.select_related("company").order_by("-first_at", "-pk")
    for row in rows[:MOST]:
        writer.writerow([safe(cell) for cell in _cells(row)])
    body = BYTE_ORDER_MARK + made.getvalue()
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    day = bogota_today(clock.now()).isoformat()
    name = f"revision-{request.organization.slug}-{day}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cells(row: BooksFinding) -> list[str]:
    return [
        row.company.name,
        row.get_code_display(),
        row.order_number,
        words.name_of(row),
        row.alegra_id,
        row.date.isoformat() if row.date else "",
        words.sentence(row),
        _moment(row.first_at),
        _moment(row.last_at),
        _moment(row.closed_at) if row.closed_at else "",
        row.get_closed_how_display(),
        row.closed_by,
        row.reason,
    ]


def _moment(at) -> str:
    return bogota(at).strftime("%Y-%m-%d %H:%M")
