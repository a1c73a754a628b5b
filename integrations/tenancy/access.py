"""Access is decided in one place: outsiders get 404, members who may not write get 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from integrations.scoping.context import scope, unscoped
from integrations.tenancy.models import Membership
from integrations.tenancy.roles import Act, may

SAFE = {"GET", "HEAD", "OPTIONS"}


def membership_of(user, slug: str) -> Membership | None:
    """The person's membership in the organization with this slug, or None."""
    if not user.is_authenticated:
        return None
    with unscoped("whose organization is this address"):
        return (
            Membership.objects.select_related("organization", "user")
            .filter(organization__slug=slug, user=user)
            .first()
        )


def organization_view(*, read: Act | None = Act.READ, write: Act | None = None) -> Callable:
    """Decorates a view below `c/<organization>/`.

    `read` is needed for GET and HEAD, `write` for POST; None means that method does not
    exist there (405, but only for who may see the page at all). The view runs inside the
    organization's scope and finds `request.organization` and `request.membership`; it does
    not receive the slug.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, organization: str, **kwargs) -> HttpResponse:
            membership = membership_of(request.user, organization)
            if membership is None:
                raise Http404
            request.membership = membership
            request.organization = membership.organization
            request.may = lambda act: may(membership.role, Act(act))
            if request.method in ("GET", "HEAD"):
                needed = read
            elif request.method == "POST":
                needed = write
            else:
                needed = None
            if needed is None:
                # What may not be written by anybody here is still 403 for who only reads.
                if request.method not in SAFE and not may(membership.role, Act.EDIT):
                    return forbidden(request)
                allowed = [m for m, act in (("GET", read), ("POST", write)) if act is not None]
                return HttpResponseNotAllowed(allowed)
            if not may(membership.role, needed):
                return forbidden(request)
            with scope(membership.organization_id):
                return view(request, **kwargs)

        guarded.access = (read, write)
        return guarded

    return decorate


def forbidden(request: HttpRequest) -> HttpResponse:
    from integrations.tenancy.errors import forbidden_page

    return forbidden_page(request)


class StaffScope:
    """Middleware: the staff's admin looks across tenants, and says so.

    For whoever signed in and is not of the staff there is no such page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/admin/") and request.user.is_staff:
            with unscoped("staff in the admin"):
                response = self.get_response(request)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                return response
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            from integrations.tenancy.errors import not_found

            return not_found(request)
        return self.get_response(request)
