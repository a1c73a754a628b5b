"""Who is mailed: members by their role and their own choice, and extra addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.notifications.models import Recipient
from integrations.tenancy.models import Membership, Role


class Failures(models.TextChoices):
    AT_ONCE = "at_once", _("Enseguida")
    DIGEST = "digest", _("En el resumen de cada hora")
    NEVER = "never", _("No recibe")


# A paused login concerns who can enter a token; nobody of them can opt out of it.
TOLD_OF_CREDENTIALS = frozenset({Role.OWNER, Role.ACCOUNTANT})
# Nobody needs more, and each is an address that strangers could be written to at.
MAX_EXTRA = 10


@dataclass(frozen=True)
class Addressee:
    """`membership` for members, `recipient_id` for extra addresses."""

    email: str
    failures: Failures
    membership: Membership | None = None
    recipient_id: int | None = None

    @property
    def role(self) -> str:
        return self.membership.role if self.membership else ""

    @property
    def is_told_of_credentials(self) -> bool:
        return self.role in TOLD_OF_CREDENTIALS


def default_choice(role: str) -> Failures:
    return Failures.NEVER if role == Role.VIEWER else Failures.AT_ONCE


def addressees() -> list[Addressee]:
    """Everybody of the organization in scope who may be mailed, each address once."""
    chosen: dict[int, Recipient] = {}
    extra = []
    for recipient in Recipient.objects.order_by("email", "pk"):
        if recipient.user_id is None:
            extra.append(recipient)
        else:
            chosen[recipient.user_id] = recipient
    members = Membership.objects.select_related("user").filter(user__is_active=True)
    found = [
        Addressee(
            membership.user.email,
            choice_of(chosen.get(membership.user_id), default_choice(membership.role)),
            membership=membership,
        )
        for membership in members.order_by("pk")
    ]
    taken = {each.email.lower() for each in found}
    found.extend(
        Addressee(
            recipient.email, choice_of(recipient, Failures.AT_ONCE), recipient_id=recipient.pk
        )
        for recipient in extra
        if recipient.email.lower() not in taken
    )
    return found


def choice_of(recipient: Recipient | None, otherwise: Failures) -> Failures:
    value = recipient.preferences.get("failures") if recipient else None
    return Failures(value) if value in Failures.values else otherwise


def told_of_failures(everybody: list[Addressee], choice: Failures) -> list[str]:
    return [each.email for each in everybody if each.failures == choice]


def told_of_credentials(everybody: list[Addressee]) -> list[str]:
    return [each.email for each in everybody if each.is_told_of_credentials]
