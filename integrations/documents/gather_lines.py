"""Reading what an order's lines and its document's products are made of. Makes no call."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext

from integrations.catalog.models import AlegraItem, ProductLink
from integrations.configuration.lookup import settings_of
from integrations.documents.facts import ItemFact, LineFact, TaxFact
from integrations.orders.lines import sold_lines
from integrations.orders.models import Order, OrderLine
from integrations.sending.problem_kinds import Found


def item_fact(item: AlegraItem) -> ItemFact:
    why = ""
    if item.missing_since is not None:
        why = "ya no existe en Alegra"
    elif not item.is_active:
        why = "está inactivo en Alegra"
    elif not item.can_be_invoiced:
        why = "tiene variantes; Alegra necesita un producto por cada una"
    elif any(not tax["percentage"] for tax in item.taxes):
        why = "su impuesto no dice cuánto es"
    return ItemFact(
        alegra_id=item.alegra_id,
        name=item.name,
        reference=item.reference,
        taxes=tuple(
            TaxFact(str(tax["id"]), tax.get("name", ""), Decimal(tax["percentage"] or 0))
            for tax in item.taxes
        ),
        why=why,
    )


def items_of(order: Order) -> list[AlegraItem]:
    """The Alegra products that this order's document would use."""
    sold = sold_lines(order)
    variants = [each.variant.pk for each in sold if each.variant is not None]
    linked = list(AlegraItem.objects.filter(links__variant__in=variants).distinct())
    linked += [each.item for each in sold if each.item is not None]
    settings = settings_of(order.integration)
    if settings.charges_enabled and settings.charges_item:
        linked += AlegraItem.objects.filter(
            company=order.integration.company, alegra_id=settings.charges_item
        )
    return linked


def line_facts(order: Order) -> tuple[tuple[LineFact, ...], list[Found]]:
    lines: list[LineFact] = []
    problems: list[Found] = []
    sold = sold_lines(order)
    links = {
        link.variant_id: link
        for link in ProductLink.objects.select_related("item").filter(
            variant__in=[each.variant.pk for each in sold if each.variant is not None]
        )
    }
    for each in sold:
        row, variant = each.line, each.variant
        fact = LineFact(
            label=row.name or row.sku or row.source_product,
            sku=row.sku,
            variant_key=f"{row.source_product}/{row.source_variant}",
            variant_id=variant.pk if variant else None,
            product_id=row.source_product,
            quantity=row.quantity,
            unit_price=row.unit_price,
            list_price=variant.price if variant else None,
        )
        if not row.quantity:
            pass  # No sale: nothing of it is needed.
        elif each.item is not None:
            fact = replace(fact, item=item_fact(each.item))
        elif variant is None:
            problems.append(_not_told(order, row))
        elif (link := links.get(variant.pk)) is None:
            problems.append(
                Found(
                    "product_unlinked",
                    variant.subject_key,
                    {"name": variant.label, "sku": variant.sku, "variant": variant.pk},
                )
            )
        else:
            fact = replace(fact, item=item_fact(link.item), units_per_sale=link.units_per_sale)
        lines.append(fact)
    return tuple(lines), problems


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
    code = "variation_missing" if row.source_product else "product_missing"
    return Found(code, f"{order.number}/{row.position}", about)
