"""How a pass of the pull ended: what is kept of it, and the sentence that is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.utils.translation import gettext as _

from integrations.connections import reads
from integrations.connections.clients import NoStandIn
from integrations.connections.models import Integration
from integrations.connections.source_read import SourceRead
from integrations.intake import fetching, passes
from integrations.intake.passes import Pass
from integrations.mastershop import errors

log = structlog.get_logger("intake")


def completed(known: SourceRead, one: Pass, *, now: datetime) -> dict[str, Any]:
    """What a pass that came to its end changes of what is known of the list."""
    if one.name == fetching.NAME:
        # It reaches at least as far back as the widest.
        one = passes.FULL
    changes: dict[str, Any] = {
        "passes": passes.after(known.passes, one, started_at=now),
        "failed_at": None,
        "error": "",
    }
    # After an outage a narrow pass leaves a gap: only one that reaches back to where the last
    # complete one ended, or the widest, moves the moment up to which the list is whole.
    until = known.read_at
    if one is passes.FULL or (until is not None and until >= passes.covers_since(one, now=now)):
        changes["read_at"] = now
    return changes


def failed(integration: Integration, error: Exception, *, now: datetime) -> dict[str, Any]:
    """What one that failed changes."""
    log.warning("pull failed", integration=integration.pk, error=type(error).__name__)
    return reads.failure(failure_sentence(error), now=now)


def failure_sentence(error: Exception) -> str:
    """Why MasterShop could not be read, for the integration's page."""
    match error:
        case errors.KeyRefused():
            return _("MasterShop ya no acepta la llave. Genera una nueva y guárdala aquí.")
        case errors.RateLimited():
            return _("MasterShop pidió ir más despacio. Volvemos a consultar en unos minutos.")
        case errors.NotReached() | errors.Unavailable():
            return _("MasterShop no respondió. Volvemos a consultar en unos minutos.")
        case NoStandIn():
            return _("Los simuladores del modo de prueba no están encendidos.")
        case _:
            return _("MasterShop respondió algo que no se pudo leer. Volvemos a consultar.")
