"""*+ Sincronizar productos*: find a variant, find its Alegra product, confirm the pair."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.alegra import items as alegra_items
from integrations.alegra.errors import AlegraError
from integrations.catalog import items, lookup, searching
from integrations.catalog.listing import Row
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.refreshing import alegra_sentence
from integrations.catalog.views import confirm_page, integration_or_404, number_of
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Integration
from integrations.connections.pace import Pace
from integrations.scoping.search_key import normalised
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act

RESULTS = 20


@organization_view(read=Act.EDIT, write=Act.EDIT)
def product_search(request: HttpRequest, integration: int) -> HttpResponse:
    """`variante` and `producto` say how far one has come; `q` is what is looked for.

    POST asks Alegra itself: a product made a minute ago is not in our copy yet.
    """
    row = integration_or_404(integration)
    told = request.POST if request.method == "POST" else request.GET
    text = " ".join(told.get("q", "").split())[:120]
    if not number_of(told.get("variante")):
        return _variants(request, row, text)
    variant = get_object_or_404(
        Variant.objects.select_related("link__item"),
        pk=number_of(told["variante"]),
        integration=row,
    )
    if number_of(told.get("producto")):
        item = get_object_or_404(
            AlegraItem, pk=number_of(told["producto"]), company_id=row.company_id
        )
        return confirm_page(request, row, variant, item)
    if request.method == "POST" and text:
        _ask_alegra(request, row, text)
    return _items(request, row, variant, text)


def _variants(request: HttpRequest, integration: Integration, text: str) -> HttpResponse:
    rows = Variant.objects.filter(
        lookup.UNLINKED | lookup.LINKED, integration=integration
    ).select_related("link__item")
    found = searching.find(rows, text, keys=("search_key", "sku_key"), limit=RESULTS)
    return _page(
        request,
        "catalog/search_variant.html",
        "catalog/_variant_results.html",
        {"integration": integration, "text": text, "found": found, "count": _count(found)},
    )


def _items(
    request: HttpRequest, integration: Integration, variant: Variant, text: str
) -> HttpResponse:
    suggestion = lookup.suggestions_for(integration, [variant]).get(variant.pk)
    found = items.search(integration.company, text, RESULTS)
    used = {
        link.item_id: link
        for link in ProductLink.objects.filter(integration=integration, item__in=found)
        .exclude(variant=variant)
        .select_related("variant")
    }
    return _page(
        request,
        "catalog/search_item.html",
        "catalog/_item_results.html",
        {
            "integration": integration,
            "variant": variant,
            "row": Row(variant, suggestion, None),
            "text": text,
            "found": [(item, used.get(item.pk)) for item in found],
            "count": _count(found),
            "next": request.POST.get("next", "") or request.GET.get("next", ""),
        },
    )


def _page(request: HttpRequest, whole: str, part: str, context: dict) -> HttpResponse:
    context |= {
        "tab": "products",
        "can_ask_alegra": len(normalised(context["text"])) >= 3,
    }
    return render(request, part if request.htmx else whole, context)


def _count(found: list) -> str:
    if len(found) >= RESULTS:
        return _("Los primeros %(count)d resultados: escribe más para afinar.") % {
            "count": len(found)
        }
    return ngettext("%(count)d resultado", "%(count)d resultados", len(found)) % {
        "count": len(found)
    }


def _ask_alegra(request: HttpRequest, integration: Integration, text: str) -> None:
    credential = integration.credential
    try:
        pace = Pace(credential.alegra_user_id, for_person=True)
        with alegra_client(credential, pace=pace) as client:
            page = alegra_items.page(client, query=text)
    except (AlegraError, NoStandIn) as failure:
        messages.error(request, alegra_sentence(failure))
        return
    found = items.copy_of(integration.company, page.rows)
    if not found:
        messages.info(request, _("Alegra tampoco tiene un producto así."))
