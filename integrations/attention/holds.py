"""What holds whole integrations: said before any cause, with what waits behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.attention.waiting import Amount, Waiting
from integrations.connections import asking_again
from integrations.connections.hold import paused_sentence
from integrations.connections.models import Integration
from integrations.documents.contact_wait import ContactWait, contact_wait
from integrations.sending.gate import cure_of
from integrations.sending.states import State


@dataclass(frozen=True)
class HoldNote:
    """`sentence` what happened, `names` where, `waiting` behind it; the cure may be a link."""

    code: str
    sentence: str
    names: str
    waiting: Amount
    since: datetime | None = None
    cure_label: str = ""
    cure_url: str = ""
    # Asks Alegra once, now.
    try_url: str = ""
    # Without anybody's doing the orders leave once Alegra accepts the login again.
    heals_itself: bool = False


def hold_notes(
    integrations: Iterable[Integration], waiting: Waiting, *, slug: str, now: datetime
) -> list[HoldNote]:
    """Refused credentials always, once a login; other pauses while orders wait behind them."""
    by_credential: dict[int, list[Integration]] = {}
    notes = []
    for integration in integrations:
        if integration.is_archived:
            continue
        if integration.credential.is_paused and integration.is_on:
            by_credential.setdefault(integration.credential_id, []).append(integration)
            continue
        held = waiting.of(State.PENDING, integrations=[integration.pk])
        # A check after a restore is shown even where no order waits for it.
        is_checked = integration.is_on and integration.company.checking_since is not None
        hold = integration.hold(now) if held or is_checked else None
        if hold is not None:
            label, url = cure_of(hold, organization=slug, integration=integration.pk)
            notes.append(
                HoldNote(
                    hold.code,
                    hold.sentence,
                    integration.name,
                    held,
                    since=integration.company.checking_since if is_checked else None,
                    cure_label=label,
                    cure_url=url,
                )
            )
    return [_refused(rows, waiting, slug) for rows in by_credential.values()] + notes


def contact_waits(integrations: Iterable[Integration], *, now: datetime) -> list[ContactWait]:
    """What Alegra's limit of contacts delays, once an Alegra user. Nobody has to act."""
    users = {each.credential.alegra_user_id for each in integrations if each.is_on}
    return [wait for user in sorted(users) if (wait := contact_wait(user, now))]


def _refused(rows: list[Integration], waiting: Waiting, slug: str) -> HoldNote:
    credential = rows[0].credential
    ids = [row.pk for row in rows]
    return HoldNote(
        "credential",
        paused_sentence(credential),
        ", ".join(row.name for row in rows),
        waiting.of(State.PENDING, State.UNCONFIRMED, integrations=ids),
        since=credential.paused_since,
        cure_label=_("Cambiar el token"),
        cure_url=reverse("integration_credentials", args=[slug, rows[0].pk]),
        try_url=reverse("credential_try", args=[slug, rows[0].pk]),
        heals_itself=credential.paused_code in asking_again.HEALING,
    )
