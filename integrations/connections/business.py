"""Which MasterShop business an integration belongs to: learned from its first event."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from integrations.audit import trail
from integrations.connections.alegra_users import keyed_digest
from integrations.connections.models import BusinessDigest, Integration

MAX_LENGTH = 64


class BusinessTaken(Exception):
    """Another integration of the same comercio is active with this business."""

    def __init__(self, other: Integration) -> None:
        super().__init__("the business is active in another integration")
        self.other = other


def business_digest(business_id: str, mode: str) -> str:
    return keyed_digest("mastershop-business", f"{mode}|{business_id}")


def learn_business(integration: Integration, business_id: str, *, now: datetime) -> Integration:
    """Remember the business of an integration that has none yet; idempotent.

    Returns the integration that goes on with it: an archived one of the same business and
    company is opened again in its place, so that its old orders are recognised. Raises
    BusinessTaken when another integration of the comercio is active with the business, and
    ValueError when this one has another business already.
    """
    business_id = business_id.strip()[:MAX_LENGTH]
    if integration.source.business_id == business_id:
        return integration
    if integration.source.business_id:
        raise ValueError("the integration has another business")
    if not business_id:
        raise ValueError("a business has an id")
    with transaction.atomic():
        _refuse_taken(integration, business_id)
        asleep = (
            Integration.objects.archived()
            .select_related("source")
            .filter(
                source__business_id=business_id,
                mode=integration.mode,
                company_id=integration.company_id,
            )
            .order_by("-archived_at")
            .first()
        )
        if asleep is not None:
            integration = _wake(asleep, instead_of=integration, now=now)
        else:
            integration.source.business_id = business_id
            integration.source.save(update_fields=["business_id"])
        _count_digest(integration)
        trail.record(
            action="integration.learn_business",
            target=integration,
            after={"business": business_id},
        )
    return integration


def claim_business(integration: Integration) -> None:
    """Count an archive that wakes among the active ones. Raises BusinessTaken.

    Its account is set, not saved.
    """
    source = integration.source
    if source.business_id:
        _refuse_taken(integration, source.business_id)
        _count_digest(integration)
    source.in_use = True


def give_up_business(integration: Integration) -> None:
    """It no longer counts among the active ones; an archive still knows its business."""
    integration.source.in_use = False
    integration.source.save(update_fields=["in_use"])
    _forget_digest(integration)


def _refuse_taken(integration: Integration, business_id: str) -> None:
    active = (
        Integration.objects.active()
        .filter(source__business_id=business_id)
        .exclude(pk=integration.pk)
        .first()
    )
    if active is not None:
        raise BusinessTaken(active)


def _count_digest(integration: Integration) -> None:
    digest = business_digest(integration.source.business_id or "", integration.mode)
    BusinessDigest.objects.update_or_create(integration=integration, defaults={"digest": digest})


def reset_business(integration: Integration, *, request=None) -> None:
    """Forget the business; the next event teaches it anew. An act of the owner."""
    with transaction.atomic():
        before = integration.source.business_id
        integration.source.business_id = None
        integration.source.save(update_fields=["business_id"])
        _forget_digest(integration)
        trail.record(
            action="integration.reset_business",
            target=integration,
            request=request,
            before={"business": before},
            after={"business": None},
        )


def _forget_digest(integration: Integration) -> None:
    BusinessDigest.objects.filter(integration=integration).delete()


_ADDRESS = (
    "webhook_token",
    "webhook_token_digest",
    "secret",
    "previous_secret",
    "previous_secret_until",
    "key",
    "key_last4",
)
_NAMED = ("credential", "name", "state", "activated_at")


def _wake(asleep: Integration, *, instead_of: Integration, now: datetime) -> Integration:
    """The archive takes over the address, secrets and credentials of the new row, which goes
    into the bin in its place. What the archive had configured stays."""
    for name in _NAMED:
        setattr(asleep, name, getattr(instead_of, name))
    woken, left = asleep.source, instead_of.source
    for name in _ADDRESS:
        setattr(woken, name, getattr(left, name))
    instead_of.state, instead_of.archived_at = Integration.State.ARCHIVED, now
    # The digest is unique: the row in the bin gives it away before the other takes it.
    left.webhook_token_digest = secrets.token_hex(32)
    left.webhook_token = left.secret = left.previous_secret = ""
    left.key = left.key_last4 = ""
    woken.in_use, left.in_use = True, False
    for row in (left, instead_of, woken):
        row.save()
    asleep.archived_at = None
    asleep.automatic_from = now
    asleep.save()
    trail.record(action="integration.reopen", target=asleep, after={"instead_of": instead_of.pk})
    return asleep
