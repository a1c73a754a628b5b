from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.configuration.models import Answer, BankEquivalence, DocumentSettings


@admin.register(DocumentSettings)
class DocumentSettingsPages(StaffPages):
    """Changed on the merchant's own page only: there every rule is checked."""

    list_display = ("integration", "organization", "kind", "mode", "version", "saved_at")
    list_filter = ("kind", "mode")
    list_select_related = ("integration",)
    search_fields = ("integration__name", "organization__name")


@admin.register(BankEquivalence)
class BankEquivalencePages(StaffPages):
    list_display = ("method", "family", "account", "means", "integration", "organization")
    list_filter = ("family",)
    list_select_related = ("integration",)
    search_fields = ("method", "integration__name")


@admin.register(Answer)
class AnswerPages(StaffPages):
    list_display = ("question", "subject_key", "value", "by", "at", "integration", "organization")
    list_filter = ("question",)
    list_select_related = ("integration",)
    search_fields = ("subject_key", "integration__name")
