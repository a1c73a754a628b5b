"""How a pass of the pull ended: what the integration keeps of it, and the sentence it shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.utils.translation import gettext as _

from integrations.connections.clients import NoStandIn
from integrations.connections.source_account import SourceAccount
from integrations.intake import fetching, passes
from integrations.intake.passes import Pass
from integrations.mastershop import errors

log = structlog.get_logger("intake")


def completed(source: SourceAccount, one: Pass, *, now: datetime) -> dict[str, Any]:
    """What a pass that came to its end changes on its account."""
    if one.name == fetching.NAME:
        # It reaches at least as far back as the widest.
        one = passes.FULL
    changes: dict[str, Any] = {
        "pulls": passes.after(source.pulls, one, started_at=now),
        "pull_error": "",
        "key_refused_at": None,
    }
    # After an outage a narrow pass leaves a gap: only one that reaches back to where the last
    # complete one ended, or the widest, moves *completo hasta*.
    until = source.pulled_until
    if one is passes.FULL or (until is not None and until >= passes.covers_since(one, now=now)):
        changes["pulled_until"] = now
    return changes


def failure(source: SourceAccount, error: Exception, *, now: datetime) -> dict[str, Any]:
    """What one that failed changes."""
    log.warning("pull failed", account=source.pk, error=type(error).__name__)
    return {
        "pull_error": failure_sentence(error),
        "pulls": source.pulls | {passes.FAILED: now.isoformat()},
    }


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
