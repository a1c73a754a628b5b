"""How long the orders of new buyers wait for Alegra, which takes few contacts a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import ngettext

from integrations.connections.contact_pace import ContactPace
from integrations.documents.models import Document
from integrations.sending.states import State


@dataclass(frozen=True)
class ContactWait:
    """`per_minute`: contacts that Alegra takes; `left`: orders that still need one."""

    per_minute: int
    left: int

    @property
    def minutes(self) -> int:
        return ceil(self.left / self.per_minute)

    @property
    def sentence(self) -> str:
        text = ngettext(
            "Alegra recibe %(limit)d clientes nuevos por minuto; falta %(left)d, ≈ %(minutes)d min",
            "Alegra recibe %(limit)d clientes nuevos por minuto; faltan %(left)d, "
            "≈ %(minutes)d min",
            self.left,
        )
        return text % {"limit": self.per_minute, "left": self.left, "minutes": self.minutes}


def waits_for_contact(document: Document, now: datetime) -> bool:
    """Put off until Alegra takes a contact again; nothing else holds it."""
    until = document.next_attempt_at
    return (
        document.state == State.PENDING
        and document.needs_contact
        and not document.failures
        and until is not None
        and until > now
    )


def contact_wait(alegra_user_id: int, now: datetime) -> ContactWait | None:
    """What waits in this organization behind the contacts of one Alegra user, or None where
    nothing does."""
    rows = Document.objects.filter(
        alegra_user_id=alegra_user_id,
        state=State.PENDING,
        needs_contact=True,
        payload__isnull=True,
        failures=0,
    )
    if not rows.filter(next_attempt_at__gt=now).exists():
        return None
    limit = ContactPace(alegra_user_id).limit(now)
    return ContactWait(limit, rows.count()) if limit else None
