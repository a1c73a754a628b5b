"""A paused login heals by itself where the cure is outside: one cheap reading asks about it.

`GET /company` is the call whose refusal paused it (Alegra reference, HTTP statuses). A refused
token is not asked about again and again: another one ends that, or a person who asks once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from integrations.alegra import company
from integrations.alegra.errors import AlegraError, Forbidden, PlanExcludes, Unauthorized
from integrations.audit import trail
from integrations.colombia.masking import mask_text
from integrations.connections import guards
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Credential, Integration
from integrations.connections.pace import Pace
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping.timing import timing

HEALING = ("plan", "forbidden")
_REFUSALS: dict[type[AlegraError], str] = {
    Unauthorized: "unauthorized",
    PlanExcludes: "plan",
    Forbidden: "forbidden",
}


def ask_due(now: datetime) -> int:
    """Ask about each login whose time has come; returns how many are good again."""
    last = now - timing().delta("login_tried_every")
    with unscoped("paused logins that may be good again"):
        rows = Credential.objects.filter(
            state=Credential.State.PAUSED, paused_code__in=HEALING
        ).filter(Q(tried_at=None) | Q(tried_at__lte=last))
        due = list(rows.values_list("pk", "organization_id"))
    healed = 0
    for pk, organization_id in due:
        with scope(organization_id):
            credential = Credential.objects.select_related("company").get(pk=pk)
            if _is_in_use(credential):
                healed += ask_again(credential, now=now) is None
    return healed


def ask_again(
    credential: Credential, *, now: datetime, for_person: bool = False, request=None
) -> AlegraError | NoStandIn | None:
    """Read the company once; None when Alegra accepts the login, which then goes on.

    Outside a transaction. What Alegra says instead is kept, whatever it says.
    """
    rows = Credential.objects.filter(
        pk=credential.pk, state=Credential.State.PAUSED, validated_at=credential.validated_at
    )
    rows.update(tried_at=now)
    pace = Pace(credential.alegra_user_id, for_person=for_person)
    try:
        with alegra_client(credential, pace=pace) as client:
            company.read(client)
    except AlegraError as error:
        if code := _REFUSALS.get(type(error)):
            rows.update(paused_code=code, paused_said=words_of(error))
        return error
    except NoStandIn as error:
        return error
    _resume(credential, rows, now=now, request=request)
    return None


def words_of(refused: Exception) -> str:
    """What may be shown of it: Alegra's own sentence, masked."""
    return mask_text(getattr(refused, "message", str(refused))).rstrip(".")[:200]


def _resume(credential: Credential, rows, *, now: datetime, request) -> None:
    with transaction.atomic():
        resumed = rows.update(
            state=Credential.State.VALID,
            paused_code="",
            paused_said="",
            paused_since=None,
            validated_at=now,
        )
        if not resumed:
            # Another token came meanwhile.
            return
        credential.refresh_from_db()
        trail.record(
            action="credential.resume",
            target=credential,
            request=request,
            after={"state": credential.state},
        )
        for tell in guards.login_changed:
            tell(credential)


def _is_in_use(credential: Credential) -> bool:
    return Integration.objects.active().filter(credential=credential).exists()
