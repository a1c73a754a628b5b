"""What holds the sending of an integration: read at the moment it is asked, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.colombia.dates import bogota_today
from integrations.colombia.money import LEAST_PRECISION

if TYPE_CHECKING:
    from integrations.connections.models import Credential, Integration, PlatformState


@dataclass(frozen=True)
class Hold:
    """Why nothing leaves: a code, a sentence for the merchant, and until when if known."""

    code: str
    sentence: str
    until: datetime | None = None


def hold_of(
    integration: Integration,
    platform: PlatformState | None,
    now: datetime,
    *,
    doc_date: date | None = None,
) -> Hold | None:
    """What holds the documents of this integration that would carry `doc_date`, or None.

    Without a date: those of today in Bogotá, as all have that were not sent before. Reads the
    company and the credential where they are not loaded.
    """
    if platform is not None and platform.sending_stopped:
        return Hold("stopped", _("Los envíos están detenidos por el equipo de soporte."))
    if platform is not None and is_closed(platform.breaker_open_until, now):
        return breaker(platform.breaker_open_until)
    match integration.state:
        case integration.State.SETUP:
            return Hold("setup", _("La integración todavía no se ha encendido."))
        case integration.State.OFF:
            return Hold("off", _("La integración está apagada."))
        case integration.State.ARCHIVED:
            return Hold("archived", _("La integración está archivada."))
    if integration.company.checking_since is not None:
        return checking(integration.company.checking_found)
    precision = integration.Pause.PRECISION
    if integration.paused_reason not in ("", precision):
        return Hold(integration.paused_reason, integration.get_paused_reason_display())
    # The company's own figure counts also where another pause was lifted meanwhile.
    if integration.paused_reason == precision or integration.company.precision < LEAST_PRECISION:
        cure = _("Ponle 2 decimales en Alegra, en Configuración › Empresa.")
        return Hold(precision.value, f"{precision.label}. {cure}")
    if integration.company.total_doubted_at is not None:
        text = _("Un total quedó distinto en Alegra: leemos otra vez la precisión de la cuenta.")
        return Hold("total_doubted", text)
    if integration.credential.is_paused:
        return Hold("credential", paused_sentence(integration.credential))
    closed = integration.company.books_closed_until
    if closed is not None and (doc_date or bogota_today(now)) <= closed:
        text = _("Los libros están cerrados hasta el %(day)s.")
        return Hold("books_closed", text % {"day": closed.strftime("%d/%m/%Y")})
    return None


def checking(found: int) -> Hold:
    """Writes are held while what a restored database has forgotten is looked for in Alegra."""
    text = ngettext(
        "Estamos comprobando en Alegra qué se hizo, porque la base de datos volvió a una copia "
        "anterior: hasta ahora encontramos %(count)s documento que ya existía. No se envía nada "
        "mientras tanto.",
        "Estamos comprobando en Alegra qué se hizo, porque la base de datos volvió a una copia "
        "anterior: hasta ahora encontramos %(count)s documentos que ya existían. No se envía nada "
        "mientras tanto.",
        found,
    )
    return Hold("safe_start", text % {"count": found})


def breaker(until: datetime | None) -> Hold:
    """Alegra has not answered for a while: nobody calls before `until`."""
    return Hold("breaker", _("Alegra no está respondiendo."), until)


def is_closed(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def paused_sentence(credential: Credential) -> str:
    """Why a paused login is paused, Alegra's own words beside ours."""
    sentences = {
        "plan": _("El plan de Alegra ya no permite conectarse, o la cuenta está suspendida."),
        "forbidden": _("Alegra ya no le da permiso al usuario de la integración."),
    }
    text = sentences.get(credential.paused_code, _("Alegra ya no acepta el token."))
    said = credential.paused_said.rstrip(".")
    return f"{text} {_('Alegra dijo: «%s».') % said}" if said else text
