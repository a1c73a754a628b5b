"""An integration's life: made from a probe, switched on and off, archived, opened again."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from integrations.audit import trail
from integrations.connections import guards
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.business import claim_business, give_up_business
from integrations.connections.checklist import Line, checklist_of
from integrations.connections.lookup import SOURCE_SECRETS
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.connections.pauses import last4, note_company
from integrations.connections.source_account import SourceAccount
from integrations.connections.validation import Probe

TOKEN_BYTES = 32


class OtherMode(Exception):
    """The company is already connected in the other mode: trial and real books never mix."""


class NotReady(Exception):
    """`lines` of the checklist forbid switching on."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        super().__init__("the set-up is not complete")
        self.lines = lines


class MustStay(Exception):
    """`sentences` say why the integration cannot be archived now."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("something of the integration is unfinished")
        self.sentences = sentences


def token_digest(token: str) -> str:
    """What a webhook address is found by; the token has 256 bits, so no key is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_webhook_token(source: SourceAccount) -> None:
    """Set (not save) a new address; the old one stops at once."""
    source.webhook_token = secrets.token_urlsafe(TOKEN_BYTES)
    source.webhook_token_digest = token_digest(source.webhook_token)


def archived_of(nit: str) -> list[Integration]:
    """The archived integrations with this company, newest first; they may be opened again."""
    return list(
        Integration.objects.archived()
        .filter(company__nit=nit)
        .select_related("company", "source")
        .defer(*SOURCE_SECRETS)
        .order_by("-archived_at", "-id")
    )


def create_integration(
    *,
    name: str,
    email: str,
    token: str,
    probe: Probe,
    now: datetime,
    reopen: Integration | None = None,
    request=None,
) -> Integration:
    """A new integration in set-up, or the archived one opened again with these credentials.

    Raises ValueError for a probe that blocks, OtherMode when the company is connected in the
    other mode, BusinessTaken when the archive's business is active elsewhere in the comercio.
    """
    if probe.blocks:
        raise ValueError("an integration is made from credentials that were found good")
    user = alegra_user_for(email, mode=probe.mode)
    with transaction.atomic():
        company, _ = AlegraCompany.objects.get_or_create(
            nit=probe.nit, defaults={"name": probe.name[:200]}
        )
        if Credential.objects.filter(company=company).exclude(mode=probe.mode).exists():
            raise OtherMode
        note_company(company, probe)
        credential, _ = Credential.objects.get_or_create(
            alegra_user=user, company=company, defaults={"email": email, "mode": probe.mode}
        )
        credential.email, credential.user_name = email, probe.user_name[:200]
        credential.token, credential.token_last4 = token, last4(token)
        credential.state, credential.paused_code = Credential.State.VALID, ""
        credential.paused_since, credential.validated_at = None, now
        credential.save()
        integration = reopen or Integration(
            company=company, mode=probe.mode, source=SourceAccount()
        )
        integration.name, integration.credential = name, credential
        integration.state, integration.archived_at = Integration.State.SETUP, None
        if reopen is None:
            integration.source_key = secrets.token_hex(16)
        else:
            claim_business(integration)
        new_webhook_token(integration.source)
        integration.source.save()
        integration.save()
        trail.record(
            action="integration.reopen" if reopen else "integration.create",
            target=integration,
            request=request,
            after={"name": name, "company": company.nit, "mode": probe.mode, "email": email},
        )
    return integration


def switch_on(integration: Integration, *, now: datetime, request=None) -> None:
    """From now on orders are documented; those already past wait for a person's yes.

    Raises NotReady while a line of the checklist forbids it, ValueError for an archived one.
    """
    if integration.is_archived:
        raise ValueError("an archived integration is opened again first")
    if integration.is_on:
        return
    blocking = checklist_of(integration).blocking
    if blocking:
        raise NotReady(blocking)
    before = _life(integration)
    integration.state = Integration.State.ON
    integration.activated_at = integration.activated_at or now
    integration.process_from = integration.process_from or now
    integration.automatic_from = now
    _save_life(integration, before, "integration.switch_on", request)


def switch_off(integration: Integration, *, request=None) -> None:
    """Orders are still received and shown; nothing is sent."""
    if not integration.is_on:
        return
    before = _life(integration)
    integration.state = Integration.State.OFF
    _save_life(integration, before, "integration.switch_off", request)


def archive(integration: Integration, *, now: datetime, request=None) -> None:
    """Put it in the bin. Raises MustStay while something of it is under way."""
    if integration.is_archived:
        return
    before = _life(integration)
    with transaction.atomic():
        # Off first, in the same transaction: nothing new can begin while the rooms look.
        Integration.objects.filter(pk=integration.pk).update(state=Integration.State.OFF)
        sentences = guards.objections(integration)
        if sentences:
            transaction.set_rollback(True)
        else:
            integration.state, integration.archived_at = Integration.State.ARCHIVED, now
            give_up_business(integration)
            _save_life(integration, before, "integration.archive", request)
    if sentences:
        raise MustStay(sentences)


def move_process_from(integration: Integration, *, to: datetime) -> None:
    """Set (not save) *Procesar pedidos desde*.

    Moved back, the orders in between become due only after a person's yes: what goes by
    itself starts no earlier than the old moment.
    """
    old = integration.process_from
    if old is not None and to < old:
        integration.automatic_from = max(integration.automatic_from or old, old)
    integration.process_from = to


def _life(integration: Integration) -> dict:
    shown = ("process_from", "automatic_from")
    moments = {name: getattr(integration, name) for name in shown}
    return {"state": integration.state} | {
        name: at.isoformat() if at else None for name, at in moments.items()
    }


def _save_life(integration: Integration, before: dict, action: str, request) -> None:
    with transaction.atomic():
        integration.save(
            update_fields=[
                "state",
                "activated_at",
                "archived_at",
                "process_from",
                "automatic_from",
            ]
        )
        after = _life(integration)
        was, now_is = trail.changes(before, after)
        trail.record(action=action, target=integration, request=request, before=was, after=now_is)
