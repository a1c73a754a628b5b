from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.tenancy.models import User


class OrganizationForm(forms.Form):
    name = forms.CharField(
        label=_("Nombre del comercio"),
        max_length=120,
        help_text=_("Como lo conocen tus clientes. El nombre legal y el NIT llegan de Alegra."),
        error_messages={"required": _("Escribe el nombre de tu comercio.")},
    )


class ThemeForm(forms.Form):
    """*Claro, oscuro, como el sistema*."""

    theme = forms.ChoiceField(
        label=_("Apariencia"),
        required=False,
        choices=[("", _("Como el sistema")), ("light", _("Claro")), ("dark", _("Oscuro"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Elige una de las tres opciones.")},
    )

    def save(self, user: User) -> None:
        user.theme = self.cleaned_data["theme"]
        user.save(update_fields=["theme"])
