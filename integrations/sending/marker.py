"""The marker by which a document of ours is found in Alegra after a lost answer.

`[MS1-` + 16 characters of base32 HMAC(MARKER_KEY, source key · source number · cycle) + `]`,
the last thing in `observations`. Made from what never changes, so that it can be made again
after a restore; it carries no customer data (reliability reference, records). Of another sale
of a number that was known already its date of creation goes in too, or a look-up would adopt
the first sale's document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

from django.conf import settings

# Alegra keeps 500 characters of observations; the text before the marker is cut, never it.
OBSERVATIONS_LIMIT = 500
MARKER = re.compile(r"\[MS1-[A-Z2-7]{16}\]")


def make_marker(source_key: str, number: str, cycle: int, *, occurrence: str = "") -> str:
    """`occurrence`: that of the order (`Order.occurrence`), '' for the first of its number."""
    told = [source_key, number, str(cycle), *filter(None, [occurrence])]
    message = "\x1f".join(told).encode()
    digest = hmac.new(settings.MARKER_KEY.encode(), message, hashlib.sha256).digest()
    return f"[MS1-{base64.b32encode(digest)[:16].decode()}]"


def observations(text: str, marker: str) -> str:
    """The text for people, cut if need be, and the marker at its end."""
    room = OBSERVATIONS_LIMIT - len(marker) - 1
    return f"{text[:room].rstrip()} {marker}".lstrip()


def signed(body: dict[str, Any], marker: str) -> dict[str, Any]:
    """The body as it is sent: its text for people ends with the marker."""
    return {**body, "observations": observations(body.get("observations", ""), marker)}


def carries(observed: str | None, marker: str) -> bool:
    return marker in (observed or "")


def any_marker(observed: str | None) -> bool:
    return MARKER.search(observed or "") is not None
