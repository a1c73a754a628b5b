"""The page *Relación de productos*: which variants, in which order, with what beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from integrations.catalog import links, lookup, searching
from integrations.catalog.lookup import Waiting
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.suggestions import (
    NEAR_NAME,
    SAME_BARCODE,
    SAME_SKU,
    Suggestion,
)
from integrations.connections.models import Integration
from integrations.scoping.search_key import normalised

PAGE = 25
MOST_WAITING = 25

STATES = {
    "sin-vincular": lookup.UNLINKED,
    "vinculados": lookup.LINKED,
    "ya-no-existe": lookup.GONE,
    # What it asks about the IVA of what is linked leads here.
    "sin-iva": lookup.LINKED & Q(link__item__taxes=[]),
    "con-iva": lookup.LINKED & ~Q(link__item__taxes=[]),
    "todos": lookup.UNLINKED | lookup.LINKED,
}


@dataclass(frozen=True)
class Row:
    """One pair: the variant, and its link or what it probably is."""

    variant: Variant
    suggestion: Suggestion | None
    waiting: Waiting | None
    # How many variations its product has; a band is shown above the first of several.
    variations: int = 1
    opens_band: bool = False
    in_band: bool = False

    @cached_property
    def link(self) -> ProductLink | None:
        return getattr(self.variant, "link", None)

    @property
    def item(self) -> AlegraItem | None:
        if self.link is not None:
            return self.link.item
        return self.suggestion.item if self.suggestion else None

    @property
    def trouble(self) -> str:
        """Why the linked item cannot be invoiced, '' when it can."""
        return str(links.not_on_an_invoice(self.link.item)) if self.link else ""

    @property
    def tone(self) -> str:
        if self.link is not None:
            return "fail" if self.trouble else "ok"
        return "ask" if self.suggestion else "fail"

    @property
    def reason(self) -> str:
        return reason_text(self.suggestion)


@dataclass(frozen=True)
class Listing:
    waiting: list[Row]
    rows: list[Row]
    # The cursor of the next page, '' on the last.
    following: str
    state: str
    text: str


def reason_text(suggestion: Suggestion | None) -> str:
    if suggestion is None:
        return ""
    return {
        SAME_SKU: _("mismo SKU"),
        SAME_BARCODE: _("mismo código de barras"),
        NEAR_NAME: _("nombre casi igual, compara el precio"),
    }[suggestion.reason]


def listing(
    integration: Integration, *, state: str = "", text: str = "", after: str = ""
) -> Listing:
    """One page of pairs. On the first page of *sin vincular* those that hold orders come first.

    `after` is the `following` of the page before.
    """
    state = state if state in STATES else "sin-vincular"
    held = lookup.waiting_by_subject(integration)
    on_top: list[Variant] = []
    if state == "sin-vincular" and not normalised(text):
        subjects = list(held)[:MOST_WAITING]
        on_top = lookup.variants_of_subjects(integration, subjects)
        on_top = [each for each in on_top if not hasattr(each, "link")]
    rows = _rows(integration, state, exclude=on_top)
    if normalised(text):
        found = searching.find(rows, text, keys=("search_key", "sku_key"), limit=2 * PAGE)
        following = ""
    else:
        found, following = _page(rows, after)
    shown_on_top = on_top if not after else []
    suggested = lookup.suggestions_for(
        integration, [each for each in [*shown_on_top, *found] if not hasattr(each, "link")]
    )

    def pair(variant: Variant, **band) -> Row:
        return Row(variant, suggested.get(variant.pk), held.get(variant.subject_key), **band)

    return Listing(
        waiting=[pair(each) for each in shown_on_top],
        rows=[pair(each, **band) for each, band in _with_bands(found)],
        following=following,
        state=state,
        text=text,
    )


def _rows(integration: Integration, state: str, exclude: Iterable[Variant]) -> QuerySet[Variant]:
    siblings = (
        Variant.objects.present()
        .filter(integration=integration, product_id=OuterRef("product_id"))
        .order_by()
        .values("product_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Variant.objects.filter(STATES[state], integration=integration).select_related(
        "link__item"
    )
    taken = [each.pk for each in exclude]
    if taken:
        rows = rows.exclude(pk__in=taken)
    return rows.annotate(variations=Subquery(siblings, output_field=IntegerField()))


def _page(rows: QuerySet[Variant], after: str) -> tuple[list[Variant], str]:
    number, _separator, key = after.partition("~")
    if number.isdecimal() and len(number) < 19:
        rows = rows.filter(Q(search_key__gt=key) | Q(search_key=key, pk__gt=int(number)))
        # Said once more in a shape that an index can begin with.
        rows = rows.filter(search_key__gte=key)
    found = list(rows.order_by("search_key", "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{last.pk}~{last.search_key}"


def _with_bands(found: list[Variant]) -> Iterable[tuple[Variant, dict]]:
    before = None
    for variant in found:
        count = getattr(variant, "variations", None) or 1
        opens = count > 1 and variant.product_id != before
        before = variant.product_id
        yield variant, {"variations": count, "opens_band": opens, "in_band": count > 1}
