"""The tenth of an Alegra user's calls that reading in the background may use.

One moment a user, moved by a conditional UPDATE, so that any number of workers and companies
share it. In no minute are more calls made than a tenth of the limit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from integrations.alegra.rate_limit import ASSUMED_PER_MINUTE, WINDOW_SECONDS
from integrations.connections.models import AlegraUser

SHARE = 0.1


def take(alegra_user: AlegraUser, calls: int, *, now: datetime) -> bool:
    """Reserve this number of calls for reading in the background; False while the tenth is used.

    Several calls at once need the unused time of all of them, so that no minute has more than a
    tenth.
    """
    rest = rest_of(alegra_user)
    saved = Q(background_at=None) | Q(background_at__lte=now - (calls - 1) * rest)
    rows = AlegraUser.objects.filter(saved, pk=alegra_user.pk)
    return bool(rows.update(background_at=now + rest))


def rest_of(alegra_user: AlegraUser) -> timedelta:
    """The time between two calls in the background."""
    per_minute = alegra_user.limit or ASSUMED_PER_MINUTE
    return timedelta(seconds=WINDOW_SECONDS / max(1, int(SHARE * per_minute)))
