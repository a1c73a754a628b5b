"""The check after a restore of the database: its page, and its line on an integration."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.connections import panel
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.sending.safe_start import standing
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping.timing import SAFE_START_WINDOW


@dataclass(frozen=True)
class Left:
    """One document that waits for its order. `url`: its page in Alegra."""

    row: Forgotten
    title: str
    url: str


@organization_view(read=Act.READ)
def restore_check(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    found = standing.standing_of(row.company)
    look = CompanyLook.objects.filter(company=row.company).first()
    titles = standing.titles()
    context = {
        "integration": row,
        "standing": found,
        "look": look,
        # Shown only once every list that works write to was read to its end.
        "is_known": found is None or _is_known(found),
        "lists": standing.lists_of(row.company),
        "days": SAFE_START_WINDOW.days,
        "left": [
            Left(each, titles.get(each.found_in, ""), page_in_alegra(each, row))
            for each in (found.left if found else ())
        ],
    }
    return render(request, "attention/restore.html", context)


def _is_known(found: standing.Standing) -> bool:
    look = found.look
    return look.looked_at is not None and look.looked_at >= look.noticed_at


def page_in_alegra(row: Forgotten, integration: Integration) -> str:
    """The address of its page in Alegra; '' where no page is known for its kind."""
    if row.found_in not in ("invoice", "remission"):
        return ""
    if integration.is_trial:
        root = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
        page = f"{root}/app/{row.found_in}/{row.alegra_id}?company={integration.company.nit}"
        return page if root else ""
    return f"{settings.ALEGRA_APP_URL}/{row.found_in}/view/id/{row.alegra_id}"


def alarms_of(integrations: list[Integration]) -> dict[int, panel.Alarm]:
    """The line for each integration whose company is being checked, by the integration's id."""
    return {
        each.pk: panel.Alarm(
            _("La base de datos volvió a una copia anterior: comprobamos en Alegra qué se hizo"),
            each.company.checking_since,
            reverse("restore_check", args=[each.organization.slug, each.pk]),
            _("Ver qué se comprueba"),
        )
        for each in integrations
        if each.company.checking_since is not None
    }


def connect() -> None:
    """Register the line. Called once, when the applications are ready."""
    if alarms_of not in panel.alarms:
        panel.alarms.append(alarms_of)
