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
    """The right to so many calls at once; False while the tenth is used up.

    Several at once must have been saved up before, so that they make no minute fuller.
    """
    rest = rest_of(alegra_user)
    saved = Q(background_at=None) | Q(background_at__lte=now - (calls - 1) * rest)
    rows = AlegraUser.objects.filter(saved, pk=alegra_user.pk)
    return bool(rows.update(background_at=now + rest))


def rest_of(alegra_user: AlegraUser) -> timedelta:
    """Between two calls."""
    per_minute = alegra_user.limit or ASSUMED_PER_MINUTE
    return timedelta(seconds=WINDOW_SECONDS / max(1, int(SHARE * per_minute)))
