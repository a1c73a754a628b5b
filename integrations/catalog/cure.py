"""The repair of a product's cause, ready for *Por atender*: pair, suggestion, target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from integrations.catalog import lookup
from integrations.catalog.listing import reason_text
from integrations.catalog.models import ProductLink, Variant
from integrations.catalog.suggestions import Suggestion
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import KINDS

CODES = frozenset(code for code, kind in KINDS.items() if kind.screen == "products")


@dataclass(frozen=True)
class ProductCure:
    """What `catalog/_cure_product.html` shows. Without a suggestion only the search is offered."""

    variant: Variant
    suggestion: Suggestion | None
    orders: int
    post_url: str
    search_url: str

    @property
    def reason(self) -> str:
        return reason_text(self.suggestion)


def cures_for(causes: Iterable[Cause], *, organization: str) -> dict[int, ProductCure]:
    """Cause pk → its cure, for causes about products; four queries for each integration."""
    by_integration: dict[int, list[Cause]] = {}
    for cause in causes:
        if cause.code in CODES:
            by_integration.setdefault(cause.integration_id, []).append(cause)
    found: dict[int, ProductCure] = {}
    integrations = Integration.objects.in_bulk(list(by_integration))
    for pk, mine in by_integration.items():
        found |= _of_integration(integrations[pk], mine, organization)
    return found


def cure_for(cause: Cause, *, organization: str) -> ProductCure | None:
    return cures_for([cause], organization=organization).get(cause.pk)


def _of_integration(
    integration: Integration, causes: list[Cause], organization: str
) -> dict[int, ProductCure]:
    unusable = {each.subject_key for each in causes if each.code == "item_unusable"}
    linked: dict[str, Variant] = {}
    if unusable:
        rows = ProductLink.objects.filter(
            integration=integration, item__alegra_id__in=unusable
        ).select_related("item", "variant")
        linked = {row.item.alegra_id: row.variant for row in rows}
    subjects = {each.pk: each.subject_key for each in causes if each.code != "item_unusable"}
    variants = {
        row.subject_key: row
        for row in lookup.variants_of_subjects(integration, set(subjects.values()))
    }
    chosen = {
        each.pk: linked.get(each.subject_key)
        if each.code == "item_unusable"
        else variants.get(subjects[each.pk])
        for each in causes
    }
    suggested = lookup.suggestions_for(
        integration, {each.pk: each for each in chosen.values() if each}.values()
    )
    search = reverse("product_search", args=[organization, integration.pk])
    return {
        each.pk: ProductCure(
            variant=variant,
            suggestion=suggested.get(variant.pk),
            orders=each.open_count,
            post_url=reverse("product_link", args=[organization, integration.pk, variant.pk]),
            search_url=f"{search}?variante={variant.pk}",
        )
        for each in causes
        if (variant := chosen[each.pk]) is not None
    }
