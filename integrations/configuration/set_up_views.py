"""Answers to what is asked before switching on, from *Por atender* or the integration's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.configuration.set_up import keep_posted
from integrations.connections.lookup import integration_or_404
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=None, write=Act.EDIT)
def answer_set_up(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    if keep_posted(row, request):
        messages.success(request, _("Guardado."))
    else:
        messages.error(request, _("Elige una de las respuestas."))
    if request.POST.get("desde") == "atender":
        return redirect("attention", request.organization.slug)
    return redirect("integration", request.organization.slug, row.pk)
