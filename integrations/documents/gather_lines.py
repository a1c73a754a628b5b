"""Reading what an order's lines and its document's products are made of. Makes no call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from integrations.catalog.models import AlegraItem, Variant
from integrations.catalog.telling import named_by
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import DocumentSettings
from integrations.documents import charge_answers, said_amounts
from integrations.documents.article_sold import Article, articles_of
from integrations.documents.facts import LineFact
from integrations.documents.item_facts import item_fact
from integrations.documents.line_answers import unread_places
from integrations.orders.lines import SoldLine, sold_lines
from integrations.orders.models import Order, OrderLine
from integrations.scoping.prepared import Prepared
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class Sold:
    """What the lines of an order sell, and what is linked to it."""

    lines: list[SoldLine]
    articles: dict[int, Article]


def sold_of(order: Order) -> Sold:
    lines = sold_lines(order)
    return Sold(lines, articles_of(order, lines))


def items_of(order: Order, sold: Sold) -> list[AlegraItem]:
    """The Alegra products that this order's document would use."""
    linked = [each.item for each in sold.articles.values()]
    linked += [each.item for each in sold.lines if each.item is not None]
    settings = settings_of(order.integration)
    charges = item_of_charges(settings, order.integration.company_id)
    if charges is not None:
        linked.append(charges)
    return linked + charge_answers.chosen_items(order) + said_amounts.chosen_items(order)


_item = Prepared(
    lambda company, alegra_id: AlegraItem.objects.filter(company_id=company, alegra_id=alegra_id)
)


def item_of_charges(settings: DocumentSettings, company_id: int) -> AlegraItem | None:
    """The product as which charges are billed; None where they are not billed."""
    if not (settings.charges_enabled and settings.charges_item):
        return None
    return _item.first(company=company_id, alegra_id=settings.charges_item)


def line_facts(order: Order, sold: Sold) -> tuple[tuple[LineFact, ...], list[Found]]:
    lines: list[LineFact] = []
    problems: list[Found] = []
    # A quantity that could not be read is kept as 0: such a line is a sale, of its product.
    unread = unread_places(order, "quantity_invalid")
    for each in sold.lines:
        row, variant = each.line, each.variant
        fact = LineFact(
            label=row.name or row.sku or row.source_product,
            sku=row.sku,
            variant_key=f"{row.source_product}/{row.source_variant}",
            variant_id=variant.pk if variant else None,
            product_id=row.source_product,
            quantity=row.quantity,
            bundle=row.bundle,
            position=row.position,
            unit_price=row.unit_price,
            variation=_variation(each),
            list_price=variant.price if variant else None,
            catalogue_price=variant.price
            if variant and variant.source == Variant.Source.API
            else None,
        )
        if not row.quantity and row.position not in unread:
            pass  # No sale: nothing of it is needed.
        elif each.item is not None:
            fact = replace(fact, item=item_fact(each.item))
        elif variant is None:
            problems.append(_not_told(order, row))
        elif (article := sold.articles.get(row.position)) is None:
            problems.append(
                Found(
                    "product_unlinked",
                    variant.subject_key,
                    {"name": variant.label, "sku": variant.sku, "variant": variant.pk},
                )
            )
        else:
            fact = replace(fact, item=item_fact(article.item), units_per_sale=article.units)
            problems += filter(None, [article.question])
        lines.append(fact)
    return tuple(lines), problems


def _variation(sold: SoldLine) -> str:
    """A person's choice before the order's own words; those of the catalogue where it has none."""
    known = sold.variant.variant_name if sold.variant else ""
    return known if sold.is_chosen and known else sold.line.variant_name or known


def _not_told(order: Order, row: OrderLine) -> Found:
    """Nobody can tell what this line sells: chosen on a page of the order, line by line."""
    about = {
        "order": order.number,
        "order_id": order.pk,
        "position": row.position,
        "name": row.name or row.sku or gettext("un producto sin nombre"),
        "product": row.source_product,
        "sku": row.sku,
        "variation": row.variant_name,
    }
    subject = f"{order.key}/{row.position}"
    if not row.source_product:
        return Found("product_missing", subject, about)
    return Found("variation_missing", subject, {**about, "how": _how_told(order, row)})


def _how_told(order: Order, row: OrderLine) -> str:
    """Why nobody can tell the variation: what its SKU says and what its name says, or nothing."""
    rows = Variant.objects.filter(
        integration_id=order.integration_id, product_id=row.source_product
    )
    named = named_by(rows, sku=row.sku, variant_name=row.variant_name)
    if not named.disagree:
        return gettext("sin decir cuál")
    return gettext("y por su SKU %(sku)s sería %(by_sku)s, por su nombre %(by_name)s") % {
        "sku": row.sku.strip(),
        "by_sku": _either(named.by_sku),
        "by_name": _either(named.by_name),
    }


def _either(variants: Sequence[Variant]) -> str:
    names = dict.fromkeys(f"«{each.variant_name or each.label}»" for each in variants)
    return gettext(" o ").join(names)
