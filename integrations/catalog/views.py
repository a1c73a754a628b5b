"""*Relación de productos*: the list of pairs, and the acts on them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.catalog import links, lookup, tasks
from integrations.catalog.forms import LinkForm
from integrations.catalog.listing import listing
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.connections import reads
from integrations.connections.hold import paused_sentence
from integrations.connections.models import Integration
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock, waking


def integration_or_404(pk: int) -> Integration:
    rows = Integration.objects.select_related("company", "credential", "source")
    return get_object_or_404(reads.with_reads(rows, reads.Kind.ITEMS, reads.Kind.VARIANTS), pk=pk)


@organization_view(read=Act.READ)
def products(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    shown = listing(
        row,
        state=request.GET.get("estado", ""),
        text=request.GET.get("q", "")[:120],
        after=request.GET.get("despues", "")[:160],
    )
    following = ""
    if shown.following:
        following = urlencode({"estado": shown.state, "despues": shown.following})
    return render(
        request,
        "catalog/products.html",
        {
            "integration": row,
            "listing": shown,
            "counts": lookup.counts(row),
            "following": following,
            "is_first": "despues" not in request.GET,
            "items_read": reads.read_state(row, reads.Kind.ITEMS),
            "variants_read": reads.read_state(row, reads.Kind.VARIANTS),
            "undo": _undo(request, row),
            "can_edit": request.may("edit"),
            "tab": "products",
        },
    )


@organization_view(read=None, write=Act.EDIT)
def product_link(request: HttpRequest, integration: int, variant: int) -> HttpResponse:
    """One click links; what needs a yes or cannot be comes back as a page that says why."""
    row = integration_or_404(integration)
    chosen = get_object_or_404(Variant, pk=variant, integration=row)
    form = LinkForm(request.POST, integration=row)
    if not form.is_valid():
        item = AlegraItem.objects.filter(
            pk=number_of(request.POST.get("item")), company=row.company_id
        ).first()
        if item is None:
            messages.error(request, _("Elige un producto de tu catálogo de Alegra."))
            return redirect(_search_url(request, row, chosen))
        return confirm_page(request, row, chosen, item, form=form)
    item = form.cleaned_data["item"]
    try:
        made = links.link(
            variant=chosen,
            item=item,
            units_per_sale=form.cleaned_data["units_per_sale"],
            shared=form.cleaned_data["shared"],
            reason=form.cleaned_data["reason"],
            by=str(request.user),
            request=request,
        )
    except links.LinkRefused as refusal:
        if refusal.other is not None:
            return confirm_page(request, row, chosen, item, other=refusal.other)
        messages.error(request, str(refusal.sentence))
        return redirect(_search_url(request, row, chosen))
    said = links.released_sentence(made.released, row)
    messages.success(request, f"{_('Vinculado.')} {said}".strip())
    return redirect(_back(request, row))


@organization_view(read=None, write=Act.EDIT)
def product_unlink(request: HttpRequest, integration: int, variant: int) -> HttpResponse:
    row = integration_or_404(integration)
    chosen = get_object_or_404(Variant, pk=variant, integration=row)
    removed = links.unlink(variant=chosen, by=str(request.user), request=request)
    back = _back(request, row)
    if removed is None:
        return redirect(back)
    undo = urlencode(
        {"deshacer": f"{chosen.pk}-{removed.item_id}-{removed.units_per_sale}-{+removed.shared}"}
    )
    return redirect(f"{back}{'&' if '?' in back else '?'}{undo}")


@organization_view(read=None, write=Act.EDIT)
def catalog_refresh(request: HttpRequest, integration: int) -> HttpResponse:
    """*Actualizar catálogo*: a worker reads both sides; the page never waits for it."""
    row = integration_or_404(integration)
    now = clock.now()
    reads.ask(reads.Kind.ITEMS, row.company, now=now)
    if row.source.key:
        reads.ask(reads.Kind.VARIANTS, row, now=now)
    trail.record(action="catalog.refresh", target=row, request=request)
    waking.wake(tasks.REFRESH_TASK)
    if row.credential.is_paused:
        later = _("El catálogo de Alegra se lee en cuanto la conexión funcione otra vez.")
        messages.warning(request, f"{paused_sentence(row.credential)} {later}")
    if row.source.key or not row.credential.is_paused:
        text = _(
            "Estamos leyendo el catálogo. Uno grande tarda unos minutos; puedes seguir trabajando."
        )
        messages.info(request, text)
    return redirect(_back(request, row))


def confirm_page(
    request: HttpRequest,
    integration: Integration,
    variant: Variant,
    item: AlegraItem,
    *,
    form: LinkForm | None = None,
    other: ProductLink | None = None,
) -> HttpResponse:
    """The pair side by side before it is made; a shared item asks for a yes of its own."""
    existing = ProductLink.objects.filter(variant=variant).select_related("item").first()
    if other is None:
        other = (
            ProductLink.objects.filter(integration=integration, item=item)
            .exclude(variant=variant)
            .select_related("variant", "item")
            .first()
        )
    if form is None:
        same = existing is not None and existing.item_id == item.pk
        units = existing.units_per_sale if same else 1
        if request.method == "POST":
            units = number_of(request.POST.get("units_per_sale")) or units
        form = LinkForm(integration=integration, initial={"item": item.pk, "units_per_sale": units})
    return render(
        request,
        "catalog/confirm.html",
        {
            "integration": integration,
            "variant": variant,
            "item": item,
            "form": form,
            "existing": existing,
            "other": other,
            "taken": links.taken(other).sentence if other else "",
            "unusable": links.not_on_an_invoice(item),
            "waiting": lookup.waiting_by_subject(integration).get(variant.subject_key),
            "next": request.POST.get("next", "") or request.GET.get("next", ""),
            "search_url": _search_url(request, integration, variant),
            "tab": "products",
        },
    )


def _undo(request: HttpRequest, integration: Integration) -> dict | None:
    """What was just unlinked and can be linked again, from the address; None if it cannot."""
    parts = request.GET.get("deshacer", "").split("-")
    if len(parts) != 4:
        return None
    variant_pk, item_pk, units, shared = map(number_of, parts)
    variant = Variant.objects.filter(
        pk=variant_pk, integration=integration, link__isnull=True
    ).first()
    item = AlegraItem.objects.filter(pk=item_pk, company=integration.company_id).first()
    if variant is None or item is None:
        return None
    return {"variant": variant, "item": item, "units": units or 1, "shared": bool(shared)}


def number_of(text: str | None) -> int:
    """0 for anything that is not a number of ours."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _search_url(request: HttpRequest, integration: Integration, variant: Variant) -> str:
    path = reverse("product_search", args=[request.organization.slug, integration.pk])
    return f"{path}?variante={variant.pk}"


def _back(request: HttpRequest, integration: Integration) -> str:
    """Where the act was begun, if that is a page of ours; else the list."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("products", args=[request.organization.slug, integration.pk])
