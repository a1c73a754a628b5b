"""What every template may use without loading it: icons, pesos, time, form controls."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django import template
from django.forms import widgets
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.timekeeping import clock

register = template.Library()

BOGOTA = ZoneInfo("America/Bogota")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
NO_BREAK = "\u00a0"


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """One drawing of `static/icons.svg`. With a label it carries meaning; else it decorates."""
    address = f"{static('icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}"/></svg>',
        address,
    )


# --- Money ---------------------------------------------------------------------------------
def _grouped(amount: Decimal, places: int) -> str:
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}".translate(str.maketrans({",": ".", ".": ","}))
    sign = "−" if rounded < 0 else ""
    return f"{sign}${NO_BREAK}{text}"


def _amount(value) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def pesos(value) -> str:
    """174900 → `$ 174.900`, with a no-break space. What is no number gives ''."""
    amount = _amount(value)
    return "" if amount is None else _grouped(amount, 0)


@register.filter
def pesos_with_cents(value) -> str:
    """174900.5 → `$ 174.900,50`: for tax columns only."""
    amount = _amount(value)
    return "" if amount is None else _grouped(amount, 2)


@register.filter
def number(value) -> str:
    """1842 → `1.842`: counts and quantities, with as many decimals as they have."""
    amount = _amount(value)
    if amount is None:
        return ""
    plain = f"{amount:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(str.maketrans({",": ".", ".": ","}))


# --- Time ----------------------------------------------------------------------------------
def _day(moment: datetime, today: datetime) -> str:
    year = f" {moment.year}" if moment.year != today.year else ""
    return f"{moment.day} {MONTHS[moment.month - 1]}{year}"


@register.filter
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
    time = f"{here.hour}:{here.minute:02}"
    return time if here.date() == today.date() else f"{_day(here, today)} {time}"


@register.filter
def bogota(moment: datetime | None) -> str:
    """21 nov 10:28 in Colombia's time, with the year where it is not this one."""
    if not moment:
        return ""
    here = moment.astimezone(BOGOTA)
    return f"{_day(here, clock.now().astimezone(BOGOTA))} {here.hour}:{here.minute:02}"


@register.simple_tag
def when(moment: datetime | None) -> str:
    """`ago` inside `<time datetime>`."""
    if not moment:
        return ""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), ago(moment))


# --- Form controls -------------------------------------------------------------------------
def _control_class(widget: widgets.Widget) -> str:
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return ""
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


@register.filter
def control(field) -> str:
    """The field's widget with the classes of our stylesheet."""
    widget = field.field.widget
    classes = [_control_class(widget), widget.attrs.get("class", "")]
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def shape(field) -> str:
    """How a field is laid out: hidden · check · choices · checks · box."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, widgets.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, widgets.RadioSelect):
        return "choices"
    return "box"
