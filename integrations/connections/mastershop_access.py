"""MasterShop's side of an integration: its webhook address, signing secret and key."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from integrations.audit import trail
from integrations.connections import reads
from integrations.connections.clients import mastershop_client
from integrations.connections.connect import new_webhook_token
from integrations.connections.models import Integration
from integrations.connections.pauses import last4
from integrations.mastershop import errors
from integrations.timekeeping.timing import timing


def rotate_webhook_token(integration: Integration, *, request=None) -> None:
    """A new address; deliveries to the old one are refused from this moment."""
    with transaction.atomic():
        new_webhook_token(integration.source)
        integration.source.save(update_fields=["webhook_token", "webhook_token_digest"])
        trail.record(
            action="integration.rotate_webhook",
            target=integration,
            request=request,
            after={"webhook": "•••"},
        )


def set_secret(integration: Integration, secret: str, *, now: datetime, request=None) -> None:
    """Replace the signing secret; the one before is accepted for 24 hours more.

    '' takes it away: deliveries are then believed as unsigned ones are.
    """
    source = integration.source
    with transaction.atomic():
        before = bool(source.secret)
        if secret and source.secret and secret != source.secret:
            source.previous_secret = source.secret
            source.previous_secret_until = now + timing().delta("previous_secret_lives")
        elif not secret:
            source.previous_secret, source.previous_secret_until = "", None
        source.secret = secret
        source.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
        trail.record(
            action="integration.set_secret",
            target=integration,
            request=request,
            before={"secret": "•••" if before else ""},
            after={"secret": "•••" if secret else ""},
        )


def set_key(integration: Integration, key: str, *, now: datetime, request=None) -> None:
    """Store a key that was checked, or take it away with ''.

    A first key on an integration that is on makes the pull see older orders: they are
    documented only after a person's yes.
    """
    source = integration.source
    with transaction.atomic():
        is_first = bool(key) and not source.key
        before = source.key_last4
        source.key, source.key_last4 = key, last4(key)
        source.key_refused_at = None
        source.save(update_fields=["key", "key_last4", "key_refused_at"])
        reads.forget_failure(reads.Kind.ORDERS, integration)
        if is_first and integration.is_on:
            integration.automatic_from = now
            integration.save(update_fields=["automatic_from"])
        trail.record(
            action="integration.set_key",
            target=integration,
            request=request,
            before={"key": f"•••{before}" if before else ""},
            after={"key": f"•••{source.key_last4}" if key else ""},
        )


def check_key(integration: Integration, key: str) -> str:
    """'' when MasterShop accepts the key, else a code: refused or unreachable."""
    with mastershop_client(integration, key=key) as client:
        try:
            client.check()
        except errors.KeyRefused:
            return "refused"
        except errors.MasterShopError:
            return "unreachable"
    return ""


def webhook_url(integration: Integration) -> str:
    """The address to paste in MasterShop. It is a secret: for owners' eyes only."""
    return f"{settings.BASE_URL}/webhooks/mastershop/{integration.source.webhook_token}/"
