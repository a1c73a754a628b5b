"""The article that a line sells, compared with the one that was linked. Makes no call.

A product of MasterShop can become another article, or two can change places, under the ids that
were linked. Nothing is guessed: what is called otherwise, or has the SKU of another linked
product, is asked about once, and the answer is valid for the product as it is called there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.catalog.models import AlegraItem, ProductLink
from integrations.catalog.same_article import (
    EXACTLY,
    Words,
    best_likeness,
    is_doubtful,
    loose_sku,
    sku_spellings,
)
from integrations.catalog.suggestions import words_of
from integrations.configuration.models import Answer
from integrations.configuration.questions.articles import ANOTHER_ARTICLE, IS_OTHER
from integrations.documents.item_facts import item_fact
from integrations.orders.lines import SoldLine
from integrations.orders.models import Order, OrderLine
from integrations.scoping.prepared import Prepared
from integrations.scoping.search_key import normalised
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class Article:
    """What a line is invoiced with, and the question that nobody has answered, if there is one."""

    item: AlegraItem
    units: int
    question: Found | None = None


def articles_of(order: Order, sold: Sequence[SoldLine]) -> dict[int, Article]:
    """By the line's place, for lines whose variation is linked and that no person chose an
    Alegra product for. One query, and two more where a line is called otherwise than what was
    linked."""
    mine = [each for each in sold if each.variant is not None and each.item is None]
    links = {
        link.variant_id: link
        for link in _links(
            variants=sorted({each.variant.pk for each in mine if each.variant is not None})
        )
    }
    linked = [
        (each.line, links[each.variant.pk], each.is_chosen)
        for each in mine
        if each.variant is not None and each.variant.pk in links
    ]
    # What a person chose for this order, or what is no sale, is not compared.
    compared = [(row, link) for row, link, chosen in linked if not chosen and row.quantity]
    others = _with_their_skus(order, compared)
    doubted = [(row, link) for row, link in compared if _doubt(row, link, others, []) is not None]
    answers = _answers(order, [link for _row, link in doubted])
    found = {row.position: Article(link.item, link.units_per_sale) for row, link, _chosen in linked}
    for row, link in doubted:
        found[row.position] = _article(order, row, link, others, answers)
    return found


# --- What speaks against ----------------------------------------------------------------------


def _doubt(
    row: OrderLine, link: ProductLink, others: list[ProductLink], same: list[Words]
) -> str | None:
    """Why the line may sell another article, None where it does not. `same`: what a person said
    is the same article."""
    told = Words(row.name, row.sku)
    linked = [Words(link.linked_name, link.linked_sku), *same]
    also = _in_alegra(link.item)
    own = best_likeness(row.sku, (*linked, *also))
    for other in others:
        if other.item_id == link.item_id:
            continue
        theirs = (Words(sku=other.linked_sku), Words(sku=other.item.reference))
        if best_likeness(row.sku, theirs) > own:
            return _("«%(name)s» llegó con el SKU %(sku)s, que es el de «%(other)s»") % {
                "name": _called(row), "sku": row.sku.strip(),
                "other": other.linked_name or other.item.name,
            }  # fmt: skip
    if not is_doubtful(told, linked, also):
        return None
    return _("llegó «%(name)s» donde se vinculó «%(linked)s»") % {
        "name": _with_sku(_called(row), row.sku),
        "linked": _with_sku(link.linked_name or link.item.name, link.linked_sku),
    }


def _in_alegra(item: AlegraItem) -> list[Words]:
    return [Words(item.name, item.reference), *([Words(sku=item.barcode)] if item.barcode else [])]


def _with_their_skus(
    order: Order, linked: Sequence[tuple[OrderLine, ProductLink]]
) -> list[ProductLink]:
    """The links of the SKUs that lines tell and that are not plainly their own."""
    foreign = {
        row.sku
        for row, link in linked
        if loose_sku(row.sku)
        and best_likeness(row.sku, (Words(sku=link.linked_sku), *_in_alegra(link.item))) < EXACTLY
    }
    if not foreign:
        return []
    return _links_with(
        integration=order.integration_id,
        keys=sorted({loose_sku(sku) for sku in foreign}),
        spelled=sorted(set().union(*map(sku_spellings, foreign))),
    )


_links_with = Prepared(
    lambda integration, keys, spelled: ProductLink.objects.filter(
        Q(linked_sku_key__in=keys) | Q(item__reference_key__in=spelled),
        integration_id=integration,
    ).select_related("item")
)
_links = Prepared(
    lambda variants: ProductLink.objects.select_related("item", "variant").filter(
        variant__pk__in=variants
    )
)


# --- What was answered ------------------------------------------------------------------------


def _answers(order: Order, links: Sequence[ProductLink]) -> dict[str, list[Answer]]:
    """By the variant's subject key, what was said of it under each of its names."""
    found: dict[str, list[Answer]] = {link.variant.subject_key: [] for link in links}
    if not found:
        return found
    mine = Q()
    for subject in found:
        mine |= Q(subject_key__startswith=f"{subject}@")
    rows = Answer.objects.filter(
        mine, integration=order.integration_id, question=ANOTHER_ARTICLE
    ).order_by("-at", "pk")
    for row in rows:
        found[row.subject_key.rpartition("@")[0]].append(row)
    return found


def _article(
    order: Order,
    row: OrderLine,
    link: ProductLink,
    others: list[ProductLink],
    answers: dict[str, list[Answer]],
) -> Article:
    key = _key(row, link)
    told = answers.get(link.variant.subject_key, [])
    given = next((each for each in told if each.subject_key == key), None)
    gone = ""
    if given is not None and given.value == IS_OTHER:
        item = AlegraItem.objects.filter(
            company=order.integration.company_id, alegra_id=given.picked.get("item", "")
        ).first()
        if item is not None and not item_fact(item).why:
            units = link.units_per_sale if item.pk == link.item_id else 1
            return Article(item, units)
        gone = _("el producto que se eligió, «%(item)s», ya no se puede facturar") % {
            "item": given.picked.get("name", "")
        }
    elif given is not None:
        return Article(link.item, link.units_per_sale)
    same = [
        Words(str(each.params.get("name", "")), str(each.params.get("sku", "")))
        for each in told
        if each.value != IS_OTHER
    ]
    why = _doubt(row, link, others, same)
    if why is None:
        return Article(link.item, link.units_per_sale)
    about = {
        "order": order.number,
        "name": _called(row),
        "sku": row.sku.strip(),
        "item": link.item.name,
        "variant": link.variant_id,
        "why": f"{why}; {gone}" if gone else why,
    }
    return Article(link.item, link.units_per_sale, Found(ANOTHER_ARTICLE, key, about))


def _key(row: OrderLine, link: ProductLink) -> str:
    """The product as it is called in the line, however that is spelled."""
    words = "|".join(sorted(words_of(normalised(row.name))))
    called = f"{loose_sku(row.sku)}|{words}"
    return f"{link.variant.subject_key}@{hashlib.sha256(called.encode()).hexdigest()[:12]}"


def _called(row: OrderLine) -> str:
    return row.name or row.sku or row.source_product


def _with_sku(name: str, sku: str) -> str:
    return f"{name} · {sku.strip()}" if sku.strip() else name
