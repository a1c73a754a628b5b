from __future__ import annotations

from functools import reduce
from operator import add

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from integrations.audit.staff_pages import StaffPages
from integrations.connections.models import Credential, Integration
from integrations.documents.buckets import DRAFT
from integrations.documents.emission_refusals import WITHOUT_SENTENCE
from integrations.documents.models import Document
from integrations.sending.models import Cause
from integrations.sending.registry import kinds
from integrations.sending.states import ATTENDED
from integrations.tenancy.models import Organization


def _how_many(rows) -> Coalesce:
    """How many of the rows each organization of the outer query has."""
    mine = rows.filter(organization=OuterRef("pk")).order_by().values("organization")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


@admin.register(Organization)
class OrganizationPages(StaffPages):
    """All comercios, those in trouble first."""

    list_display = (
        "name",
        "slug",
        "to_attend",
        "drafts",
        "open_causes",
        "untranslated",
        "paused",
        "created_at",
    )
    search_fields = ("name", "slug")
    changeable = ("name",)

    def get_queryset(self, request):
        held = Integration.objects.active().filter(
            ~Q(paused_reason="") | Q(credential__state=Credential.State.PAUSED)
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                blocked_rows=reduce(
                    add,
                    (_how_many(kind.work.objects.filter(state__in=ATTENDED)) for kind in kinds()),
                ),
                draft_rows=_how_many(Document.objects.filter(DRAFT.among())),
                cause_rows=_how_many(Cause.objects.open()),
                word_rows=_how_many(Cause.objects.filter(WITHOUT_SENTENCE)),
                held_rows=_how_many(held),
            )
            .order_by("-held_rows", "-blocked_rows", "-cause_rows", "name")
        )

    @admin.display(description=_("por atender"), ordering="blocked_rows")
    def to_attend(self, organization):
        return organization.blocked_rows

    @admin.display(description=_("borradores por emitir"), ordering="draft_rows")
    def drafts(self, organization):
        return organization.draft_rows

    @admin.display(description=_("causas abiertas"), ordering="cause_rows")
    def open_causes(self, organization):
        return organization.cause_rows

    @admin.display(description=_("rechazos sin frase nuestra"), ordering="word_rows")
    def untranslated(self, organization):
        """Also those that are over: their code is in the list of causes, under `code`."""
        return organization.word_rows

    @admin.display(description=_("integraciones detenidas"), ordering="held_rows")
    def paused(self, organization):
        return organization.held_rows
