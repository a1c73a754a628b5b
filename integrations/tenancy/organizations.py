"""Making a *comercio*."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from integrations.audit import trail
from integrations.scoping.context import scope
from integrations.tenancy.models import Membership, Organization, Role, User

# Words that would read like a page of ours in an address.
RESERVED = frozenset({"admin", "cuenta", "comercios", "nuevo"})


def free_slug(name: str) -> str:
    """`Hogar Andino S.A.S.` → `hogar-andino-sas`, with a number behind it where it is taken."""
    stem = slugify(name)[:50].strip("-") or "comercio"
    taken = set(
        Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    ) | set(RESERVED)
    candidate, number = stem, 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


def create_organization(*, name: str, owner: User, request=None) -> Organization:
    """The organization, its first owner and the entry in its trail, together.

    Two people may ask for the same name at once: the one who comes second gets the next
    free address.
    """
    for last_try in (False, False, True):
        try:
            with transaction.atomic():
                organization = Organization.objects.create(name=name, slug=free_slug(name))
                with scope(organization.pk):
                    Membership.objects.create(user=owner, role=Role.OWNER)
                    trail.record(
                        action="organization.create",
                        target=organization,
                        actor=owner,
                        request=request,
                        after={"name": name, "slug": organization.slug},
                    )
                return organization
        except IntegrityError:
            if last_try:
                raise
    raise AssertionError("unreachable")
