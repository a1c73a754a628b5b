"""*+ Nueva integración*: credentials and what Alegra says of them, then MasterShop."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.connections import business, connect, guards, limits, mastershop_access, trial
from integrations.connections.draft import Draft, drop_draft, read_draft, seal, write_draft
from integrations.connections.forms import CredentialsForm, MasterShopForm
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.connections.validation import Probe, probe
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock


@organization_view(read=Act.OWN, write=Act.OWN)
def new(request: HttpRequest) -> HttpResponse:
    draft = read_draft(request, now=clock.now())
    if request.method == "POST" and request.POST.get("action") == "continue":
        return _continue(request, draft)
    if request.method == "POST":
        form = _form(draft, request.POST)
        if form.is_valid() and _validate(request, form, draft):
            return redirect("integration_new", request.organization.slug)
        # What was found belongs to other credentials than those now typed.
        return _page(request, form, None)
    initial = {"name": draft.name, "email": draft.email, "mode": draft.mode}
    return _page(request, _form(draft, None, initial=initial), draft.found)


def _form(draft: Draft, data, **kwargs) -> CredentialsForm:
    typed = data or {}
    same = (typed.get("email", ""), typed.get("mode", draft.mode)) == (draft.email, draft.mode)
    return CredentialsForm(
        data,
        offers_trial=trial.is_offered(),
        keeps_token=bool(draft.token) and (data is None or same),
        **kwargs,
    )


def _page(request: HttpRequest, form: CredentialsForm, found: Probe | None) -> HttpResponse:
    archived = connect.archived_of(found.nit) if found and not found.blocks else []
    context = {"form": form, "found": found, "archived": archived}
    return render(request, "connections/new.html", context)


def _validate(request: HttpRequest, form: CredentialsForm, draft: Draft) -> bool:
    """Ask Alegra and keep what it said; False with an error in the form when nobody was asked."""
    typed = form.cleaned_data
    if not limits.may_try(request.user.pk, now=clock.now()):
        form.add_error(None, _("Validaste varias veces seguidas. Espera un minuto."))
        return False
    email = typed["email"]
    token = typed["token"] or (draft.open_token() if form.keeps_token else "")
    fresh = Draft(name=typed["name"], mode=typed["mode"], email=email)
    if form.keeps_token and not typed["token"]:
        fresh.key, fresh.business_id = draft.key, draft.business_id
    if typed["mode"] == Integration.Mode.TRIAL and not email and not token:
        try:
            made = trial.new_company(typed["name"])
        except trial.StandInsSilent:
            form.add_error(None, _("El modo de prueba no respondió. Vuelve a intentarlo."))
            return False
        email, token = made.email, made.token
        fresh.email, fresh.key, fresh.business_id = email, seal(made.key), made.business_id
    found = probe(email, token, typed["mode"])
    fresh.probe = found.as_dict()
    fresh.token = "" if found.failure else seal(token)
    write_draft(request, fresh)
    return True


def _continue(request: HttpRequest, draft: Draft) -> HttpResponse:
    slug = request.organization.slug
    found = draft.found
    if found is None or found.blocks or not draft.token:
        messages.error(request, _("Valida las credenciales otra vez para continuar."))
        return redirect("integration_new", slug)
    now = clock.now()
    chosen = request.POST.get("reopen", "")
    archived = {str(row.pk): row for row in connect.archived_of(found.nit)}
    reopen = archived.get(chosen)
    if archived and reopen is None and chosen != "new":
        messages.error(request, _("Elige si reabres la integración archivada o haces otra."))
        return redirect("integration_new", slug)
    try:
        integration = connect.create_integration(
            name=draft.name,
            email=draft.email,
            token=draft.open_token(),
            probe=found,
            now=now,
            reopen=reopen,
            request=request,
        )
    except connect.OtherMode:
        messages.error(
            request,
            _("Esa empresa ya está conectada en otro modo: las pruebas no se mezclan con lo real."),
        )
        return redirect("integration_new", slug)
    except business.BusinessTaken as taken:
        messages.error(request, taken_sentence(taken))
        return redirect("integration_new", slug)
    if draft.key and not integration.source.key:
        mastershop_access.set_key(integration, draft.open_key(), now=now, request=request)
    if draft.business_id and not integration.source.business_id:
        integration = business.learn_business(integration, draft.business_id, now=now)
    _point_events(integration)
    drop_draft(request)
    guards.connected(integration)
    return redirect("integration_mastershop", slug, integration.pk)


def taken_sentence(taken: business.BusinessTaken) -> str:
    return _(
        "Ese negocio de MasterShop ya está conectado en «%(name)s». Un negocio se conecta una"
        " sola vez: archiva la otra integración primero."
    ) % {"name": taken.other.name}


def _point_events(integration: Integration) -> None:
    try:
        trial.point_events(integration, mastershop_access.webhook_url(integration))
    except trial.StandInsSilent:
        return  # its page says where to paste the address


@organization_view(read=Act.OWN, write=Act.OWN)
def mastershop(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    form = MasterShopForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and save_mastershop(request, form, row):
        messages.success(request, _("Guardado."))
        return redirect("integration", request.organization.slug, row.pk)
    context = {
        "integration": row,
        "form": form,
        "webhook_url": mastershop_access.webhook_url(row),
        "has_secret": bool(row.source.secret),
    }
    return render(request, "connections/mastershop.html", context)


def save_mastershop(request: HttpRequest, form: MasterShopForm, row: Integration) -> bool:
    """Check the key at MasterShop and store what was typed; False with an error in the form."""
    now = clock.now()
    key, secret = form.cleaned_data["key"], form.cleaned_data["secret"]
    if key:
        if not limits.may_try(request.user.pk, now=now):
            form.add_error("key", _("Probaste varias veces seguidas. Espera un minuto."))
            return False
        trouble = mastershop_access.check_key(row, key)
        if trouble == "refused":
            form.add_error("key", _("MasterShop no aceptó esta llave. Cópiala de nuevo allá."))
        elif trouble:
            form.add_error("key", _("MasterShop no respondió. Vuelve a intentarlo en un momento."))
        if trouble:
            return False
        mastershop_access.set_key(row, key, now=now, request=request)
    if secret:
        mastershop_access.set_secret(row, secret, now=now, request=request)
        _point_events(row)
    return True


@organization_view(read=Act.OWN)
def first_event(request: HttpRequest, integration: int) -> HttpResponse:
    """The fragment that asks again by itself until the first event is there."""
    row = integration_or_404(integration)
    return render(request, "connections/first_event.html", {"integration": row})
