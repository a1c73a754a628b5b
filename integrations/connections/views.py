"""The list of integrations, one integration, its switch and its bin."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrations.connections import connect, guards
from integrations.connections.checklist import Line, checklist_of
from integrations.connections.lookup import integration_or_404, integrations
from integrations.connections.models import Integration
from integrations.connections.panel import asks_of, panels
from integrations.connections.rights import rights
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

# Further ones show a link to their own page: the list stays quick however many there are.
CHECKLISTS_SHOWN = 3


@organization_view(read=Act.READ)
def integration_list(request: HttpRequest) -> HttpResponse:
    rows = integrations().active().order_by("name", "pk")
    shown = panels(rows)
    in_setup = [each for each in shown if each.integration.state == Integration.State.SETUP]
    for panel in in_setup[:CHECKLISTS_SHOWN]:
        panel.checklist = checklist_of(panel.integration)
    return render(request, "connections/integrations.html", {"panels": shown, **rights(request)})


@organization_view(read=Act.READ)
def integration_detail(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    panel = panels([row])[0]
    panel.checklist = checklist_of(row)
    panel.asks = asks_of(row)
    context = {"panel": panel, "integration": row, "closed": not request.may(Act.EDIT)}
    context |= rights(request)
    return render(request, "connections/integration.html", context)


@organization_view(read=None, write=Act.OWN)
def switch(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    slug = request.organization.slug
    if request.POST.get("to") == "off":
        connect.switch_off(row, request=request)
        messages.success(
            request,
            _("%(name)s quedó apagada. Los pedidos se siguen recibiendo; no se envía nada.")
            % {"name": row.name},
        )
        return redirect("integrations", slug)
    for keep in guards.before_switching_on:
        keep(row, request)
    try:
        connect.switch_on(row, now=clock.now(), request=request)
    except connect.NotReady as refusal:
        messages.error(request, _why_not(row, refusal.lines))
        return redirect("integration", slug, row.pk)
    messages.success(
        request,
        _(
            "%(name)s quedó encendida. Los pedidos que lleguen desde ahora a su estado se"
            " documentan solos; los anteriores esperan tu confirmación."
        )
        % {"name": row.name},
    )
    return redirect("integrations", slug)


def _why_not(row: Integration, lines: tuple[Line, ...]) -> SafeString:
    """What is missing, each with its cure."""
    text = _("%(name)s no se encendió. Falta:") % {"name": row.name}
    links = format_html_join(
        ", ",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', line.url, line.title) if line.url else line.title,)
            for line in lines
        ),
    )
    return format_html("{} {}.", text, links)


@organization_view(read=Act.OWN, write=Act.OWN)
def archive(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    sentences = guards.objections(row)
    if request.method == "POST" and not sentences:
        try:
            connect.archive(row, now=clock.now(), request=request)
        except connect.MustStay as refusal:
            sentences = refusal.sentences
        else:
            messages.success(
                request,
                _("%(name)s quedó archivada. Sus pedidos y documentos siguen en el historial.")
                % {"name": row.name},
            )
            return redirect("integrations", request.organization.slug)
    context = {"integration": row, "sentences": sentences}
    return render(request, "connections/archive.html", context)
