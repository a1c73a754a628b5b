"""The two slots of an Alegra user: who holds one may call.

Two, because one call at a time with ordinary answers cannot reach the budget. A slot is
taken under a lease, which runs out when its holder dies.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from integrations.connections.models import AlegraSlot, AlegraUser
from integrations.timekeeping.timing import timing


def take(alegra_user_id: int, now: datetime) -> AlegraSlot | None:
    slots = AlegraSlot.objects.filter(AlegraSlot.lease.free(now), alegra_user_id=alegra_user_id)
    for slot in slots.order_by("number"):
        if slot.lease.acquire(slot, now=now):
            AlegraUser.objects.filter(pk=alegra_user_id).update(last_served_at=now)
            return slot
    return None


def extend(slot: AlegraSlot, now: datetime, *, takes: float | None = None) -> bool:
    """For one more row, or for one call of so many seconds that takes longer than an ordinary
    one. False when the slot was lost: the turn is over.

    While half of the time is left nobody else may have taken it, and nothing is written.
    """
    lasts = timing().for_call("slot_lease", takes)
    if takes is None and slot.lease_until - now > lasts / 2:
        return True
    return slot.lease.renew(slot, now=now, lasts=lasts)


def give_back(slot: AlegraSlot) -> None:
    slot.lease.release(slot)


def free_users(alegra_user_ids: list[int], now: datetime) -> list[int]:
    """Of these users, those that have a free slot, longest unserved first."""
    free = AlegraSlot.lease.free(now, of="slots")
    return list(
        AlegraUser.objects.filter(free, pk__in=alegra_user_ids)
        .order_by(F("last_served_at").asc(nulls_first=True), "id")
        .distinct()
        .values_list("pk", flat=True)
    )
