from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.catalog.same_article import loose_sku
from integrations.catalog.usable import VARIANT_PARENT, AlegraItemQuerySet, Unusable
from integrations.connections.copied import Copied
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import Tenant, TenantManager
from integrations.scoping.search_key import SearchKeyField, normalised


class Variant(Copied):
    """One sellable thing of MasterShop: a variation of a product.

    `variant_id` is '' while an order named the product without its variation and the
    catalogue is unknown; it is merged into the real one when that becomes known.
    """

    class Source(models.TextChoices):
        API = "api"
        ORDER = "order"

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="variants")
    product_id = models.CharField(max_length=64)
    variant_id = models.CharField(max_length=64, default="", blank=True)
    sku = models.CharField(max_length=120, default="", blank=True)
    barcode = models.CharField(max_length=64, default="", blank=True)
    product_name = models.CharField(max_length=200, default="", blank=True)
    variant_name = models.CharField(max_length=200, default="", blank=True)
    price = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    owner_business = models.CharField(max_length=64, default="", blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.API)
    search_key = SearchKeyField()  # product and variation as one reads them
    sku_key = SearchKeyField()
    seen_at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("variación de MasterShop")
        verbose_name_plural = _("variaciones de MasterShop")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "product_id", "variant_id"], name="variant_once"
            ),
            models.CheckConstraint(condition=Q(source__in=["api", "order"]), name="variant_source"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "integration", "search_key"], name="variant_search"
            ),
            models.Index(fields=["organization", "integration", "sku_key"], name="variant_sku"),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """What it is found by. Whoever writes in bulk, where no `save` runs, calls it."""
        self.search_key = normalised(self.label)
        self.sku_key = normalised(self.sku)

    @property
    def label(self) -> str:
        """'Termo acero 750 ml · Negro'; the default variation adds nothing."""
        if self.variant_name and self.variant_name.casefold() != "default variant":
            return f"{self.product_name} · {self.variant_name}"
        return self.product_name or f"Producto {self.product_id}"

    @property
    def subject_key(self) -> str:
        """What problems and causes about this variant are known by."""
        return f"{self.product_id}/{self.variant_id}"


class AlegraItem(Copied):
    """A copy of one product or service of Alegra.

    `taxes` is a list of {"id", "name", "percentage" (text)}; an empty list is *excluido*,
    a tax of 0 % is *exento*: two different documents.
    """

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="items")
    alegra_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=120, default="", blank=True)
    barcode = models.CharField(max_length=64, default="", blank=True)
    type = models.CharField(max_length=20, default="simple", blank=True)
    is_active = models.BooleanField(default=True)
    taxes = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=40, default="", blank=True)
    has_stock = models.BooleanField(default=False)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    # Of one unit before tax, in the first list of prices.
    price = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    search_key = SearchKeyField()
    reference_key = SearchKeyField()
    fetched_at = models.DateTimeField()

    objects = TenantManager.from_queryset(AlegraItemQuerySet)()

    class Meta(Tenant.Meta):
        verbose_name = _("producto de Alegra")
        verbose_name_plural = _("productos de Alegra")
        constraints = [
            models.UniqueConstraint(fields=["company", "alegra_id"], name="alegra_item_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "company", "search_key"], name="alegra_item_name"),
            models.Index(
                fields=["organization", "company", "reference_key"], name="alegra_item_reference"
            ),
            models.Index(fields=["organization", "company", "barcode"], name="alegra_item_barcode"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """What it is found by. Whoever writes in bulk, where no `save` runs, calls it."""
        self.search_key = normalised(self.name)
        self.reference_key = normalised(self.reference)

    @property
    def why_unusable(self) -> Unusable | None:
        """Why no document may be built with it; None when one may."""
        if not self.is_present:
            return Unusable.GONE
        if not self.is_active:
            return Unusable.INACTIVE
        if self.type == VARIANT_PARENT:
            return Unusable.HAS_VARIANTS
        if any(not tax["percentage"] for tax in self.taxes):
            return Unusable.TAX_UNKNOWN
        return None

    @property
    def can_be_invoiced(self) -> bool:
        """It may be linked. A tax without its percentage may get one in Alegra."""
        return self.why_unusable in (None, Unusable.TAX_UNKNOWN)


class ProductLink(Tenant):
    """A variant's Alegra product. One item serves one variant unless it is `shared`."""

    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, related_name="product_links"
    )
    variant = models.OneToOneField(Variant, on_delete=models.PROTECT, related_name="link")
    item = models.ForeignKey(AlegraItem, on_delete=models.PROTECT, related_name="links")
    units_per_sale = models.PositiveIntegerField(default=1)
    shared = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, default="", blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    linked_by = models.CharField(max_length=120, default="", blank=True)
    created_at = models.DateTimeField()
    # What MasterShop called the variant when it was linked: what an order sells is compared with
    # it (`same_article`). The key is the SKU without its punctuation.
    linked_name = models.CharField(max_length=400, default="", blank=True)
    linked_sku = models.CharField(max_length=120, default="", blank=True)
    linked_sku_key = SearchKeyField()

    # How many works the act of linking made due; of this act only, never stored.
    released = 0

    class Meta(Tenant.Meta):
        verbose_name = _("vínculo de producto")
        verbose_name_plural = _("vínculos de productos")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "item"],
                condition=Q(shared=False),
                name="product_link_item_once",
            ),
            models.CheckConstraint(condition=Q(units_per_sale__gte=1), name="product_link_units"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "integration", "linked_sku_key"], name="product_link_sku"
            )
        ]

    def keep_words(self) -> None:
        """Keep what the variant is called now. Whoever makes or changes a link calls it."""
        variant = self.variant
        self.linked_name = variant.label if variant.product_name or variant.variant_name else ""
        self.linked_sku = variant.sku
        self.linked_sku_key = loose_sku(variant.sku)
