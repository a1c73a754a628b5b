"""The rail and the dock: only what is built, and how much waits in it."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from integrations.documents.models import Document
from integrations.sending.models import Cause
from integrations.sending.states import State
from integrations.tenancy.models import Membership

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


def _waiting(membership) -> dict:
    """Orders a person must attend, and products without link, in one query."""
    blocked = (
        Document.objects.filter(state=State.BLOCKED, live=True)
        .order_by()
        .values("organization")
        .annotate(n=Count("order_id", distinct=True))
        .values("n")
    )
    unlinked = (
        Cause.objects.filter(code="product_unlinked", state="open", open_count__gt=0)
        .order_by()
        .values("integration")
    )
    return (
        Membership.objects.filter(pk=membership.pk)
        .values("pk")
        .annotate(
            blocked=Coalesce(Subquery(blocked), 0),
            unlinked=Coalesce(
                Subquery(unlinked.values("organization").annotate(n=Count("id")).values("n")),
                0,
            ),
            integration=Subquery(
                unlinked.filter(organization=OuterRef("organization"))
                .order_by("-pesos")
                .values("integration")[:1]
            ),
        )
        .get()
    )


@register.simple_tag(takes_context=True)
def places(context) -> dict:
    """{"attention": Place, "history": …, "integrations": …, "products": … or None, "menu": …}.

    A place whose page does not exist is None.
    """
    membership = context.get("membership")
    request = context["request"]
    if membership is None:
        return {}
    slug = membership.organization.slug
    match = getattr(request, "resolver_match", None)
    at = (match.url_name or "") if match else ""
    waiting = _waiting(membership)
    here = _place_of(at)
    if here == "products" and not waiting["unlinked"]:
        here = "integrations"

    def place(name: str, icon: str, text: str, *args, count: int = 0) -> Place | None:
        url = _address(name, slug, *args)
        return Place(url, icon, text, name == here, count) if url else None

    products = None
    if waiting["unlinked"] and waiting["integration"]:
        products = place(
            "products",
            "unlink",
            _("Productos sin vincular"),
            waiting["integration"],
            count=waiting["unlinked"],
        )
    return {
        "attention": place("attention", "inbox", _("Por atender"), count=waiting["blocked"]),
        "history": place("history", "list", _("Historial")),
        "integrations": place("integrations", "plug", _("Integraciones")),
        "products": products,
        "menu": place("menu", "menu", _("Menú")),
    }
