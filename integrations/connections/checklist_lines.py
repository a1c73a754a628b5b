"""This room's own lines of the set-up list: Alegra's credentials, MasterShop's events."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.connections.checklist import Line, line
from integrations.connections.models import Integration
from integrations.connections.validation import precision_sentence


def _slug(integration: Integration) -> str:
    return integration.organization.slug


@line(position=10)
def credentials(integration: Integration) -> Line:
    title = _("Credenciales de Alegra")
    url = reverse("integration_credentials", args=[_slug(integration), integration.pk])
    if integration.credential.state == integration.credential.State.PAUSED:
        text = _("Alegra ya no acepta el token; cámbialo")
        return Line("fail", title, text, url, blocks=True)
    if integration.paused_reason == Integration.Pause.PRECISION:
        text = precision_sentence(integration.company.precision)
        return Line("fail", title, text, blocks=True)
    return Line("ok", title)


@line(position=20)
def mastershop(integration: Integration) -> Line:
    title = _("MasterShop")
    url = reverse("integration_mastershop", args=[_slug(integration), integration.pk])
    if integration.source.key_refused_at is not None:
        return Line("fail", title, _("MasterShop ya no acepta la llave; cámbiala"), url)
    if integration.source.last_event_at is None:
        return Line("wait", title, _("esperando el primer evento"), url)
    if not integration.source.key_last4:
        text = _(
            "sin llave: no hay catálogo, no se buscan pedidos perdidos ni se comprueba que estén"
            " todos"
        )
        return Line("ask", title, text, url)
    return Line("ok", title)
