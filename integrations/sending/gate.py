"""The gate every write passes, right before it is made.

A pause is never a state of a row: the gate says at the moment of sending whether anything
holds it, and the screens ask the same function for the reason they show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.colombia.dates import bogota_today
from integrations.connections.models import Credential, Integration, PlatformState
from integrations.connections.pauses import paused_sentence
from integrations.connections.validation import LEAST_PRECISION


@dataclass(frozen=True)
class Hold:
    """Why nothing leaves: a code, a sentence for the merchant, and until when if known."""

    code: str
    sentence: str
    until: datetime | None = None


def _precision_sentence() -> str:
    """What is wrong in Alegra and where it is raised there."""
    cure = _("Ponle 2 decimales en Alegra, en Configuración › Empresa.")
    return f"{Integration.Pause.PRECISION.label}. {cure}"


def hold_of(
    integration: Integration, now: datetime, *, doc_date: date | None = None
) -> Hold | None:
    """What holds the documents of this integration that would carry `doc_date`, or None.

    Without a date: those of today in Bogotá, as all have that were not sent before. Reads the
    platform's row, and the company where it is not loaded.
    """
    platform = PlatformState.objects.filter(pk=1).first()
    if platform is not None and platform.sending_stopped:
        return Hold("stopped", _("Los envíos están detenidos por el equipo de soporte."))
    if platform is not None and _is_open(platform.breaker_open_until, now):
        return Hold("breaker", _("Alegra no está respondiendo."), platform.breaker_open_until)
    match integration.state:
        case Integration.State.SETUP:
            return Hold("setup", _("La integración todavía no se ha encendido."))
        case Integration.State.OFF:
            return Hold("off", _("La integración está apagada."))
        case Integration.State.ARCHIVED:
            return Hold("archived", _("La integración está archivada."))
    if integration.paused_reason == Integration.Pause.PRECISION:
        return Hold(Integration.Pause.PRECISION.value, _precision_sentence())
    if integration.paused_reason:
        return Hold(integration.paused_reason, integration.get_paused_reason_display())
    if integration.company.precision < LEAST_PRECISION:
        # Also where another pause was lifted meanwhile.
        precision = Integration.Pause.PRECISION
        return Hold(precision.value, _precision_sentence())
    if integration.company.total_doubted_at is not None:
        text = _("Un total quedó distinto en Alegra: leemos otra vez la precisión de la cuenta.")
        return Hold("total_doubted", text)
    if integration.credential.state == Credential.State.PAUSED:
        return Hold("credential", paused_sentence(integration.credential))
    closed = integration.company.books_closed_until
    if closed is not None and (doc_date or bogota_today(now)) <= closed:
        text = _("Los libros están cerrados hasta el %(day)s.")
        return Hold("books_closed", text % {"day": closed.strftime("%d/%m/%Y")})
    return None


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
    held = hold_of(integration, now, doc_date=doc_date)
    if held is not None:
        return held
    breaker = integration.credential.alegra_user.breaker_open_until
    if _is_open(breaker, now):
        return Hold("breaker", _("Alegra no está respondiendo."), breaker)
    return None


def _is_open(breaker_open_until: datetime | None, now: datetime) -> bool:
    return breaker_open_until is not None and breaker_open_until > now
