"""Reading from the database what a document is built from. Makes no call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings as platform
from django.utils.translation import gettext

from integrations.catalog.models import AlegraItem, ProductLink
from integrations.colombia.dates import bogota_today
from integrations.colombia.money import LEAST_PRECISION
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import DocumentSettings
from integrations.documents import same_sale
from integrations.documents.choices import account_of, missing_references
from integrations.documents.facts import (
    BuyerFact,
    Facts,
    ItemFact,
    LineFact,
    SettingsFact,
    TaxFact,
)
from integrations.inventory.lookup import warehouse_for
from integrations.mastershop.orders import NormalisedOrder
from integrations.orders.buyer import effective_buyer
from integrations.orders.lines import sold_lines
from integrations.orders.models import Order, OrderLine
from integrations.orders.parts_known import PartsKnown
from integrations.orders.reread import Outcome
from integrations.sending.problem_kinds import Found


def gather(order: Order, *, marker: str, now: datetime) -> Facts:
    """The facts of this order with the settings of this moment. Needs an open scope."""
    settings = settings_of(order.integration)
    company = order.integration.company
    known = NormalisedOrder.from_json(order.snapshot)
    lines, problems = _lines(order, company.pk)
    charges_item = _charges_item(settings, company.pk)
    if settings.charges_enabled and charges_item is not None and charges_item.why:
        problems.append(
            Found(
                "charges_item_unusable",
                charges_item.alegra_id,
                {"item": charges_item.name, "why": charges_item.why},
            )
        )
    warehouse, warehouse_problem = _warehouse(order)
    problems += warehouse_problem
    means, account_problem = account_of(order, settings)
    problems += account_problem
    problems += missing_references(settings, company.pk)
    problems += _unread(order)
    problems += filter(None, [same_sale.question(order)])
    if order.needs_detail and not _is_known_to_lack(order):
        about = {"order": order.number, "order_id": order.pk}
        problems = [Found("order_unreadable", order.number, about)]
    return Facts(
        order_id=order.pk,
        number=order.number,
        external_number=order.external_number,
        family=order.family,
        method=order.method,
        total=order.total,
        discount=known.discount,
        charges=tuple((charge.name, charge.amount) for charge in known.extra_charges),
        lines=lines,
        buyer=_buyer(order, known),
        settings=settings_fact(settings),
        # Under two the gate holds every document; what is shown meanwhile is what will be sent.
        precision=max(company.precision, LEAST_PRECISION),
        marker=marker,
        today=bogota_today(now),
        charges_item=charges_item,
        warehouse_id=warehouse,
        payment_means=means,
        surname_filler=platform.SURNAME_FILLER,
        seller_nit=company.nit,
        problems=tuple(problems),
    )


def settings_fact(settings: DocumentSettings) -> SettingsFact:
    names = SettingsFact.__dataclass_fields__
    return SettingsFact(**{name: getattr(settings, name) for name in names})


def snapshot(settings: SettingsFact) -> dict:
    """What is kept beside the document: as JSON, amounts as text."""
    values = {name: getattr(settings, name) for name in SettingsFact.__dataclass_fields__}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }


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


def _lines(order: Order, company_id: int) -> tuple[tuple[LineFact, ...], list[Found]]:
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
        if each.item is not None:
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


def _is_known_to_lack(order: Order) -> bool:
    """Whether all that keeps it is content nobody told, with no source left to ask: what is
    missing is then named, not that the order could not be read."""
    asked = order.reread_outcome in (Outcome.NO_KEY, Outcome.CONFIRMED)
    known = PartsKnown.from_json(order.parts)
    return asked and bool(known.lacks()) and not known.is_total_in_doubt(order.snapshot["total"])


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


def _unread(order: Order) -> list[Found]:
    """What the parser could not read of the order; nothing else may notice a dropped line."""
    about = {"order": order.number, "order_id": order.pk}
    told_otherwise = {"lines_missing", "total_missing", "line_without_product"}
    return [
        Found("line_wrong", order.number, {**about, "why": problem["sentence"]})
        for problem in order.problems
        if problem["blocking"] and problem["code"] not in told_otherwise
    ]


def _charges_item(settings: DocumentSettings, company_id: int) -> ItemFact | None:
    if not (settings.charges_enabled and settings.charges_item):
        return None
    item = AlegraItem.objects.filter(company_id=company_id, alegra_id=settings.charges_item).first()
    return item_fact(item) if item else None


def _warehouse(order: Order) -> tuple[str | None, list[Found]]:
    resolved = warehouse_for(order.integration, order.bodega_id, order.bodega_name)
    if resolved.problem:
        return None, [Found(resolved.problem, resolved.subject_key, dict(resolved.params))]
    return resolved.warehouse_id, []


def _buyer(order: Order, known: NormalisedOrder) -> BuyerFact:
    buyer = effective_buyer(order)
    corrected = buyer.name != order.buyer_name
    return BuyerFact(
        name=buyer.name,
        # A name that a person corrected is not split by what the order said before.
        first_name="" if corrected else known.customer.first_name,
        last_name="" if corrected else known.customer.last_name,
        doc_type=buyer.doc_type,
        doc_number=buyer.doc_number,
        email=buyer.email,
        phone=order.buyer_phone,
        address=order.ship_address,
        city=buyer.city,
        department=buyer.department,
        dane_code=order.ship_dane_code if buyer.city == order.ship_city else "",
        unidentified=buyer.unidentified,
    )
