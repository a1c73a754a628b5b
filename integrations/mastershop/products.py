"""Products and their variations. MasterShop reference: products, variants, bodegas, stock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import texts, values
from .statuses import fold
from .values import Fields

DEFAULT_VARIANT = "Default Variant"

_MOST_VARIANTS = 1000


@dataclass(frozen=True, slots=True)
class Variant:
    """`price` and `stock` are None when not told; `is_default` marks the only variation of a
    simple product, whose name says nothing to a person."""

    id: str
    name: str
    sku: str
    price: Decimal | None
    stock: Decimal | None
    barcode: str
    is_enabled: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class Product:
    """`base_price` is the supplier's price: a cost, never a price of sale."""

    id: str
    name: str
    description: str
    base_price: Decimal | None
    suggested_price: Decimal | None
    stock_total: Decimal | None
    image_url: str
    category: str
    state: str
    owner_business: str
    owner_name: str
    variants: tuple[Variant, ...]

    @property
    def only_variant(self) -> Variant | None:
        """What an order without a variation means; None when there is a choice."""
        return self.variants[0] if len(self.variants) == 1 else None


def read_product(entry: Any) -> Product | None:
    """A product of the catalogue, with `variation` (own catalogue) or `variants` (market);
    None without a usable id."""
    fields = Fields(texts.repaired_body(entry)[0])
    number = values.key(fields.first("id_product", "product_id", "id"))
    if not number:
        return None
    owner = fields.object("product_owner")
    told = fields.first("variation", "variants", "variations")
    entries = told if isinstance(told, list) else [told] if isinstance(told, dict) else []
    variants = [_read_variant(Fields(variant)) for variant in entries[:_MOST_VARIANTS]]
    image = values.text(fields.first("url_image_product", "image"), limit=500)
    return Product(
        id=number,
        name=values.text(fields.first("name", "name_product"), limit=300),
        description=values.text(fields.first("description"), limit=2000),
        base_price=values.number(fields.first("base_price")),
        suggested_price=values.number(fields.first("suggested_price")),
        stock_total=values.quantity(fields.first("stock_total")),
        image_url=image if image.lower().startswith(("https://", "http://")) else "",
        category=values.text(fields.first("prod_format_name"), limit=150),
        state=values.text(fields.first("name_state"), limit=60),
        owner_business=values.key(owner.first("id_business")),
        owner_name=values.text(owner.first("public_name"), limit=150),
        variants=tuple(variant for variant in variants if variant is not None),
    )


def _read_variant(fields: Fields) -> Variant | None:
    number = values.key(fields.first("id_variant", "variant_id", "id"))
    if not number:
        return None
    name = values.text(fields.first("name", "name_variant"), limit=200)
    enabled = fields.first("is_enable", "is_enabled", "is_active")
    return Variant(
        id=number,
        name=name,
        sku=values.text(fields.first("sku"), limit=120),
        price=values.number(fields.first("price")),
        stock=values.quantity(fields.first("stock")),
        barcode=values.text(fields.first("barcode", "bar_code", "ean"), limit=60),
        is_enabled=enabled is None or values.flag(enabled),
        is_default=fold(name) == fold(DEFAULT_VARIANT),
    )
