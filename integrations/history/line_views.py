"""*Elegir la variación* of an order's lines, and reading the order again where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.catalog import items
from integrations.catalog.models import AlegraItem, Variant
from integrations.catalog.telling import named_by
from integrations.documents import acts
from integrations.documents.choosing import choose
from integrations.history.detail import order_or_404
from integrations.intake.by_number import bring
from integrations.orders.lines import SoldLine, sold_lines
from integrations.orders.models import Order
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act

MOST_VARIATIONS = 100
RESULTS = 20


@dataclass(frozen=True)
class NamedVariation:
    """A variation, and what of the line names it: its SKU, its name or neither."""

    variant: Variant
    by_sku: bool = False
    by_name: bool = False


@dataclass(frozen=True)
class LineToChoose:
    """A line, the variations of its product, and what a search in Alegra's products found."""

    sold: SoldLine
    variations: list[NamedVariation]
    # Its SKU says one variation and its name another.
    disagrees: bool = False
    text: str = ""
    found: tuple[AlegraItem, ...] = ()

    @property
    def chosen(self) -> str:
        """What the line is in this order since a person said so; '' before."""
        if not self.sold.is_chosen:
            return ""
        if self.sold.item is not None:
            return self.sold.item.name
        return self.sold.variant.label if self.sold.variant else ""


@organization_view(read=Act.EDIT, write=Act.EDIT)
def order_lines(request: HttpRequest, order: int) -> HttpResponse:
    """`linea` is the place of a line; `q` looks for an Alegra product for it."""
    found = order_or_404(order)
    if request.method == "POST":
        return _choose(request, found)
    place, text = request.GET.get("linea", ""), " ".join(request.GET.get("q", "").split())[:120]
    lines = [
        _to_choose(found, sold, text if str(sold.line.position) == place else "")
        for sold in sold_lines(found)
        if sold.is_chosen or not sold.is_known
    ]
    if not lines:
        messages.info(request, _("Todas las líneas de este pedido dicen qué producto son."))
        return redirect("order", request.organization.slug, found.pk)
    can_read_again = bool(found.integration.source.key_last4)
    context = {"order": found, "lines": lines, "can_read_again": can_read_again}
    return render(request, "history/lines.html", context)


@organization_view(read=None, write=Act.EDIT)
def order_read_again(request: HttpRequest, order: int) -> HttpResponse:
    """Read the order by its number in MasterShop; what is new goes the way of every event."""
    found = order_or_404(order)
    brought = bring(found.integration, found.number)
    trail.record(
        action="order.read_again",
        target=found,
        request=request,
        after={"found": brought.order is not None},
    )
    if brought.order is None:
        messages.warning(request, brought.sentence)
    else:
        messages.success(request, _("Lo leímos otra vez en MasterShop: aquí está como es hoy."))
    return redirect("order", request.organization.slug, found.pk)


def _to_choose(order: Order, sold: SoldLine, text: str) -> LineToChoose:
    variations = (
        Variant.objects.filter(
            integration=order.integration_id, product_id=sold.line.source_product
        )
        .exclude(variant_id="")
        .select_related("link__item")
        .order_by("search_key", "pk")
    )
    own = list(variations[:MOST_VARIATIONS]) if sold.line.source_product else []
    named = named_by(own, sku=sold.line.sku, variant_name=sold.line.variant_name)
    told = [NamedVariation(each, each in named.by_sku, each in named.by_name) for each in own]
    # What the line itself names goes first.
    told.sort(key=lambda each: not (each.by_sku or each.by_name))
    company = order.integration.company
    found = tuple(items.search(company, text, RESULTS))
    return LineToChoose(sold, told, named.disagree, text, found)


def _choose(request: HttpRequest, order: Order) -> HttpResponse:
    place, variant, item = (_number(request, name) for name in ("linea", "variante", "producto"))
    if place is None:
        raise Http404
    chosen: dict[str, Any] = {}
    if variant is not None:
        of_ours = Variant.objects.filter(integration=order.integration_id)
        chosen["variant"] = get_object_or_404(of_ours, pk=variant)
    if item is not None:
        of_company = AlegraItem.objects.filter(company=order.integration.company_id)
        chosen["item"] = get_object_or_404(of_company, pk=item)
    try:
        choose(order, position=place, by=request.user, request=request, **chosen)
    except acts.NotPossible as error:
        messages.warning(request, str(error))
        return redirect("order_lines", request.organization.slug, order.pk)
    messages.success(request, _("Guardado. Vale solo para este pedido."))
    if all(sold.is_known for sold in sold_lines(order)):
        return redirect("order", request.organization.slug, order.pk)
    return redirect("order_lines", request.organization.slug, order.pk)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
