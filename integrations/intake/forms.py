from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OrderNumberForm(forms.Form):
    """The number of one order, as MasterShop shows it."""

    number = forms.RegexField(
        label=_("Número del pedido en MasterShop"),
        regex=r"^#?[0-9A-Za-z_-]+$",
        max_length=64,
        error_messages={
            "invalid": _("El número de un pedido solo lleva letras, cifras y guiones."),
            "required": _("Escribe el número del pedido."),
        },
    )

    def clean_number(self) -> str:
        return self.cleaned_data["number"].removeprefix("#")
