"""A moment inside of a sentence."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from integrations.colombia.dates import bogota
from integrations.timekeeping.words import MONTHS


def at_clock(moment: datetime, now: datetime) -> str:
    """`a las 10:46`, or `el 22 nov a las 10:46` on another day (Bogotá)."""
    here, today = bogota(moment), bogota(now)
    clock = _("a las %(time)s") % {"time": f"{here.hour}:{here.minute:02}"}
    if here.date() == today.date():
        return clock
    day = f"{here.day} {MONTHS[here.month - 1]}"
    return _("el %(day)s %(clock)s") % {"day": day, "clock": clock}
