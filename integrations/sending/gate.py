"""The gate every write passes, right before it is made.

A pause is never a state of a row: the gate says at the moment of sending whether anything
holds it, and the screens ask the same function for the reason they show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from integrations.connections.models import Credential, Integration, PlatformState
from integrations.sending.models import Work


@dataclass(frozen=True)
class Hold:
    """Why nothing leaves: a code, a sentence for the merchant, and until when if known."""

    code: str
    sentence: str
    until: datetime | None = None


def hold_of(integration: Integration, now: datetime | None = None) -> Hold | None:
    """What holds everything of this integration, or None. Reads one shared row."""
    platform = PlatformState.objects.filter(pk=1).first()
    if platform is not None and platform.sending_stopped:
        return Hold("stopped", _("Los envíos están detenidos por el equipo de soporte."))
    if (
        platform is not None
        and platform.breaker_open_until
        and now
        and platform.breaker_open_until > now
    ):
        return Hold("breaker", _("Alegra no está respondiendo."), platform.breaker_open_until)
    match integration.state:
        case Integration.State.SETUP:
            return Hold("setup", _("La integración todavía no se ha encendido."))
        case Integration.State.OFF:
            return Hold("off", _("La integración está apagada."))
        case Integration.State.ARCHIVED:
            return Hold("archived", _("La integración está archivada."))
    if integration.paused_reason:
        return Hold(integration.paused_reason, integration.get_paused_reason_display())
    if integration.credential.state == Credential.State.PAUSED:
        return Hold("credential", _("Alegra ya no acepta el token."))
    return None


def gate(work: Work, *, doc_date: date, now: datetime) -> Hold | None:
    """What holds this work at this moment, or None when it may be written.

    Read anew from the database: minutes may have passed since the row was claimed.
    """
    integration = Integration.objects.select_related("credential", "company").get(
        pk=work.integration_id
    )
    held = hold_of(integration, now)
    if held is not None:
        return held
    breaker = integration.credential.alegra_user.breaker_open_until
    if breaker is not None and breaker > now:
        return Hold("breaker", _("Alegra no está respondiendo."), breaker)
    closed = integration.company.books_closed_until
    if closed is not None and doc_date <= closed:
        return Hold("books_closed", _("Los libros están cerrados en esa fecha."))
    return None
