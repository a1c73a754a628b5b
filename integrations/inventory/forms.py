from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import Integration
from integrations.inventory.lookup import warehouses_of
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.scoping.search_key import normalised

OTHER = "otra"


class WarehouseLinkForm(forms.Form):
    """One pair. `chosen` is a bodega that is linked already or was picked in the list; without
    it the unlinked ones are offered, and writing the name of another."""

    bodega = forms.ChoiceField(label=_("Bodega de MasterShop"))
    name = forms.CharField(
        label=_("Nombre de la bodega"),
        max_length=120,
        required=False,
        help_text=_("Solo si no está en la lista: escríbelo como aparece en MasterShop."),
    )
    warehouse = forms.ChoiceField(
        label=_("Bodega de Alegra"),
        error_messages={"invalid_choice": _("Esa bodega ya no existe en Alegra: elige otra.")},
    )
    whose = forms.ChoiceField(
        label=_("¿De quién es la mercancía?"),
        choices=WarehouseLink.Whose.choices,
        widget=forms.RadioSelect,
        initial=WarehouseLink.Whose.MINE,
    )
    is_default = forms.BooleanField(
        label=_("Usarla para los pedidos que no nombran una bodega"), required=False
    )

    def __init__(self, *args, integration: Integration, chosen: Bodega | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.integration = integration
        self.chosen = chosen
        self.link = getattr(chosen, "link", None) if chosen is not None else None
        taken = WarehouseLink.objects.filter(integration=integration)
        if self.link is not None:
            taken = taken.exclude(pk=self.link.pk)
        if chosen is not None:
            del self.fields["bodega"], self.fields["name"]
        else:
            free = Bodega.objects.filter(integration=integration, link__isnull=True)
            rows = free.present().order_by("name")
            self.fields["bodega"].choices = [(str(row.pk), row.name) for row in rows] + [
                (OTHER, _("Otra: escribir su nombre"))
            ]
        self.fields["warehouse"].choices = self._warehouses(
            set(taken.values_list("warehouse", flat=True))
        )
        if self.link is not None:
            self.initial = {
                "warehouse": self.link.warehouse,
                "whose": self.link.whose,
                "is_default": self.link.is_default,
                **self.initial,
            }
            if self.link.is_default:
                # Another is chosen instead; there is no way of having none.
                self.fields["is_default"].disabled = True

    def _warehouses(self, taken: set[str]) -> list[tuple[str, str]]:
        saved = self.link.warehouse if self.link is not None else ""
        choices = []
        for entry in warehouses_of(self.integration.company):
            if entry.alegra_id == saved and not entry.is_usable:
                # Shown as missing, never silently replaced.
                choices.append(
                    (entry.alegra_id, _("%(name)s (ya no existe)") % {"name": entry.name})
                )
            elif entry.is_usable and entry.alegra_id not in taken:
                choices.append((entry.alegra_id, entry.name))
        return [("", _("Elige una bodega")), *choices]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("bodega") == OTHER and not normalised(cleaned.get("name", "")):
            self.add_error("name", _("Escribe el nombre de la bodega."))
        return cleaned
