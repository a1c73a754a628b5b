"""How long the orders of new buyers wait for Alegra, which takes few contacts a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import ngettext

from integrations.connections.contact_pace import ContactPace
from integrations.connections.pace import Pace
from integrations.documents.models import Document
from integrations.documents.steps.contact import ACTION
from integrations.sending.contact_queue import CALLS
from integrations.sending.models import Cause
from integrations.sending.states import State


@dataclass(frozen=True)
class ContactWait:
    """`per_minute`: new buyers that Alegra takes; `left`: orders that still need a contact.

    `is_of_contacts`: it is Alegra's limit of contacts; else that of all calls, of which the
    known buyers may need more or fewer.
    """

    per_minute: int
    left: int
    is_of_contacts: bool = True

    @property
    def minutes(self) -> int:
        return ceil(self.left / self.per_minute)

    @property
    def sentence(self) -> str:
        if not self.is_of_contacts:
            text = ngettext(
                "Alegra recibe pocas llamadas por minuto; falta %(left)d cliente nuevo, "
                "≈ %(minutes)d min",
                "Alegra recibe pocas llamadas por minuto; faltan %(left)d clientes nuevos, "
                "≈ %(minutes)d min",
                self.left,
            )
            return text % {"left": self.left, "minutes": self.minutes}
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
    nothing does. Where Alegra does not allow contacts at all its cause says so, and not this."""
    refused = Cause.objects.open().filter(subject_key=ACTION)
    rows = Document.objects.exclude(integration__in=refused.values("integration")).filter(
        alegra_user_id=alegra_user_id,
        state=State.PENDING,
        needs_contact=True,
        payload__isnull=True,
        failures=0,
    )
    if not rows.filter(next_attempt_at__gt=now).exists():
        return None
    limit = ContactPace(alegra_user_id).limit(now)
    calls = Pace(alegra_user_id).per_minute() // CALLS
    return ContactWait(min(limit or calls, calls), rows.count(), 0 < limit <= calls)
