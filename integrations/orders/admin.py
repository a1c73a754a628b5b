from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import (
    mask_address,
    mask_email,
    mask_name,
    mask_number,
    mask_phone,
)
from integrations.orders.models import (
    Order,
    OrderCorrection,
    OrderEvent,
    OrderLine,
    OrderLineChoice,
    OrderStatusTime,
)


@admin.register(Order)
class OrderPages(StaffPages):
    list_display = (
        "number", "organization", "integration", "status", "family", "total", "decision",
        "first_seen_at",
    )  # fmt: skip
    list_filter = ("status", "family", "decision", "is_test", "is_signed")
    list_select_related = ("integration",)
    search_fields = ("=number", "=external_number")
    masked = {
        "buyer_name": mask_name,
        "buyer_doc_number": mask_number,
        "buyer_email": mask_email,
        "buyer_phone": mask_phone,
        "ship_address": mask_address,
        "snapshot": None,
        "parts": None,
        "search_key": None,
    }


@admin.register(OrderLine)
class OrderLinePages(StaffPages):
    list_display = ("order_number", "position", "name", "sku", "quantity", "unit_price")
    list_select_related = ("order",)
    search_fields = ("=order__number", "=sku")

    @admin.display(description="pedido")
    def order_number(self, line):
        return line.order.number


@admin.register(OrderStatusTime)
class OrderStatusTimePages(StaffPages):
    list_display = ("order_number", "status", "at", "from_event", "seen_at")
    list_filter = ("status", "from_event")
    list_select_related = ("order",)
    search_fields = ("=order__number",)

    @admin.display(description="pedido")
    def order_number(self, time):
        return time.order.number


@admin.register(OrderEvent)
class OrderEventPages(StaffPages):
    """The body stays encrypted: what was made of it is on the order."""

    list_display = (
        "received_at", "organization", "integration", "source", "event_name", "is_signed",
        "verdict", "copies", "problem",
    )  # fmt: skip
    list_filter = ("verdict", "source", "is_signed")
    list_select_related = ("integration",)
    search_fields = ("=order__number",)
    date_hierarchy = "received_at"


@admin.register(OrderCorrection)
class OrderCorrectionPages(StaffPages):
    """Which field was corrected, when and by whom; not from what to what."""

    list_display = ("order_number", "field", "by", "at")
    list_filter = ("field",)
    list_select_related = ("order", "by")
    search_fields = ("=order__number",)
    masked = {"before": None, "after": None}

    @admin.display(description="pedido")
    def order_number(self, correction):
        return correction.order.number


@admin.register(OrderLineChoice)
class OrderLineChoicePages(StaffPages):
    list_display = ("order_number", "position", "name", "variant", "item", "by", "at")
    list_select_related = ("order", "variant", "item", "by")
    search_fields = ("=order__number",)

    @admin.display(description="pedido")
    def order_number(self, choice):
        return choice.order.number
