"""What every page needs to know about where it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from integrations.tenancy.roles import Act


def portal(request: HttpRequest) -> dict:
    may = getattr(request, "may", None)
    return {
        "portal_name": settings.PORTAL_NAME,
        "organization": getattr(request, "organization", None),
        "membership": getattr(request, "membership", None),
        "may_connect": bool(may and may(Act.OWN)),
    }
