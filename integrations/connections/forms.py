from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import Integration


def _secret_input() -> forms.PasswordInput:
    """Never filled by us; password managers are asked not to offer one."""
    return forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})


def _one_word(value: str) -> str:
    if value and (not value.isprintable() or len(value.split()) != 1):
        raise forms.ValidationError(_("Cópialo completo, en una sola línea y sin espacios."))
    return value


class CredentialsForm(forms.Form):
    """`keeps_token`: one was validated already, so the field may stay empty."""

    name = forms.CharField(label=_("Nombre de la cuenta"), max_length=80)
    mode = forms.ChoiceField(
        label=_("¿Con qué cuentas?"),
        choices=Integration.Mode.choices,
        widget=forms.RadioSelect,
        initial=Integration.Mode.REAL,
    )
    email = forms.EmailField(
        label=_("Usuario de Alegra"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    token = forms.CharField(
        label=_("Token de Alegra"), max_length=200, required=False, widget=_secret_input()
    )

    def __init__(self, *args, offers_trial: bool, keeps_token: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.keeps_token = keeps_token
        if not offers_trial:
            del self.fields["mode"]

    def clean_token(self) -> str:
        return _one_word(self.cleaned_data["token"])

    def clean(self) -> dict:
        data = super().clean()
        data.setdefault("mode", Integration.Mode.REAL)
        typed = data.get("email") or data.get("token")
        if data["mode"] == Integration.Mode.TRIAL and not typed:
            return data
        if "email" in data and not data["email"]:
            self.add_error("email", _("Escribe el correo con el que ese usuario entra a Alegra."))
        if "token" in data and not data["token"] and not self.keeps_token:
            self.add_error("token", _("Pega el token de ese usuario."))
        return data


class TokenForm(forms.Form):
    email = forms.EmailField(
        label=_("Usuario de Alegra"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    token = forms.CharField(label=_("Token de Alegra"), max_length=200, widget=_secret_input())

    def clean_token(self) -> str:
        return _one_word(self.cleaned_data["token"])


class MasterShopForm(forms.Form):
    """Both optional; an empty field leaves what is stored as it is."""

    key = forms.CharField(
        label=_("Llave de la API de MasterShop"),
        max_length=400,
        required=False,
        widget=_secret_input(),
    )
    secret = forms.CharField(
        label=_("Secreto de la firma"),
        min_length=8,
        max_length=200,
        required=False,
        widget=_secret_input(),
    )

    def clean_key(self) -> str:
        return _one_word(self.cleaned_data["key"])

    def clean_secret(self) -> str:
        return _one_word(self.cleaned_data["secret"])
