"""What people type into the filters: amounts and days as they write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from integrations.colombia.dates import BOGOTA

_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
# Far above any order, far below what the column holds.
_MOST_DIGITS = 13


class PesosField(forms.CharField):
    """`174.900`, `$ 174900` → 174900: whole pesos. None for an empty field."""

    default_error_messages = {"invalid": _("Escribe el valor en pesos, como 174.900.")}

    def clean(self, value):
        text = re.sub(r"[$\s]", "", super().clean(value))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        if not re.fullmatch(r"[0-9]+", text) or len(text) > _MOST_DIGITS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)


class DayField(forms.DateField):
    """A day in Bogotá, of a century in which orders happen."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("Escribe la fecha como 2026-11-21.")}
    default_validators = [
        MinValueValidator(date(2000, 1, 1), _("Esa fecha es muy antigua.")),
        MaxValueValidator(date(2100, 1, 1), _("Esa fecha está muy lejos.")),
    ]


def day_begins(day: date) -> datetime:
    """The first moment of the day in Bogotá."""
    return datetime.combine(day, time.min, tzinfo=BOGOTA)


def day_ends(day: date) -> datetime:
    """The first moment that is no longer this day."""
    return day_begins(day + timedelta(days=1))
