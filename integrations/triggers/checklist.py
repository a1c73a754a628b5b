"""The line *Acciones* of the set-up list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.connections.checklist import Line, line
from integrations.connections.models import Integration
from integrations.triggers.models import TriggerRule


@line(position=60)
def actions(integration: Integration) -> Line:
    url = reverse("actions", args=[integration.organization.slug, integration.pk])
    saved = set(
        TriggerRule.objects.filter(integration=integration, active=True).values_list(
            "family", flat=True
        )
    )
    missing = [family for family in TriggerRule.Family if family not in saved]
    if missing:
        names = _(" y ").join(str(family.label).lower() for family in missing)
        text = _("falta guardar la de %(names)s") % {"names": names}
        return Line("fail", _("Acciones"), text, url, blocks=True)
    return Line("ok", _("Acciones"))
