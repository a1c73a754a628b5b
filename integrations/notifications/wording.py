"""Small words of the mails: times, ages and text without traps."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

# The longest subject or line of a mail.
LONGEST = 5_000


def one_line(text: str) -> str:
    """Text in one line without control and direction signs; runs of blanks become one.

    A no-break space stays one: it holds amounts together.
    """
    signs = (
        sign if sign == "\u00a0" else " " if sign.isspace() or _controls(sign) else sign
        for sign in text[:LONGEST]
    )
    return re.sub(" {2,}", " ", "".join(signs)).strip(" ")


def _controls(sign: str) -> bool:
    # Cc and Cf: line breaks, escapes, bidirectional overrides; Zl and Zp: other breaks.
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clock_words(moment: datetime) -> str:
    """`18:00`, Bogotá."""
    return f"{moment.astimezone(BOGOTA):%-H:%M}"


def since_words(moment: datetime, now: datetime) -> str:
    """`desde las 16:20`, `desde ayer a las 16:20`, `desde el 18 nov a las 16:20`."""
    here, today = moment.astimezone(BOGOTA), now.astimezone(BOGOTA).date()
    at = f"{'la' if here.hour == 1 else 'las'} {clock_words(moment)}"
    if here.date() == today:
        return f"desde {at}"
    if here.date() == today - timedelta(days=1):
        return f"desde ayer a {at}"
    return f"desde el {here.day} {MONTHS[here.month - 1]} a {at}"


def age_words(moment: datetime, now: datetime) -> str:
    """`hace 3 días`, `hace 5 horas`, `hace 12 minutos`."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    for size, one, many in ((1440, "día", "días"), (60, "hora", "horas")):
        if minutes >= size:
            count = minutes // size
            return f"hace {count} {one if count == 1 else many}"
    if minutes == 0:
        return "hace un momento"
    return f"hace {minutes} {'minuto' if minutes == 1 else 'minutos'}"


def shortened(text: str, length: int) -> str:
    """At most so many signs, cut at a word."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.:;") + "…"
