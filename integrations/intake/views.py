"""The address that MasterShop posts its events to, and what a person may ask of intake."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.contrib import messages
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from integrations.audit import trail
from integrations.connections import reads
from integrations.connections.connect import token_digest
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.intake import backlog as past_orders
from integrations.intake import fetching, left_out, refusals, refused, slowing
from integrations.intake.by_number import bring
from integrations.intake.forms import OrderNumberForm
from integrations.intake.models import RefusedEvents
from integrations.intake.receive import integration_of, receive_event
from integrations.tenancy import unavailable
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

log = structlog.get_logger("intake")


@csrf_exempt
def webhook_mastershop(request: HttpRequest, token: str) -> HttpResponse:
    """Answers as the receiving contract says. An unknown token gets the answer of any unknown page,
    and a sender that guesses is slowed (`slowing`)."""
    try:
        now = clock.now()
        sender, digest = request.META.get("REMOTE_ADDR", ""), token_digest(token)
        if slowing.is_guess(sender, digest):
            refusals.count_unknown_token(now=now)
            return slowing.answer()
        if slowing.is_doubtful(sender, digest):
            return slowing.answer()
        integration = integration_of(digest)
        if integration is None:
            slowing.note(404, sender, digest)
            refusals.count_unknown_token(now=now)
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        answer = receive_event(integration, request, now=now)
        slowing.note(answer.status, sender, digest)
    except DatabaseError as error:
        # The sender keeps what we could not: it tries again.
        refused = unavailable.answer_for(request, error)
        if refused is None:
            log.error("event not stored", error=type(error).__name__)
            refused = unavailable.answer(request)
        return refused
    return JsonResponse({"received": answer.received}, status=answer.status)


@organization_view(read=None, write=Act.EDIT)
def order_bring(request: HttpRequest, integration: int) -> HttpResponse:
    """One order by its number, with the form of the history page."""
    found = integration_or_404(integration)
    history = f"{reverse('history', args=[request.organization.slug])}?integracion={found.pk}"
    form = OrderNumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["number"]))
        return redirect(history)
    number = form.cleaned_data["number"]
    brought = bring(found, number)
    trail.record(
        action="order.bring",
        target=brought.order or found,
        request=request,
        after={"number": number, "found": brought.order is not None},
    )
    if brought.order is None:
        messages.error(request, brought.sentence)
        return redirect(history)
    messages.success(request, _("Trajimos el pedido %s.") % brought.order.number)
    return redirect("order", request.organization.slug, brought.order.pk)


@organization_view(read=Act.READ, write=Act.EDIT)
def backlog(request: HttpRequest, integration: int) -> HttpResponse:
    """*Pedidos anteriores*: the plan, and with POST the yes to it."""
    found = integration_or_404(integration)
    now = clock.now()
    plan = past_orders.plan(found, now=now)
    if request.method == "POST":
        if not found.is_on:
            messages.error(request, _("Enciende la integración antes de documentar pedidos."))
        elif plan.to_confirm:
            past_orders.confirm(found, plan, now=now, request=request)
            said = ngettext(
                "Se documenta %(count)d pedido anterior.",
                "Se documentan %(count)d pedidos anteriores.",
                plan.to_confirm,
            )
            messages.success(request, said % {"count": plan.to_confirm})
        return redirect("backlog", request.organization.slug, found.pk)
    return render(
        request,
        "intake/backlog.html",
        {
            "integration": found,
            "plan": plan,
            "is_running": found.backlog is not None,
            "may_edit": request.may(Act.EDIT),
        },
    )


@organization_view(read=Act.READ, write=Act.EDIT)
def events_left_out(request: HttpRequest, integration: int) -> HttpResponse:
    """*Eventos sin pedido*: what was refused or became no order, with what to do.

    POST: the orders of that time are fetched, or a person says that nothing is missing.
    """
    found = integration_or_404(integration)
    now = clock.now()
    row = RefusedEvents.objects.filter(integration=found, closed_at=None).first()
    if request.method == "POST":
        if row is not None:
            _act_on_refused(request, found, row)
        return redirect("left_out", request.organization.slug, found.pk)
    rows = RefusedEvents.objects.filter(integration=found).exclude(closed_at=None)
    response = render(
        request,
        "intake/left_out.html",
        {
            "integration": found,
            "events": left_out.left_out(found, now=now),
            "refused": refused.told(row, found) if row else None,
            "orders_read": reads.state_of(reads.Kind.ORDERS, found) if row else None,
            "fetch_from": now - timedelta(days=fetching.days_of(row, now=now)) if row else None,
            "last_closed": rows.order_by("-closed_at").first(),
            "can_edit": request.may(Act.EDIT),
        },
    )
    if row is not None and row.is_fetching:
        # The progress, without a click.
        response.headers["Refresh"] = "5"
    return response


def _act_on_refused(request: HttpRequest, found: Integration, row: RefusedEvents) -> None:
    now = clock.now()
    row.integration = found
    if request.POST.get("action") == "close":
        if refused.close(row, now=now, request=request):
            messages.success(request, _("Listo. Si se rechazan otros, te lo decimos de nuevo."))
        else:
            messages.warning(request, _("Mientras tanto se rechazó otro: míralo antes."))
    elif not found.source.key_last4:
        messages.error(request, _("Guarda primero la llave de MasterShop en Credenciales."))
    elif fetching.ask(row, now=now, request=request):
        messages.success(request, _("Estamos leyendo en MasterShop los pedidos de ese tiempo."))
    else:
        messages.info(request, _("Ya los estamos trayendo."))
