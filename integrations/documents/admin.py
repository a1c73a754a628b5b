from __future__ import annotations

from django.contrib import admin, messages
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_number, mask_payload, mask_text
from integrations.documents import acts
from integrations.documents.buckets import bucket_of
from integrations.documents.draft_reading import DraftReading
from integrations.documents.explain import explain
from integrations.documents.models import (
    BuyerContact,
    ContactIndex,
    Document,
    DocumentAttempt,
    DocumentProblem,
    DocumentStateChange,
    DocumentStep,
    IndexedContact,
)
from integrations.scoping.context import scope


@admin.register(Document)
class DocumentPages(StaffPages):
    list_display = (
        "order_number", "organization", "integration", "kind", "mode", "counts_as", "reason",
        "number", "total", "created_at",
    )  # fmt: skip
    list_filter = ("state", "kind", "mode", "legal_state")
    list_select_related = ("order", "integration")
    search_fields = ("=order__number", "=number", "=alegra_id", "=marker")
    date_hierarchy = "created_at"
    readonly_fields = ("explanation",)
    masked = dict.fromkeys(
        (
            "payload", "built", "said_fine", "as_verified", "edited", "removal", "credit_notes",
            "doubles",
        ),
        mask_payload,
    )  # fmt: skip
    actions = ("replay",)

    @admin.display(description=gettext_lazy("pedido"))
    def order_number(self, document):
        return document.order.number

    @admin.display(description=gettext_lazy("cuenta como"), ordering="state")
    def counts_as(self, document):
        return bucket_of(document).word

    @admin.display(description=gettext_lazy("por qué está así"))
    def explanation(self, document):
        with scope(document.organization_id):
            return format_html_join("", "<p>{}</p>", ((line,) for line in explain(document)))

    @admin.action(description=gettext_lazy("Reintentar"), permissions=["operate"])
    def replay(self, request, queryset):
        done = 0
        for document in queryset.select_related("order"):
            with scope(document.organization_id):
                try:
                    acts.retry(document, by=request.user, request=request)
                    done += 1
                except acts.NotPossible as no:
                    text = _("Pedido %(number)s: %(why)s")
                    self.message_user(
                        request,
                        text % {"number": document.order.number, "why": no},
                        messages.WARNING,
                    )
        if done:
            text = ngettext("%d documento vuelve a salir.", "%d documentos vuelven a salir.", done)
            self.message_user(request, text % done, messages.SUCCESS)


@admin.register(DocumentStateChange)
class DocumentStateChangePages(StaffPages):
    list_display = ("at", "work_id", "organization", "from_state", "to_state", "why", "by")
    list_filter = ("why", "to_state")
    search_fields = ("=work__order__number", "=work__id")


@admin.register(DocumentStep)
class DocumentStepPages(StaffPages):
    list_display = ("work_id", "organization", "name", "cycle", "state", "outcome", "finished_at")
    list_filter = ("name", "state", "outcome")
    search_fields = ("=work__order__number", "=work__id")
    masked = {"input": mask_text, "output": mask_text, "note": mask_text}


@admin.register(DocumentAttempt)
class DocumentAttemptPages(StaffPages):
    list_display = ("started_at", "organization", "method", "path", "status", "outcome", "call_id")
    list_filter = ("outcome", "method", "status")
    search_fields = ("=call_id", "=step__work__order__number")
    masked = {"request_excerpt": mask_text, "response_excerpt": mask_text}


@admin.register(DocumentProblem)
class DocumentProblemPages(StaffPages):
    list_display = ("work_id", "organization", "code", "subject_key", "opened_at", "closed_at")
    list_filter = ("code", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("=work__order__number", "subject_key")
    masked = {"params": mask_payload}


@admin.register(BuyerContact)
class BuyerContactPages(StaffPages):
    list_display = ("doc_type", "masked_number", "alegra_id", "company", "organization")
    list_filter = ("doc_type", "is_generic")
    list_select_related = ("company",)
    search_fields = ("=alegra_id",)
    masked = {"number": mask_number}


@admin.register(ContactIndex)
class ContactIndexPages(StaffPages):
    list_display = ("company", "organization", "position", "completed_at", "next_page_at")
    list_filter = (("completed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("company",)


@admin.register(DraftReading)
class DraftReadingPages(StaffPages):
    list_display = ("company", "organization", "next_at", "read_at", "failed_at", "error")
    list_filter = ("error",)
    list_select_related = ("company",)


@admin.register(IndexedContact)
class IndexedContactPages(StaffPages):
    """The digest is keyed, so this page cannot show whose contact it is."""

    list_display = ("alegra_id", "number_type", "is_company", "is_active", "company")
    list_filter = ("is_company", "is_active")
    list_select_related = ("company",)
    search_fields = ("=alegra_id",)
