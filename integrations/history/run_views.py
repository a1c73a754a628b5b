"""*Emitir*: what is chosen is read and planned; a person's yes; how far it is; the past ones."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.colombia.peso_text import number
from integrations.documents import emitting_many
from integrations.documents.models import Document
from integrations.history.choosing import chosen_orders
from integrations.history.detail import order_or_404
from integrations.history.run_page import page_of
from integrations.history.views import filters_of
from integrations.sending.bulk import acts, runs
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

# So many of the past are shown.
SHOWN = 50
# A page that changes by itself is asked for again after so many seconds: who waits for the plan
# of one draft has it soon.
_AGAIN = {BulkRun.State.READING: "2", BulkRun.State.RUNNING: "4", BulkRun.State.STOPPING: "4"}


@organization_view(read=None, write=Act.EMIT)
def history_emit(request: HttpRequest) -> HttpResponse:
    """The drafts of the orders ticked, or with `todos` of all orders that the filters find."""
    if "todos" in request.POST:
        filters, _integrations = filters_of(request)
        documents = emitting_many.drafts(filters.rows)
    else:
        orders = chosen_orders(request).values("document_id")
        documents = Document.objects.filter(pk__in=orders, kind="invoice")
    return _choose(request, documents)


@organization_view(read=None, write=Act.EMIT)
def order_emit(request: HttpRequest, order: int) -> HttpResponse:
    found = order_or_404(order)
    return _choose(request, Document.objects.filter(pk=found.document_id, kind="invoice"))


def _choose(request: HttpRequest, documents: QuerySet[Document]) -> HttpResponse:
    act, slug = acts.named(emitting_many.NAME), request.organization.slug
    try:
        run = runs.choose(act, documents, by=request.user, now=clock.now())
    except runs.TooMany:
        text = _("Son más de %(most)s borradores: elige menos con los filtros.")
        messages.warning(request, text % {"most": number(runs.MOST)})
        return redirect("history", slug)
    if run is None:
        messages.warning(request, _("Entre los elegidos no hay ningún borrador de factura."))
        return redirect("history", slug)
    return redirect("history_run", slug, run.pk)


@organization_view(read=Act.READ, write=Act.EMIT)
def history_run(request: HttpRequest, run: int) -> HttpResponse:
    """The plan, or how far it is. POST: the yes to the plan, or with `otra-vez` a new plan of
    the same drafts."""
    found, now = _run_or_404(run), clock.now()
    if request.method == "POST":
        if "otra-vez" in request.POST:
            return _choose(request, Document.objects.filter(pk__in=runs.works_of(found)))
        if not runs.start(found, now=now, request=request):
            messages.warning(request, _("Este plan ya empezó o venció: mira lo que dice ahora."))
        return redirect("history_run", request.organization.slug, found.pk)
    page = page_of(found, now=now)
    response = render(
        request,
        "history/run.html",
        {
            "page": page,
            "run": found,
            "may_emit": request.may(Act.EMIT),
            "history_url": reverse("history", args=[request.organization.slug]),
        },
    )
    if page.is_live:
        # The progress, without a click.
        response.headers["Refresh"] = _AGAIN[BulkRun.State(found.state)]
    return response


@organization_view(read=None, write=Act.EMIT)
def history_run_stop(request: HttpRequest, run: int) -> HttpResponse:
    found = _run_or_404(run)
    if runs.stop(found, now=clock.now(), request=request):
        text = _("Detenida. Lo que ya salió para la DIAN termina; lo demás sigue como borrador.")
        messages.success(request, text)
    else:
        messages.warning(request, _("Esta emisión ya no está en marcha."))
    return redirect("history_run", request.organization.slug, found.pk)


@organization_view(read=Act.READ)
def history_runs(request: HttpRequest) -> HttpResponse:
    """Every *Emitir* that somebody said yes to, the newest first."""
    done = Q(items__outcome__in=[BulkItem.Outcome.ASKED, BulkItem.Outcome.DONE])
    rows = (
        BulkRun.objects.filter(act=emitting_many.NAME, started_at__isnull=False)
        .annotate(sent=Count(Case(When(done, then="items__pk"))))
        .order_by("-started_at", "-pk")
    )
    return render(request, "history/runs.html", {"runs": rows[:SHOWN]})


def _run_or_404(pk: int) -> BulkRun:
    found = BulkRun.objects.filter(pk=pk, act=emitting_many.NAME).first()
    if found is None:
        raise Http404
    return found
