"""The line *Productos* of the set-up list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.catalog import lookup
from integrations.connections import checklist
from integrations.connections.models import Integration


@checklist.line(position=50)
def products(integration: Integration) -> checklist.Line:
    """Never blocks: what is not linked waits in *Por atender* when an order needs it."""
    url = reverse("products", args=[integration.organization.slug, integration.pk])
    found = lookup.counts(integration)
    if not found.all:
        text = _("Aún no conocemos tus productos: llegan con la llave de API o con los pedidos.")
        return checklist.Line("ask", _("Productos"), text, url)
    if found.unlinked:
        text = ngettext(
            "%(count)d sin vincular: sus pedidos esperan hasta que lo vincules.",
            "%(count)d sin vincular: sus pedidos esperan hasta que los vincules.",
            found.unlinked,
        ) % {"count": found.unlinked}
        return checklist.Line("ask", _("Productos"), text, url)
    if found.gone:
        text = ngettext(
            "%(count)d vinculado ya no se puede facturar en Alegra.",
            "%(count)d vinculados ya no se pueden facturar en Alegra.",
            found.gone,
        ) % {"count": found.gone}
        return checklist.Line("ask", _("Productos"), text, url)
    return checklist.Line("ok", _("Productos"), _("Todos están vinculados."), url)
