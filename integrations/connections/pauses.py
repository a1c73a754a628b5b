"""When Alegra stops accepting a login: sending pauses, nothing is lost, the right token resumes.

A pause is a fact on the credential or the integration, never a state of a document; who
mails about it reads it here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from integrations.audit import trail
from integrations.connections import guards
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.models import AlegraCompany, AlegraUser, Credential, Integration
from integrations.connections.validation import LEAST_PRECISION, Probe

CODES = ("unauthorized", "plan", "forbidden")


class OtherCompany(Exception):
    """The token belongs to a company with another NIT."""


def pause_credential(credential: Credential, *, code: str, now: datetime, said: str = "") -> bool:
    """Stop sending with this login. False when it was paused already: the first cause stays.

    `said` are Alegra's own words, masked.

    False too when it got another token since it was read: what was refused is the old one.
    """
    if code not in CODES:
        raise ValueError(f"unknown reason for a pause: {code}")
    with transaction.atomic():
        paused = Credential.objects.filter(
            pk=credential.pk,
            state=Credential.State.VALID,
            validated_at=credential.validated_at,
        ).update(
            state=Credential.State.PAUSED,
            paused_code=code,
            paused_said=said[:200],
            paused_since=now,
            tried_at=now,
            mailed_at=None,
            reminded_at=None,
        )
        if paused:
            trail.record(action="credential.pause", target=credential, after={"code": code})
    if paused:
        credential.state = Credential.State.PAUSED
        credential.paused_code, credential.paused_since = code, now
        credential.paused_said = said[:200]
        credential.mailed_at = credential.reminded_at = None
    return bool(paused)


def resume_credential(
    credential: Credential, *, email: str, token: str, probe: Probe, now: datetime, request=None
) -> Credential:
    """Store a token that a probe has just found good; what waited goes by itself.

    Returns the credential in force: another row where the company already had one for that
    Alegra user. Raises OtherCompany when the token opens another company, ValueError for a
    probe that failed.
    """
    if probe.failure:
        raise ValueError("a token that Alegra refused is never stored")
    if probe.nit != credential.company.nit:
        raise OtherCompany
    user = alegra_user_for(email, mode=credential.mode)
    with transaction.atomic():
        before = {"email": credential.email, "state": credential.state}
        kept = _row_of(credential, user)
        kept.alegra_user, kept.email = user, email
        kept.token, kept.token_last4 = token, last4(token)
        kept.user_name = probe.user_name[:200]
        kept.state, kept.paused_code, kept.paused_since = Credential.State.VALID, "", None
        kept.paused_said = ""
        kept.validated_at = now
        kept.save()
        note_company(kept.company, probe)
        trail.record(
            action="credential.change",
            target=kept,
            request=request,
            before=before,
            after={"email": email, "state": kept.state, "token": "•••"},
        )
        for tell in guards.login_changed:
            tell(kept)
    return kept


def _row_of(credential: Credential, user: AlegraUser) -> Credential:
    """The row for this login, with the integrations of the old one moved to it."""
    other = (
        Credential.objects.select_related("company")
        .filter(alegra_user=user, company_id=credential.company_id)
        .exclude(pk=credential.pk)
        .first()
    )
    if other is None:
        return credential
    Integration.objects.filter(credential=credential).update(credential=other)
    Credential.objects.filter(pk=credential.pk).update(token="", token_last4="")
    return other


def last4(secret: str) -> str:
    """What is shown of a secret; nothing of one so short that it would tell too much."""
    return secret[-4:] if len(secret) >= 12 else ""


def note_company(company: AlegraCompany, found: Probe) -> None:
    """Keep what a probe saw of the company, and what follows from it."""
    company.name = found.name[:200]
    company.dv = found.dv
    company.city = found.city[:80]
    company.regime = found.regime[:40]
    company.has_warehouses = found.has_warehouses
    company.has_banks = found.has_banks
    company.precision = found.precision
    # Only these columns: others may have written the rest since the row was read.
    company.save(
        update_fields=[
            "name", "dv", "city", "regime", "has_warehouses", "has_banks", "precision",
        ]
    )  # fmt: skip
    follow_precision(company)


def follow_precision(company: AlegraCompany) -> None:
    """Under two decimals nothing is sent for the company; with two it goes on by itself.

    Colombian invoicing reference: from tax-included price to base, rule 3.
    """
    rows = Integration.objects.filter(company=company)
    none, precision = Integration.Pause.NONE, Integration.Pause.PRECISION
    if company.precision < LEAST_PRECISION:
        rows.filter(paused_reason=none).update(paused_reason=precision)
    else:
        rows.filter(paused_reason=precision).update(paused_reason=none)
