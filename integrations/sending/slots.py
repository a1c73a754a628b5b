"""The two slots of an Alegra user: who holds one may call.

Two, because one call at a time with ordinary answers cannot reach the budget. A slot is
taken by a conditional UPDATE with a generation; a dead holder's lease runs out.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from integrations.connections.models import AlegraSlot, AlegraUser
from integrations.timekeeping.timing import timing


def take(alegra_user_id: int, now: datetime) -> AlegraSlot | None:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    for slot in AlegraSlot.objects.filter(free, alegra_user_id=alegra_user_id).order_by("number"):
        taken = AlegraSlot.objects.filter(free, pk=slot.pk, generation=slot.generation).update(
            generation=F("generation") + 1, lease_until=now + timing().delta("slot_lease")
        )
        if taken:
            slot.generation += 1
            AlegraUser.objects.filter(pk=alegra_user_id).update(last_served_at=now)
            return slot
    return None


def extend(slot: AlegraSlot, now: datetime) -> bool:
    """False when the slot was lost: the turn is over."""
    return bool(
        AlegraSlot.objects.filter(pk=slot.pk, generation=slot.generation).update(
            lease_until=now + timing().delta("slot_lease")
        )
    )


def give_back(slot: AlegraSlot) -> None:
    AlegraSlot.objects.filter(pk=slot.pk, generation=slot.generation).update(lease_until=None)


def free_users(alegra_user_ids: list[int], now: datetime) -> list[int]:
    """Of these users, those that have a free slot, longest unserved first."""
    free = Q(slots__lease_until=None) | Q(slots__lease_until__lt=now)
    return list(
        AlegraUser.objects.filter(free, pk__in=alegra_user_ids)
        .order_by(F("last_served_at").asc(nulls_first=True), "id")
        .distinct()
        .values_list("pk", flat=True)
    )
