"""*+ Nueva equivalencia* and the removal of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.configuration import saving
from integrations.configuration.choices import Kind, Lists
from integrations.configuration.equivalences import EquivalenceForm, is_asked, method_label
from integrations.configuration.models import BankEquivalence
from integrations.configuration.views import saved_sentence
from integrations.connections.lookup import integration_or_404
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=Act.EDIT, write=Act.EDIT)
def new(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    lists = Lists(row.company)
    initial = {"method": request.GET.get("metodo", "")}
    form = EquivalenceForm(request.POST or None, initial=initial, integration=row, lists=lists)
    if request.method == "POST" and form.is_valid():
        freed = saving.add_equivalence(row, form.cleaned_data, request=request)
        messages.success(request, saved_sentence(freed))
        return redirect("settings", request.organization.slug, row.pk)
    account = lists.choice(
        "account",
        Kind.BANK_ACCOUNT,
        str(form["account"].value() or ""),
        empty=_("Elige una cuenta"),
        errors=form["account"].errors,
    )
    context = {"integration": row, "form": form, "account": account}
    return render(request, "configuration/equivalence_new.html", context)


@organization_view(read=Act.EDIT, write=Act.EDIT)
def remove(request: HttpRequest, integration: int, equivalence: int) -> HttpResponse:
    row = integration_or_404(integration)
    found = (
        BankEquivalence.objects.select_related("integration__company", "integration__credential")
        .filter(pk=equivalence, integration=row)
        .exclude(method=BankEquivalence.EVERYTHING_ELSE)
        .first()
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        saving.remove_equivalence(found, request=request)
        messages.success(request, _("La equivalencia se quitó."))
        return redirect("settings", request.organization.slug, row.pk)
    lists = Lists(row.company)
    context = {
        "integration": row,
        "method": method_label(found.method),
        "is_asked": is_asked(found.method),
        "account": lists.label(Kind.BANK_ACCOUNT, found.account) if found.account else "",
    }
    return render(request, "configuration/equivalence_remove.html", context)
