"""What every template may use without loading it: icons, pesos, time, form controls."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.forms import widgets
from django.templatetags.static import static
from django.utils.html import format_html

from integrations.colombia import peso_text
from integrations.colombia.peso_text import NO_BREAK
from integrations.timekeeping.words import ago, bogota

register = template.Library()


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
def _amount(value) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _in_pesos(value, places: int) -> str:
    amount = _amount(value)
    if amount is None:
        return ""
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}${NO_BREAK}{peso_text.number(abs(rounded), places)}"


@register.filter
def pesos(value) -> str:
    """174900 → `$ 174.900`, with a no-break space. What is no number gives ''."""
    return _in_pesos(value, 0)


@register.filter
def pesos_with_cents(value) -> str:
    """174900.5 → `$ 174.900,50`: for tax columns only."""
    return _in_pesos(value, 2)


@register.filter
def number(value) -> str:
    """1842 → `1.842`: counts and quantities, with as many decimals as they have."""
    amount = _amount(value)
    if amount is None:
        return ""
    text = peso_text.number(amount)
    return text.rstrip("0").rstrip(",") if "," in text else text


# --- Time ----------------------------------------------------------------------------------
register.filter("ago", ago)
register.filter("bogota", bogota)


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
