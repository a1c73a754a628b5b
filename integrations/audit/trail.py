"""Writing the trail."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import models

from integrations.audit.models import AuditEntry
from integrations.timekeeping import clock


def record(
    *,
    action: str,
    target: models.Model,
    actor=None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    request=None,
    kind: str = "",
) -> AuditEntry:
    """Append one entry to the organization in scope.

    `action` is noun.verb ("integration.switch_on"). Give the request where there is one:
    it brings the actor, the address and the request's id. Values that are secret must
    already be replaced ("•••"). `kind` is "staff" where somebody acts for support.
    """
    ip = None
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    if request is not None:
        actor = actor or (request.user if request.user.is_authenticated else None)
        ip = request.META.get("REMOTE_ADDR") or None
        request_id = getattr(request, "id", request_id)
    kind = kind or ("system" if actor is None else "person")
    return AuditEntry.objects.create(
        organization_id=getattr(target, "organization_id", target.pk),
        actor=actor,
        kind=kind,
        action=action,
        target_type=target._meta.model_name,
        target_id=str(target.pk or ""),
        before=before,
        after=after,
        ip=ip,
        request_id=request_id,
        at=clock.now(),
    )


def name_of(actor) -> str:
    """Who acted, as columns keep it; '' for the portal itself."""
    return str(actor)[:120] if actor is not None else ""


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict, dict]:
    """Only what differs, as two dictionaries with the same keys."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
