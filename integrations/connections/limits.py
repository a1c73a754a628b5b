"""How often a person may try credentials: a portal must not be a place to guess tokens."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

TRIES_A_MINUTE = 6


def may_try(user_id: int, *, now: datetime) -> bool:
    """Count a try; False when this person has used up the tries of this minute.

    Each try has a row of its own in the cache, so that two at once are both counted.
    """
    key = f"credential-tries.{user_id}.{int(now.timestamp()) // 60}"
    return any(cache.add(f"{key}.{place}", 1, timeout=120) for place in range(TRIES_A_MINUTE))
