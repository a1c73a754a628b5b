"""How often a person may try credentials: a portal must not be a place to guess tokens."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

TRIES_A_MINUTE = 6


def may_try(user_id: int, *, now: datetime) -> bool:
    """Count a try; False when this person has used up the minute's.

    Each try takes a place of its own, so that of two at once none is left out of the count.
    """
    key = f"credential-tries.{user_id}.{int(now.timestamp()) // 60}"
    return any(cache.add(f"{key}.{place}", 1, timeout=120) for place in range(TRIES_A_MINUTE))
