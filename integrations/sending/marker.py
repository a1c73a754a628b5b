"""The marker by which a document of ours is found in Alegra after a lost answer.

`[MS1-` + 16 characters of base32 HMAC(MARKER_KEY, source key · source number · cycle) + `]`,
the last thing in `observations`. Made from what never changes, so that it can be made again
after a restore; it carries no customer data (reliability reference, records). Of another sale
of a number that was known already its date of creation goes in too, or a look-up would adopt
the first sale's document.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings

# Alegra keeps 500 characters of observations; the text before the marker is cut, never it.
OBSERVATIONS_LIMIT = 500
_BEGINS, _BETWEEN = "[MS1-", b"\x1f"
# The cycles that are tried when a marker is recognised. Only a person's act begins a new one.
CYCLES = range(12)
MARKER = re.compile(r"\[MS1-[A-Z2-7]{16}\]")


def make_marker(source_key: str, number: str, cycle: int, *, occurrence: str = "") -> str:
    """`occurrence`: that of the order (`Order.occurrence`), '' for the first of its number."""
    return _told(_digest(source_key, number, cycle, occurrence))


def made_by(
    marker: str, source_key: str, number: str, cycles: Iterable[int], occurrences: Iterable[str]
) -> tuple[int, str] | None:
    """The cycle and the occurrence of which this marker is made; None where it is made of none
    of them. Each try takes some microseconds."""
    try:
        wanted = base64.b32decode(marker[len(_BEGINS) : -1])
    except binascii.Error:
        return None
    tried, long, key = list(occurrences), len(wanted), settings.MARKER_KEY.encode()
    for cycle in cycles:
        # Made once, because a hundred thousand occurrences may be tried.
        begins = _message(source_key, number, cycle, "")
        for occurrence in tried:
            message = begins + _BETWEEN + occurrence.encode() if occurrence else begins
            if hmac.digest(key, message, "sha256")[:long] == wanted:
                return cycle, occurrence
    return None


def marker_in(observed: str | None) -> str | None:
    """The last marker in this text, whoever made it: a text of ours ends with its marker."""
    found = MARKER.findall(observed or "")
    return found[-1] if found else None


def observations(text: str, marker: str) -> str:
    """The text for people, cut if need be, and the marker at its end."""
    room = OBSERVATIONS_LIMIT - len(marker) - 1
    return f"{text[:room].rstrip()} {marker}".lstrip()


def signed(body: dict[str, Any], marker: str) -> dict[str, Any]:
    """The body as it is sent: its text for people ends with the marker."""
    return {**body, "observations": observations(body.get("observations", ""), marker)}


def carries(observed: str | None, marker: str) -> bool:
    return marker in (observed or "")


def _digest(source_key: str, number: str, cycle: int, occurrence: str) -> bytes:
    message = _message(source_key, number, cycle, occurrence)
    return hmac.digest(settings.MARKER_KEY.encode(), message, "sha256")


def _message(source_key: str, number: str, cycle: int, occurrence: str) -> bytes:
    told = [source_key, number, str(cycle), *filter(None, [occurrence])]
    return _BETWEEN.join(each.encode() for each in told)


def _told(digest: bytes) -> str:
    return f"{_BEGINS}{base64.b32encode(digest)[:16].decode()}]"


def any_marker(observed: str | None) -> bool:
    return MARKER.search(observed or "") is not None
