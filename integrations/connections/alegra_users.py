"""One login of Alegra is one row, whoever typed it."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from integrations.connections.models import AlegraSlot, AlegraUser

SLOTS = (0, 1)


def keyed_digest(purpose: str, value: str) -> str:
    """64 hexadecimal digits of an HMAC under a key that is never rotated.

    Rows are found again by it, so it hangs on MARKER_KEY and not on a key that may change.
    `purpose` keeps the digests of different things apart.
    """
    key = hmac.digest(settings.MARKER_KEY.encode(), purpose.encode(), hashlib.sha256)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def fingerprint(email: str, *, mode: str = "real") -> str:
    """The digest by which a login is known. Capitals and blanks around do not matter.

    A login of the stand-in has a budget of its own, also under the same address.
    """
    return keyed_digest("alegra-user", f"{mode}|{email.strip().casefold()}")


def alegra_user_for(email: str, *, mode: str = "real") -> AlegraUser:
    """The row of this login with its two slots, made when it is new."""
    user, _ = AlegraUser.objects.get_or_create(fingerprint=fingerprint(email, mode=mode))
    if user.slots.count() < len(SLOTS):
        AlegraSlot.objects.bulk_create(
            [AlegraSlot(alegra_user=user, number=number) for number in SLOTS],
            ignore_conflicts=True,
        )
    return user
