"""The pages of what went wrong: in a sentence, with what to do, and never a secret."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from integrations.scoping.context import scope
from integrations.tenancy import unavailable
from integrations.tenancy.access import membership_of
from integrations.tenancy.models import Membership, Role


def forbidden_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"owners": _owners(request)}, status=403)


def _owners(request: HttpRequest) -> str:
    """Whom to ask: the names of the organization's owners."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return ""
    with scope(membership.organization_id):
        owners = Membership.objects.filter(role=Role.OWNER).select_related("user").order_by("pk")
        names = [str(owner.user) for owner in owners[:3]]
    return _(" o ").join(names)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For strangers too: the page offers to sign in, and says nothing of what exists."""
    return render(request, "errors/404.html", {"next": request.get_full_path()}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the error. A failure for want of something is no fault of
    the portal: it is answered with 503 and without a query."""
    lacking = unavailable.answer_for(request, sys.exception())
    if lacking is not None:
        return lacking
    return render(
        request, "errors/500.html", {"request_id": getattr(request, "id", "")}, status=500
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A stranger learns nothing here either: below `c/<organization>/` it is a 404."""
    match = request.resolver_match
    slug = match.kwargs.get("organization") if match else None
    if slug is not None and membership_of(request.user, slug) is None:
        return not_found(request)
    return render(request, "errors/csrf.html", status=403)
