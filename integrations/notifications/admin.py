from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.notifications.models import MailLog, Recipient


@admin.register(MailLog)
class MailLogPages(StaffPages):
    list_display = ("created_at", "organization", "kind", "subject", "sent_at", "tries", "error")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    search_fields = ("email", "organization__name")
    date_hierarchy = "created_at"
    # A mail names orders and their buyers.
    masked = {"text": None, "html": None}


@admin.register(Recipient)
class RecipientPages(StaffPages):
    list_display = ("email", "organization", "user", "created_at")
    list_select_related = ("user",)
    search_fields = ("email", "organization__name")
