"""The line *Bodegas* of the set-up list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.connections import checklist
from integrations.connections.models import Integration
from integrations.inventory.lookup import is_gone
from integrations.inventory.models import WarehouseLink


@checklist.line(position=45)
def warehouses(integration: Integration) -> checklist.Line:
    """Green without a link where Alegra has no warehouses: no document names one then."""
    url = reverse("warehouses", args=[integration.organization.slug, integration.pk])
    title = _("Bodegas")
    if not integration.company.has_warehouses:
        text = _("Tu plan de Alegra no maneja bodegas: no hay nada que relacionar.")
        return checklist.Line("ok", title, text, url)
    links = list(WarehouseLink.objects.filter(integration=integration).select_related("bodega"))
    default = next((link for link in links if link.is_default), None)
    if default is None:
        text = _("Falta la bodega por defecto, para los pedidos que no nombran una.")
        return checklist.Line("fail", title, text, url, blocks=True)
    gone = next((link for link in links if is_gone(integration.company, link.warehouse)), None)
    if gone is not None:
        text = _("La pareja de «%(name)s» ya no existe en Alegra o está inactiva.") % {
            "name": gone.bodega.name
        }
        return checklist.Line("fail", title, text, url, blocks=gone.is_default)
    text = _("Por defecto, %(name)s.") % {"name": default.bodega.name}
    return checklist.Line("ok", title, text, url)
