"""What the accounts library is told about our people."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PortalAccountAdapter(DefaultAccountAdapter):
    """Our sentences, and addresses that come from the settings.

    A link in a mail never takes its host from the request: whoever asks for a reset could
    otherwise choose where its owner is sent.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("El correo o la contraseña no coinciden."),
        "invalid_login": _("El correo o la contraseña no coinciden."),
        "account_inactive": _("Esta cuenta está desactivada."),
        "too_many_login_attempts": _("Van varios intentos seguidos. Espera unos minutos."),
        "rate_limited": _("Van varios intentos seguidos. Espera unos minutos."),
        "incorrect_code": _("Ese código no es el de ahora. Espera el siguiente y escríbelo."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        ours = {
            name: _at_home(value) if name.endswith("_url") and value else value
            for name, value in context.items()
        }
        ours["portal_name"] = settings.PORTAL_NAME
        super().send_mail(template_prefix, email, ours)


def _at_home(url: str) -> str:
    """The same address under our own scheme and host."""
    parts = urlsplit(url)
    return settings.BASE_URL + urlunsplit(("", "", parts.path, parts.query, ""))
