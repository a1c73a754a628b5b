from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.catalog.models import AlegraItem, ProductLink, Variant


@admin.register(Variant)
class VariantPages(StaffPages):
    list_display = (
        "product_name", "variant_name", "sku", "product_id", "variant_id", "integration", "source",
    )  # fmt: skip
    list_filter = ("source", ("missing_since", admin.EmptyFieldListFilter))
    list_select_related = ("integration",)
    search_fields = ("product_id", "variant_id", "sku", "product_name")


@admin.register(AlegraItem)
class AlegraItemPages(StaffPages):
    list_display = ("name", "alegra_id", "reference", "type", "is_active", "company", "fetched_at")
    list_filter = ("type", "is_active")
    list_select_related = ("company",)
    search_fields = ("alegra_id", "name", "reference")


@admin.register(ProductLink)
class ProductLinkPages(StaffPages):
    list_display = ("variant_id", "item", "units_per_sale", "shared", "reason", "linked_by")
    list_filter = ("shared",)
    list_select_related = ("item",)
    search_fields = ("variant__sku", "variant__product_name", "item__name", "item__alegra_id")
