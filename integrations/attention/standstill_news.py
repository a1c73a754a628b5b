"""Logins that Alegra refuses and integrations that stand still, in the words of the notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from integrations.attention import news_words
from integrations.attention.waiting import Waiting
from integrations.connections.asking_again import HEALING
from integrations.connections.models import Credential, Integration
from integrations.notifications.news import CredentialNews, PauseNews, Told
from integrations.sending.states import State

# Works that go out by themselves as soon as nothing holds them.
_WAITING = (State.PENDING, State.SENDING, State.UNCONFIRMED)

PAUSED_LOGIN = Q(state=Credential.State.PAUSED) | Q(mailed_at__isnull=False)
PAUSE_TO_TELL = (~Q(paused_reason="") & Q(pause_mailed_at=None)) | Q(
    paused_reason="", pause_mailed_at__isnull=False
)


def waiting() -> dict[int, tuple[int, int]]:
    """By integration: how many orders go out by themselves once nothing holds them, in pesos."""
    found = Waiting(_WAITING)
    return {
        place: (amount.orders, amount.pesos)
        for place in found.integrations
        for amount in [found.of(*_WAITING, integrations=[place])]
    }


def credentials(
    places: dict[int, Integration], held: dict[int, tuple[int, int]]
) -> Iterable[CredentialNews]:
    """One for each Alegra login that is paused, or was when it was told."""
    rows = Credential.objects.select_related("company").defer("token")
    by_login = defaultdict(list)
    for credential in rows.filter(PAUSED_LOGIN).order_by("paused_since", "pk"):
        by_login[credential.alegra_user_id].append(credential)
    for credentials in by_login.values():
        ids = {credential.pk for credential in credentials}
        companies = {credential.company_id for credential in credentials}
        using = [place for place in places.values() if place.credential_id in ids]
        paused = [c for c in credentials if c.is_paused]
        if not using:
            # Its integrations have moved to another login of the same company.
            using = [place for place in places.values() if place.company_id in companies]
            paused = []
        if not using or (not paused and not any(c.mailed_at for c in credentials)):
            continue
        first = (paused or credentials)[0]
        using.sort(key=lambda place: place.pk)
        current = using[0].credential
        yield CredentialNews(
            credential_ids=tuple(sorted(ids)),
            integration_id=using[0].pk,
            code=first.paused_code,
            said=first.paused_said.rstrip("."),
            login=first.email if paused else current.email,
            companies=tuple(sorted({c.company.name for c in credentials})),
            integrations=tuple(sorted({place.name for place in using})),
            orders=sum(held.get(place.pk, (0, 0))[0] for place in using),
            pesos=sum(held.get(place.pk, (0, 0))[1] for place in using),
            since=min(c.paused_since for c in paused) if paused else None,
            cure_path=reverse(
                # There is no other token to give: there it is asked again.
                "integration" if first.paused_code in HEALING else "integration_credentials",
                args=[using[0].organization.slug, using[0].pk],
            ),
            mailed_at=max((c.mailed_at for c in credentials if c.mailed_at), default=None),
            reminded_at=max((c.reminded_at for c in credentials if c.reminded_at), default=None),
        )


def mark_credential(news: CredentialNews, told: Told, now: datetime) -> bool:
    rows = Credential.objects.filter(pk__in=news.credential_ids)
    match told:
        case Told.PAUSED:
            # All of them or none: another worker that told it has marked them all.
            if rows.filter(mailed_at__isnull=False).exists():
                return False
            marked = rows.filter(mailed_at=None, state="paused").update(mailed_at=now)
        case Told.REMINDED:
            first = rows.filter(reminded_at=news.reminded_at, mailed_at__isnull=False)
            marked = first.update(reminded_at=now)
            rows.filter(state="paused", mailed_at=None).update(mailed_at=now)
        case Told.OVER:
            marked = rows.filter(mailed_at__isnull=False).update(mailed_at=None, reminded_at=None)
        case _:
            raise ValueError(f"a login is not told as {told}")
    return bool(marked)


def pauses(places: dict[int, Integration], held: dict[int, tuple[int, int]]) -> Iterable[PauseNews]:
    for place in places.values():
        if not place.paused_reason and place.pause_mailed_at is None:
            continue
        orders, pesos = held.get(place.pk, (0, 0))
        yield PauseNews(
            integration_id=place.pk,
            integration_name=place.name,
            reason=place.paused_reason,
            sentence=str(place.get_paused_reason_display()),
            what_to_do=news_words.what_to_do(place.paused_reason),
            orders=orders,
            pesos=pesos,
            cure_path=reverse("integration", args=[place.organization.slug, place.pk]),
            mailed_at=place.pause_mailed_at,
        )


def mark_pause(news: PauseNews, told: Told, now: datetime) -> bool:
    rows = Integration.objects.filter(pk=news.integration_id)
    if told == Told.PAUSED:
        return bool(rows.filter(pause_mailed_at=None).update(pause_mailed_at=now))
    return bool(rows.filter(paused_reason="").update(pause_mailed_at=None))
