"""The gate every write passes, right before it is made.

A pause is never a state of a row: the gate says at the moment of sending whether anything
holds it, and the screens ask the same function for the reason they show.
"""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.connections.hold import Hold, breaker, is_closed
from integrations.connections.models import Integration


def cure_of(hold: Hold, *, organization: str, integration: int) -> tuple[str, str]:
    """Where a merchant can end the hold: what the link says and its address, '' for neither."""
    match hold.code:
        case "credential":
            label, name = _("Cambiar el token"), "integration_credentials"
        case "off" | "setup" | "archived":
            return _("Ver la integración"), reverse("integrations", args=[organization])
        case "precision":
            label, name = _("Probar otra vez"), "integration"
        case "books_closed":
            label, name = _("Ver la configuración"), "settings"
        case "safe_start":
            label, name = _("Ver la comprobación"), "restore_check"
        case "no_rule":
            label, name = _("Ver las acciones"), "actions"
        case _:
            return "", ""
    return label, reverse(name, args=[organization, integration])


def gate(integration: Integration, *, doc_date: date, now: datetime) -> Hold | None:
    """What holds a document of this date at this moment, or None when it may be written.

    The integration, its company, its credential and that one's Alegra user must have been read
    for this question: minutes may have passed since the row was claimed.
    """
    held = integration.hold(now, doc_date=doc_date)
    if held is not None:
        return held
    until = integration.credential.alegra_user.breaker_open_until
    return breaker(until) if is_closed(until, now) else None
