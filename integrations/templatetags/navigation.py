"""The rail and the dock: only what is built, and how much waits in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

from django import template
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from integrations.attention.waiting import works_by_kind
from integrations.catalog import lookup
from integrations.catalog.models import Variant
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.of_order import kinds_about_orders
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.states import ATTENDED

register = template.Library()


@dataclass
class Place:
    url: str
    icon: str
    text: str
    here: bool
    count: int = 0


# Which place an address belongs to, by how its name begins; the first that fits counts.
BELONGS = (
    ("attention", "attention"),
    ("history", "history"),
    ("books", "books"),
    ("order_bring", "integrations"),
    ("order", "history"),
    ("product", "products"),
    ("catalog", "products"),
    ("menu", "menu"),
    ("home", "history"),
)


def _place_of(url_name: str) -> str:
    for beginning, place in BELONGS:
        if url_name.startswith(beginning):
            return place
    return "integrations"


def _address(name: str, *args) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _waiting() -> dict[int, dict]:
    """For each integration: orders a person must attend, products without link, and the pesos
    these hold. One query, whatever there is."""
    causes = Cause.objects.open().filter(code="product_unlinked")
    rows = Integration.objects.order_by().values("pk", "state")
    return {
        row["pk"]: row
        for row in rows.annotate(
            to_attend=_to_attend(),
            unlinked=_of_each(Variant.objects.filter(lookup.UNLINKED), Count("id")),
            pesos=_of_each(causes, Sum("pesos")),
        )
    }


def _to_attend() -> Combinable:
    """Orders of which a work waits for a person, or has something beside it."""
    figures = [_of_each(rows, orders) for rows, orders, _pesos in works_by_kind(ATTENDED)]
    for kind in kinds_about_orders():
        # A work may have two problems beside it; its order is counted once.
        doubted = kind.problem.objects.filter(closed_at=None, code__in=BESIDE)
        doubted = doubted.exclude(work__state__in=ATTENDED)
        figures.append(_of_each(doubted, Count("work", distinct=True), place="work__integration"))
    return reduce(add, figures)


def _of_each(rows, figure, place: str = "integration") -> Coalesce:
    grouped = rows.filter(**{place: OuterRef("pk")}).order_by().values(place)
    return Coalesce(Subquery(grouped.annotate(figure=figure).values("figure")), 0)


def _products_of(waiting: dict[int, dict], here: int | None) -> dict | None:
    """Whose products the rail counts: of the integration whose page this is, else of the one
    with most at stake. The tab it leads to shows the same number."""
    rows = [
        row
        for row in waiting.values()
        if row["unlinked"] and row["state"] != Integration.State.ARCHIVED
    ]
    return max(
        rows, key=lambda row: (row["pk"] == here, row["pesos"], row["unlinked"]), default=None
    )


@register.simple_tag(takes_context=True)
def places(context) -> dict:
    """{"attention": Place, "history": …, "books": …, "integrations": …, "menu": …, "products": …}.

    A place whose page does not exist is None.
    """
    membership = context.get("membership")
    request = context["request"]
    if membership is None:
        return {}
    slug = membership.organization.slug
    match = getattr(request, "resolver_match", None)
    at = (match.url_name or "") if match else ""
    waiting = _waiting()
    unlinked = _products_of(waiting, match.kwargs.get("integration") if match else None)
    here = _place_of(at)
    if here == "products" and unlinked is None:
        here = "integrations"

    def place(name: str, icon: str, text: str, *args, count: int = 0) -> Place | None:
        url = _address(name, slug, *args)
        return Place(url, icon, text, name == here, count) if url else None

    products = None
    if unlinked:
        products = place(
            "products",
            "unlink",
            _("Productos sin vincular"),
            unlinked["pk"],
            count=unlinked["unlinked"],
        )
    return {
        "attention": place(
            "attention",
            "inbox",
            _("Por atender"),
            count=sum(row["to_attend"] for row in waiting.values()),
        ),
        "history": place("history", "list", _("Historial")),
        "books": place("books", "scale", _("Revisión con Alegra")),
        "integrations": place("integrations", "plug", _("Integraciones")),
        "products": products,
        "menu": place("menu", "menu", _("Menú")),
    }
