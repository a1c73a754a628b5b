"""The credentials of one integration: every secret can be replaced, none is shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.connections import (
    asking_again,
    business,
    guards,
    limits,
    mastershop_access,
    pauses,
)
from integrations.connections.forms import MasterShopForm, TokenForm
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.connections.rights import rights
from integrations.connections.validation import probe
from integrations.connections.wizard import save_mastershop
from integrations.tenancy.access import forbidden, organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock


@organization_view(read=Act.READ, write=Act.ENTER_TOKEN)
def credentials(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    token_form = TokenForm(initial={"email": row.credential.email})
    mastershop_form = MasterShopForm()
    if request.method == "POST":
        action = request.POST.get("action", "token")
        # Whoever holds the new token may enter it; the rest belongs to owners.
        if action != "token" and not request.may(Act.OWN):
            return forbidden(request)
        if action == "token":
            token_form = TokenForm(request.POST)
            done = token_form.is_valid() and _new_token(request, token_form, row)
        elif action == "mastershop":
            mastershop_form = MasterShopForm(request.POST)
            done = mastershop_form.is_valid() and save_mastershop(request, mastershop_form, row)
            if done:
                messages.success(request, _("Guardado."))
        else:
            done = _act(request, action, row)
        if done:
            return redirect("integration_credentials", request.organization.slug, row.pk)
    context = {
        "integration": row,
        "token_form": token_form,
        "mastershop_form": mastershop_form,
        "has_secret": bool(row.source.secret),
        "webhook_url": mastershop_access.webhook_url(row) if request.may(Act.OWN) else "",
        **rights(request),
    }
    return render(request, "connections/credentials.html", context)


@organization_view(read=None, write=Act.EDIT)
def credential_try(request: HttpRequest, integration: int) -> HttpResponse:
    """*Probar otra vez*: whether Alegra accepts the login again, asked once and now."""
    row = integration_or_404(integration)
    now = clock.now()
    if row.credential.state != row.credential.State.PAUSED:
        messages.info(request, _("Alegra ya acepta la conexión: los envíos siguen solos."))
    elif not limits.may_try(request.user.pk, now=now):
        messages.error(request, _("Probaste varias veces seguidas. Espera un minuto."))
    else:
        refused = asking_again.ask_again(row.credential, now=now, for_person=True, request=request)
        if refused is None:
            messages.success(request, _("Alegra ya acepta la conexión. Los envíos siguen solos."))
        else:
            text = _("Alegra todavía no la acepta: «%(said)s».")
            messages.error(request, text % {"said": asking_again.words_of(refused)})
    return redirect("integration", request.organization.slug, row.pk)


def _new_token(request: HttpRequest, form: TokenForm, row: Integration) -> bool:
    now = clock.now()
    if not limits.may_try(request.user.pk, now=now):
        form.add_error(None, _("Validaste varias veces seguidas. Espera un minuto."))
        return False
    email, token = form.cleaned_data["email"], form.cleaned_data["token"]
    was_paused = row.credential.state == row.credential.State.PAUSED
    found = probe(email, token, row.mode)
    if found.failure:
        form.add_error(None, found.failure)
        return False
    try:
        row.credential = pauses.resume_credential(
            row.credential, email=email, token=token, probe=found, now=now, request=request
        )
    except pauses.OtherCompany:
        form.add_error(
            "token",
            _("Ese token es de otra empresa: %(name)s, NIT %(nit)s. Usa uno de %(ours)s.")
            % {"name": found.name, "nit": found.nit_text, "ours": row.company.name},
        )
        return False
    guards.connected(row)
    messages.success(
        request,
        _("Guardado. Los envíos siguen solos.") if was_paused else _("Guardado."),
    )
    for finding in found.findings:
        if finding.tone == "fail":
            messages.error(request, finding.text)
    return True


def _act(request: HttpRequest, action: str, row: Integration) -> bool:
    if action == "rotate":
        mastershop_access.rotate_webhook_token(row, request=request)
        messages.warning(
            request,
            _("La dirección cambió y la anterior ya no recibe. Pega la nueva en MasterShop."),
        )
    elif action == "drop_secret":
        mastershop_access.set_secret(row, "", now=clock.now(), request=request)
        messages.success(request, _("Los eventos ya no necesitan firma."))
    elif action == "drop_key":
        mastershop_access.set_key(row, "", now=clock.now(), request=request)
        messages.success(request, _("La llave de MasterShop se borró."))
    elif action == "reset_business":
        business.reset_business(row, request=request)
        messages.success(
            request, _("Listo. El próximo evento dirá cuál es el negocio de MasterShop.")
        )
    else:
        return False
    return True
