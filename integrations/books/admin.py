from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.books.models import BooksAudit, BooksFinding, BooksSeen
from integrations.colombia.masking import mask_payload


@admin.register(BooksAudit)
class BooksAuditPages(StaffPages):
    list_display = (
        "company", "organization", "state", "asked_by", "from_day", "to_day", "counted", "ours",
        "right", "calls", "error", "began_at", "ended_at",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("company",)
    search_fields = ("company__name", "organization__name")


@admin.register(BooksSeen)
class BooksSeenPages(StaffPages):
    list_display = ("audit", "organization", "found_in", "alegra_id")
    search_fields = ("=audit__id",)


@admin.register(BooksFinding)
class BooksFindingPages(StaffPages):
    list_display = (
        "code", "organization", "company", "order_number", "found_in", "alegra_id", "number",
        "first_at", "last_at", "closed_at", "closed_how",
    )  # fmt: skip
    list_filter = ("code", "closed_how")
    list_select_related = ("company",)
    search_fields = ("order_number", "number", "=alegra_id", "organization__name")
    masked = {"params": mask_payload}
