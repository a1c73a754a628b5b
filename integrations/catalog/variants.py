"""What MasterShop sells: read from its catalogue, and seen in orders.

MasterShop reference: products, variants, bodegas, stock. An order may name a product without
its variation; `telling` says which one it means.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from integrations.catalog.merging import forget_blank, merge_blank
from integrations.catalog.models import Variant
from integrations.catalog.telling import meant, says_the_same
from integrations.connections.models import Integration
from integrations.mastershop.products import Product
from integrations.scoping.prepared import Prepared
from integrations.sending.models import Cause
from integrations.sending.release import release

MOST_VARIANTS = 100_000
BATCH = 500
_LONGEST_ID = 64
_LARGEST_PRICE = Decimal(10) ** 15
_UPDATED = [
    "sku",
    "barcode",
    "product_name",
    "variant_name",
    "price",
    "owner_business",
    "source",
    "search_key",
    "sku_key",
    "seen_at",
    "missing_since",
]


class CatalogueTooLarge(Exception):
    """More variations than one integration can have here."""


def resolve(
    integration: Integration,
    *,
    product_id: str,
    variant_id: str,
    sku: str = "",
    product_name: str = "",
    variant_name: str = "",
    price: Decimal | None = None,
    owner_business: str = "",
    now: datetime,
) -> Variant | None:
    """The variant a line of an order means; it is created when the catalogue has not told it.

    None when it cannot be told which one: no product, or several variations and no word that
    means one of them.
    """
    product_id, variant_id = product_id or "", variant_id or ""
    if max(len(product_id), len(variant_id)) > _LONGEST_ID:
        return None
    if not product_id:
        return _by_variant_id(integration, variant_id)
    told = {
        "sku": sku[:120],
        "product_name": product_name[:200],
        "variant_name": variant_name[:200],
        "price": _price(price),
        "owner_business": owner_business[:64],
    }
    if variant_id:
        return _seen(integration, product_id, variant_id, told, now)
    return _without_variation(integration, product_id, told, now)


def _by_variant_id(integration: Integration, variant_id: str) -> Variant | None:
    if not variant_id:
        return None
    found = list(Variant.objects.filter(integration=integration, variant_id=variant_id)[:2])
    return found[0] if len(found) == 1 else None


def _without_variation(
    integration: Integration, product_id: str, told: dict, now: datetime
) -> Variant | None:
    rows = list(Variant.objects.filter(integration=integration, product_id=product_id))
    said = {"sku": told["sku"], "variant_name": told["variant_name"]}
    if (found := meant(rows, **said)) is not None:
        return found
    blank = next((row for row in rows if not row.variant_id), None)
    named = [row for row in rows if row.variant_id]
    if len(named) > 1 or any(row.source == Variant.Source.API for row in named):
        # There are several, and nobody said which.
        return None
    if blank is not None:
        if not says_the_same(blank, **said):
            return None
        # The first order's name and SKU are kept.
        told = {
            name: value
            for name, value in told.items()
            if name not in said or not getattr(blank, name)
        }
    return _seen(integration, product_id, "", told, now)


_known = Prepared(
    lambda integration, product_id, variant_id: Variant.objects.filter(
        integration_id=integration, product_id=product_id, variant_id=variant_id
    )
)


def _seen(
    integration: Integration, product_id: str, variant_id: str, told: dict, now: datetime
) -> Variant:
    its_ids = {"product_id": product_id, "variant_id": variant_id}
    variant = _known.first(integration=integration.pk, **its_ids)
    if variant is None:
        variant, created = Variant.objects.get_or_create(
            integration=integration,
            **its_ids,
            defaults={
                **told,
                "organization_id": integration.organization_id,
                "source": Variant.Source.ORDER,
                "seen_at": now,
            },
        )
        if created:
            return variant
    changed = []
    if not variant.is_present:
        variant.missing_since = None
        changed.append("missing_since")
    if variant.source == Variant.Source.ORDER:
        for name, value in told.items():
            if value not in ("", None) and getattr(variant, name) != value:
                setattr(variant, name, value)
                changed.append(name)
    if changed:
        variant.seen_at = now
        variant.save(update_fields=[*changed, "seen_at", "search_key", "sku_key"])
    return variant


def store_catalogue(
    integration: Integration, products: Iterable[Product], *, now: datetime
) -> tuple[int, int]:
    """Keep a whole catalogue as read: (variations it has, variations that vanished).

    What vanished keeps its row and its link, because orders on the road need them. Variations
    that waiting orders need are never marked as gone.
    """
    found: dict[tuple[str, str], Variant] = {}
    for product in products:
        for row in _rows_of(integration, product, now):
            found[row.product_id, row.variant_id] = row
        if len(found) > MOST_VARIANTS:
            raise CatalogueTooLarge
    rows = list(found.values())
    for start in range(0, len(rows), BATCH):
        with transaction.atomic():
            Variant.objects.bulk_create(
                rows[start : start + BATCH],
                update_conflicts=True,
                unique_fields=["integration", "product_id", "variant_id"],
                update_fields=_UPDATED,
            )
    # An empty answer is not believed: it would hide everything at once.
    gone = _mark_missing(integration, now) if rows else 0
    _settle_blanks(integration)
    _release_what_can_be_told(integration)
    return len(rows), gone


def _rows_of(integration: Integration, product: Product, now: datetime) -> list[Variant]:
    if len(product.id) > _LONGEST_ID:
        return []
    common = {
        "organization_id": integration.organization_id,
        "integration": integration,
        "product_id": product.id,
        "product_name": product.name[:200],
        "owner_business": product.owner_business[:64],
        "source": Variant.Source.API,
        "seen_at": now,
    }
    if not product.variants:
        rows = [Variant(**common, price=_price(product.suggested_price))]
    else:
        rows = [
            Variant(
                **common,
                variant_id=each.id,
                variant_name="" if each.is_default else each.name[:200],
                sku=each.sku[:120],
                barcode=each.barcode[:64],
                price=_price(each.price),
            )
            for each in product.variants
            if len(each.id) <= _LONGEST_ID
        ]
    for row in rows:
        row.fill_keys()
    return rows


def _mark_missing(integration: Integration, now: datetime) -> int:
    mine = Variant.objects.filter(integration=integration, source=Variant.Source.API)
    needed = set(
        Cause.objects.open()
        .filter(integration=integration, code="product_unlinked")
        .values_list("subject_key", flat=True)
    )
    unseen = [
        row.pk
        for row in mine.present()
        .filter(seen_at__lt=now)
        .only("organization_id", "product_id", "variant_id")
        if row.subject_key not in needed
    ]
    for start in range(0, len(unseen), BATCH):
        mine.filter(pk__in=unseen[start : start + BATCH]).update(missing_since=now)
    return len(unseen)


def _settle_blanks(integration: Integration) -> None:
    """Merge the variant stored without a variation into the one it means, or remove it."""
    for blank in Variant.objects.filter(integration=integration, variant_id=""):
        real = list(
            Variant.objects.present()
            .filter(integration=integration, product_id=blank.product_id, source=Variant.Source.API)
            .exclude(variant_id="")
        )
        found = meant(real, sku=blank.sku, variant_name=blank.variant_name)
        if found is not None:
            merge_blank(blank, found, integration=integration)
        elif real:
            forget_blank(blank, integration=integration)


def _release_what_can_be_told(integration: Integration) -> None:
    """Free the orders whose variation can now be told apart by their own words."""
    waiting = Cause.objects.open().filter(integration=integration, code="variation_missing")
    for cause in waiting:
        rows = Variant.objects.filter(
            integration=integration, product_id=str(cause.params.get("product", ""))
        )
        sku, name = cause.params.get("sku", ""), cause.params.get("variation", "")
        if meant(rows, sku=sku, variant_name=name) is not None:
            release(cause.code, cause.subject_key, integration=integration)


def _price(amount: Decimal | None) -> Decimal | None:
    if amount is None or abs(amount) >= _LARGEST_PRICE:
        return None
    return amount.quantize(Decimal("0.01"))
