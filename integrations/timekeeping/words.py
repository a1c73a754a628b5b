"""Moments as a person in Colombia reads them: near ones in words, then the clock, then a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.timekeeping import clock

BOGOTA = ZoneInfo("America/Bogota")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def ago(moment: datetime | None) -> str:
    """hace 6 minutos up to one hour, then 10:46 on the same day, then 21 nov 10:28 (Bogotá).

    A moment to come is told by the clock. None gives ''.
    """
    if not moment:
        return ""
    now = clock.now()
    passed = now - moment
    if timedelta(0) <= passed < timedelta(minutes=1):
        return _("hace un momento")
    if timedelta(0) <= passed < timedelta(hours=1):
        minutes = int(passed.total_seconds() // 60)
        return ngettext("hace %(n)d minuto", "hace %(n)d minutos", minutes) % {"n": minutes}
    here, today = moment.astimezone(BOGOTA), now.astimezone(BOGOTA)
    if here.date() == today.date():
        return _time(here)
    return f"{_day(here, today)} {_time(here)}"


def bogota(moment: datetime | None) -> str:
    """21 nov 10:28 in Colombia's time, with the year where it is not this one."""
    if not moment:
        return ""
    here = moment.astimezone(BOGOTA)
    return f"{_day(here, clock.now().astimezone(BOGOTA))} {_time(here)}"


def day(moment: datetime) -> str:
    """21 nov 2026 in Colombia's time."""
    here = moment.astimezone(BOGOTA)
    return f"{here.day} {MONTHS[here.month - 1]} {here.year}"


def _time(here: datetime) -> str:
    return f"{here.hour}:{here.minute:02}"


def _day(here: datetime, today: datetime) -> str:
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here.day} {MONTHS[here.month - 1]}{year}"
