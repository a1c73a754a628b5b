"""Filtering the history. Filters live in the URL; what cannot be read shows nothing and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.colombia.peso_text import pesos
from integrations.connections.models import Integration
from integrations.documents.models import Document
from integrations.history import states
from integrations.history.fields import DayField, PesosField, day_begins, day_ends
from integrations.history.run_parts import documents_of, part_of, words_of
from integrations.inventory.models import Bodega
from integrations.orders.models import Order
from integrations.scoping.search_key import normalised, starts_with
from integrations.sending.models import Cause
from integrations.sending.of_order import orders_with_problem
from integrations.sending.problem_kinds import KINDS, kind_of
from integrations.timekeeping.words import MONTHS

# Filters that stand behind *+ Filtro*; the rest is always in sight.
BEHIND = (
    "desde",
    "hasta",
    "integracion",
    "documento",
    "cambio",
    "bodega",
    "cliente",
    "numero",
    "minimo",
    "maximo",
)


class FilterForm(forms.Form):
    def clean(self):
        told = super().clean()
        if told.get("desde") and told.get("hasta") and told["desde"] > told["hasta"]:
            self.add_error("hasta", _("Va antes de la fecha inicial."))
        least, most = told.get("minimo"), told.get("maximo")
        if least is not None and most is not None and least > most:
            self.add_error("maximo", _("Es menor que el valor desde."))
        return told

    def clean_causa(self):
        """The cause itself, its code for all causes of a kind, or None."""
        text = self.cleaned_data.get("causa", "")
        if not text or text in KINDS:
            return text or None
        cause = None
        if text.isascii() and text.isdigit() and len(text) < 19:
            cause = Cause.objects.filter(pk=int(text)).first()
        if cause is None:
            raise forms.ValidationError(_("Esa causa no existe en este comercio."))
        return cause

    def clean_emision(self):
        """A part of an *Emitir* of this comercio, or None."""
        text = self.cleaned_data.get("emision", "")
        part = part_of(text) if text else None
        if text and part is None:
            raise forms.ValidationError(_("Esa emisión no existe en este comercio."))
        return part


class _DayFilter(django_filters.Filter):
    field_class = DayField


class _PesosFilter(django_filters.Filter):
    field_class = PesosField


# What is typed in these may be a buyer: it is never written down.
PERSONAL = ("q", "cliente")


class OrderFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Pedido, documento o cliente"), max_length=120, method="find"
    )
    estado = django_filters.ChoiceFilter(
        label=gettext_lazy("Estado"),
        choices=states.CHOICES,
        empty_label=gettext_lazy("Todo estado"),
        method="in_state",
    )
    pago = django_filters.ChoiceFilter(
        label=gettext_lazy("Pago"),
        choices=list(states.FAMILY_WORDS.items()),
        empty_label=gettext_lazy("Todo pago"),
        field_name="family",
    )
    integracion = django_filters.ChoiceFilter(
        label=gettext_lazy("Integración"), empty_label=gettext_lazy("Todas"), method="of"
    )
    documento = django_filters.ChoiceFilter(
        label=gettext_lazy("Documento"),
        choices=list(states.KIND_WORDS.items()),
        empty_label=gettext_lazy("Todos"),
        field_name="document__kind",
    )
    cambio = django_filters.ChoiceFilter(
        label=gettext_lazy("Después"),
        choices=list(states.AFTER_WORDS.items()),
        empty_label=gettext_lazy("Todos"),
        method="after_document",
    )
    bodega = django_filters.ChoiceFilter(
        label=gettext_lazy("Bodega"), empty_label=gettext_lazy("Todas"), method="from_bodega"
    )
    cliente = django_filters.CharFilter(
        label=gettext_lazy("Cliente"),
        max_length=120,
        method="by_buyer",
        help_text=gettext_lazy("El nombre, desde el comienzo"),
    )
    numero = django_filters.CharFilter(
        label=gettext_lazy("Número"),
        max_length=120,
        method="by_number",
        help_text=gettext_lazy("Del pedido o del documento"),
    )
    desde = _DayFilter(label=gettext_lazy("Desde"), method="since")
    hasta = _DayFilter(label=gettext_lazy("Hasta"), method="until")
    minimo = _PesosFilter(label=gettext_lazy("Valor desde"), method="at_least")
    maximo = _PesosFilter(label=gettext_lazy("Valor hasta"), method="at_most")
    causa = django_filters.CharFilter(max_length=40, method="waiting_for", widget=forms.HiddenInput)
    emision = django_filters.CharFilter(max_length=80, method="of_run", widget=forms.HiddenInput)

    class Meta:
        model = Order
        fields: list[str] = []
        form = FilterForm

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Order],
        *,
        integrations: Iterable[Integration],
        bodegas: Iterable[Bodega],
    ) -> None:
        super().__init__(data, queryset)
        self.bodegas = {str(bodega.pk): bodega for bodega in bodegas}
        self.integrations = {str(each.pk): each for each in integrations}
        # The fields put *Todas* before these themselves.
        for name, offered in (("integracion", self.integrations), ("bodega", self.bodegas)):
            self.form.fields[name].choices = [(pk, each.name) for pk, each in offered.items()]

    @property
    def rows(self) -> QuerySet[Order]:
        """The orders that match; none while a filter cannot be read."""
        return self.qs if self.is_valid() else self.queryset.none()

    @property
    def is_open(self) -> bool:
        """Whether a filter behind *+ Filtro* needs to be seen."""
        return any(self.form[name].errors or self.data.get(name) for name in BEHIND)

    def behind(self) -> list:
        """The fields behind *+ Filtro* that offer a choice at all."""
        alone = {
            "integracion": len(self.integrations) < 2,
            "bodega": not self.bodegas,
        }
        return [self.form[name] for name in BEHIND if not alone.get(name) or self.form[name].errors]

    # --- One method a filter ------------------------------------------------------------
    def find(self, rows, name, value):
        return rows.filter(pk__in=_found(value, with_buyer=True)) if normalised(value) else rows

    def by_number(self, rows, name, value):
        return rows.filter(pk__in=_found(value, with_buyer=False)) if normalised(value) else rows

    def by_buyer(self, rows, name, value):
        return rows.filter(starts_with("buyer_key", value))

    def in_state(self, rows, name, value):
        return rows.filter(states.orders_in(value))

    def after_document(self, rows, name, value):
        """With a problem beside the document that nobody has answered."""
        found = orders_with_problem(closed_at=None, code__in=states.AFTER[value])
        return rows.filter(pk__in=found)

    def of(self, rows, name, value):
        return rows.filter(integration=int(value))

    def from_bodega(self, rows, name, value):
        bodega = self.bodegas[value]
        return rows.filter(integration=bodega.integration_id, bodega_id=bodega.source_id)

    def since(self, rows, name, value):
        return rows.filter(first_seen_at__gte=day_begins(value))

    def until(self, rows, name, value):
        return rows.filter(first_seen_at__lt=day_ends(value))

    def at_least(self, rows, name, value):
        return rows.filter(total_pesos__gte=value)

    def at_most(self, rows, name, value):
        return rows.filter(total_pesos__lte=value)

    def waiting_for(self, rows, name, value):
        """Orders a cause holds; of a solved cause those that it held."""
        if not isinstance(value, Cause):
            found = orders_with_problem(code=value, closed_at=None)
        elif value.is_open:
            found = orders_with_problem(cause=value, closed_at=None)
        else:
            found = orders_with_problem(cause=value)
        return rows.filter(pk__in=found)

    def of_run(self, rows, name, value):
        return rows.filter(document_id__in=documents_of(*value))


def _found(text: str, *, with_buyer: bool) -> QuerySet:
    """Ids of orders by prefix of any of their names: a union, so that each part has its index."""
    orders = Order.objects.order_by()
    parts = [
        orders.filter(starts_with("external_key", text)).values("pk"),
        Document.objects.filter(starts_with("number_key", text)).order_by().values("order_id"),
    ]
    if with_buyer:
        parts.append(orders.filter(starts_with("buyer_key", text)).values("pk"))
    return orders.filter(starts_with("search_key", text)).values("pk").union(*parts)


# --- Active filters ------------------------------------------------------------------------
@dataclass(frozen=True)
class Chip:
    """An active filter in words, and the address of the page without it."""

    text: str
    url: str


def chips(filters: OrderFilter, path: str) -> list[Chip]:
    """One for each active filter, in the form's order."""
    told = getattr(filters.form, "cleaned_data", {}) if filters.form.is_bound else {}
    made = []
    for name in filters.form.fields:
        if not filters.data.get(name, "").strip():
            continue
        text = _in_words(filters, name, told[name]) if name in told else filters.data[name][:60]
        made.append(Chip(text, without(filters.data, path, name)))
    return made


def without(data: QueryDict, path: str, *names: str) -> str:
    """The address with these parameters, and the place in the list, left out."""
    left = data.copy()
    for name in (*names, "despues"):
        left.pop(name, None)
    query = left.urlencode()
    return f"{path}?{query}" if query else path


def _in_words(filters: OrderFilter, name: str, value) -> str:
    match name:
        case "q" | "cliente" | "numero":
            return f"«{value}»"
        case "desde":
            return _("desde el %(day)s") % {"day": _day(value)}
        case "hasta":
            return _("hasta el %(day)s") % {"day": _day(value)}
        case "minimo":
            return _("desde %(amount)s") % {"amount": pesos(value)}
        case "maximo":
            return _("hasta %(amount)s") % {"amount": pesos(value)}
        case "causa":
            return value.label if isinstance(value, Cause) else str(kind_of(value).title)
        case "emision":
            return words_of(*value)
    return str(dict(filters.form.fields[name].choices).get(value, value))


def _day(day) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def any_filter(data: QueryDict) -> bool:
    return any(data.get(name, "").strip() for name in OrderFilter.base_filters)
