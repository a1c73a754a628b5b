from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.catalog.models import AlegraItem
from integrations.catalog.suggestions import NEAR_NAME, SAME_BARCODE, SAME_SKU
from integrations.connections.models import Integration

MOST_UNITS = 10_000


class LinkForm(forms.Form):
    """Which Alegra product a variant is. `units_per_sale` left out means one."""

    item = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    units_per_sale = forms.IntegerField(
        label=_("Unidades por venta"),
        help_text=_("Cuántas unidades de Alegra lleva cada una vendida: 2 para un «Lleve 2»."),
        min_value=1,
        max_value=MOST_UNITS,
        required=False,
        error_messages={
            "min_value": _("Es 1 o más."),
            "max_value": _("Son demasiadas: el máximo es 10.000."),
            "invalid": _("Escribe un número entero."),
        },
    )
    shared = forms.BooleanField(
        label=_("Sí: las dos variaciones son este mismo producto de Alegra"), required=False
    )
    reason = forms.ChoiceField(
        choices=[(code, code) for code in (SAME_SKU, SAME_BARCODE, NEAR_NAME)],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, integration: Integration, **kwargs):
        super().__init__(*args, **kwargs)
        self.integration = integration

    def clean_item(self) -> AlegraItem:
        item = AlegraItem.objects.filter(
            pk=self.cleaned_data["item"], company=self.integration.company_id
        ).first()
        if item is None:
            raise forms.ValidationError(_("Ese producto no está en tu catálogo de Alegra."))
        return item

    def clean_units_per_sale(self) -> int:
        return self.cleaned_data["units_per_sale"] or 1
