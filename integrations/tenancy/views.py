from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.scoping.context import unscoped
from integrations.tenancy.access import organization_view
from integrations.tenancy.forms import OrganizationForm, ThemeForm
from integrations.tenancy.models import Membership
from integrations.tenancy.organizations import create_organization


@login_required
@require_GET
def organizations(request: HttpRequest) -> HttpResponse:
    """*Mis comercios*. With one it is entered at once, unless `?todos=1` asks for the list."""
    with unscoped("the memberships of who signed in"):
        memberships = list(
            Membership.objects.filter(user=request.user)
            .select_related("organization")
            .order_by("organization__name", "pk")
        )
    if not memberships:
        return redirect("organization_new")
    if len(memberships) == 1 and "todos" not in request.GET:
        return redirect("home", memberships[0].organization.slug)
    return render(request, "tenancy/organizations.html", {"memberships": memberships})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_new(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organization = create_organization(
            name=form.cleaned_data["name"], owner=request.user, request=request
        )
        messages.success(request, _("Listo. Ahora conecta Alegra y MasterShop."))
        return redirect("integrations", organization.slug)
    return render(request, "tenancy/organization_new.html", {"form": form})


@login_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    form = ThemeForm(request.POST)
    if form.is_valid():
        form.save(request.user)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if safe else "organizations")


@organization_view()
def home(request: HttpRequest) -> HttpResponse:
    return redirect("history", request.organization.slug)


@organization_view()
def menu(request: HttpRequest) -> HttpResponse:
    """Where the phone's dock has no room: the rest of the portal and one's own account."""
    form = ThemeForm(initial={"theme": request.user.theme})
    return render(request, "tenancy/menu.html", {"theme_form": form})
