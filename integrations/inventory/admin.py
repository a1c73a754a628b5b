from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.inventory.models import Bodega, StockMovement, WarehouseLink


@admin.register(Bodega)
class BodegaPages(StaffPages):
    list_display = ("name", "source_id", "integration", "organization", "source", "missing_since")
    list_filter = ("source",)
    list_select_related = ("integration",)
    search_fields = ("name", "source_id")


@admin.register(WarehouseLink)
class WarehouseLinkPages(StaffPages):
    list_display = ("bodega_id", "warehouse", "is_default", "whose", "moves", "integration")
    list_filter = ("whose", "moves", "is_default")
    list_select_related = ("integration",)
    search_fields = ("warehouse", "bodega__name")


@admin.register(StockMovement)
class StockMovementPages(StaffPages):
    list_display = ("at", "organization", "origin", "source_id", "direction", "quantity", "state")
    list_filter = ("origin", "direction", "state")
    search_fields = ("source_id",)
