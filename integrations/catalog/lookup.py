"""What pages ask about the catalogue: counts, what orders wait for, what to suggest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Case, Count, Q, When

from integrations.catalog import suggestions
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.suggestions import Suggestion
from integrations.catalog.usable import cannot_be_invoiced
from integrations.connections.models import Integration
from integrations.connections.querysets import PRESENT
from integrations.scoping.search_key import starts_with
from integrations.sending.models import Cause

UNLINKED = Q(link__isnull=True) & PRESENT
LINKED = Q(link__isnull=False)
GONE = LINKED & cannot_be_invoiced("link__item__")

MOST_CANDIDATES = 2000


@dataclass(frozen=True)
class Counts:
    unlinked: int
    linked: int
    gone: int
    all: int


@dataclass(frozen=True)
class Waiting:
    """Orders that wait for a variant, and their pesos."""

    orders: int
    pesos: int


def unlinked_count(integration: Integration) -> int:
    """How many variants have no Alegra product: the number in menu and tabs."""
    return Variant.objects.filter(UNLINKED, integration=integration).count()


def counts(integration: Integration) -> Counts:
    found = Variant.objects.filter(integration=integration).aggregate(
        unlinked=Count("pk", filter=UNLINKED),
        linked=Count("pk", filter=LINKED),
        gone=Count("pk", filter=GONE),
        all=Count("pk", filter=UNLINKED | LINKED),
    )
    return Counts(**found)


def waiting_by_subject(integration: Integration) -> dict[str, Waiting]:
    """Subject key of a variant → what waits for it, what is worth most first."""
    open_ones = Cause.objects.open().with_orders()
    causes = open_ones.filter(integration=integration, code="product_unlinked")
    causes = causes.order_by("-pesos", "id")[:200]
    return {cause.subject_key: Waiting(cause.open_count, cause.pesos) for cause in causes}


def variants_of_subjects(integration: Integration, subjects: Iterable[str]) -> list[Variant]:
    """The variants of these subject keys, in their order."""
    wanted = list(subjects)
    if not wanted:
        return []
    pairs = [subject.partition("/")[::2] for subject in wanted]
    rows = Variant.objects.filter(
        integration=integration,
        product_id__in={product for product, _ in pairs},
        variant_id__in={variant for _, variant in pairs},
    ).select_related("link__item")
    by_subject = {row.subject_key: row for row in rows}
    return [by_subject[subject] for subject in wanted if subject in by_subject]


def suggestions_for(integration: Integration, variants: Iterable[Variant]) -> dict[int, Suggestion]:
    """Variant pk → its likeliest free Alegra product, for the rows of one page. One query."""
    variants = list(variants)
    if not variants:
        return {}
    exact = reduce(or_, map(_exactly, variants), Q(pk=None))
    near = reduce(or_, map(_nearly, variants), Q(pk=None))
    used = ProductLink.objects.filter(integration=integration).values("item")
    candidates = list(
        AlegraItem.objects.that_can_be_invoiced()
        .filter(exact | near, company=integration.company_id)
        .exclude(pk__in=used)
        # A name that begins like a thousand others must not crowd out a certain match.
        .order_by(Case(When(exact, then=0), default=1), "pk")[:MOST_CANDIDATES]
    )
    found = {each.pk: suggestions.best(each, candidates) for each in variants}
    return {pk: suggestion for pk, suggestion in found.items() if suggestion is not None}


def _exactly(variant: Variant) -> Q:
    """Where an index leads to the same SKU or barcode; nothing where neither is evidence."""
    found = Q(pk=None)
    if suggestions.is_evidence(variant.sku_key):
        found |= Q(reference_key=variant.sku_key)
    if variant.barcode:
        found |= Q(barcode=variant.barcode) | Q(reference_key=variant.barcode)
    return found


def _nearly(variant: Variant) -> Q:
    """Names that begin with the same two words."""
    words = variant.search_key.split()[:2]
    if not words or len("".join(words)) < 4:
        return Q(pk=None)
    return starts_with("search_key", " ".join(words))
