"""The accounts library's forms in the portal's hand: labels, no placeholders, our words."""

from __future__ import annotations

from allauth.account import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Correo"),
    "email": _("Correo"),
    "password": _("Contraseña"),
    "password1": _("Contraseña"),
    "password2": _("La misma contraseña otra vez"),
    "oldpassword": _("Contraseña de ahora"),
}
RULES = _("Al menos 10 caracteres. Que no sea muy común, ni solo números, ni tu correo.")
REQUIRED = _("Escríbelo para continuar.")


class _Plain:
    """A placeholder is no label, and it vanishes when one starts to write."""

    labels: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = REQUIRED
            field.label = self.labels.get(name) or LABELS.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = RULES
        # The page has a link of its own for a forgotten password.
        if "login" in self.fields:
            self.fields["password"].help_text = ""


class Login(_Plain, forms.LoginForm):
    pass


class Signup(_Plain, forms.SignupForm):
    pass


class ResetPassword(_Plain, forms.ResetPasswordForm):
    pass


class ResetPasswordKey(_Plain, forms.ResetPasswordKeyForm):
    labels = {"password1": _("Contraseña nueva")}


class ChangePassword(_Plain, forms.ChangePasswordForm):
    labels = {"password1": _("Contraseña nueva")}


class AddEmail(_Plain, forms.AddEmailForm):
    pass


class Reauthenticate(_Plain, forms.ReauthenticateForm):
    pass
