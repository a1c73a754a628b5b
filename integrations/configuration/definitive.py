"""Whether invoices may be definitive: sent to the DIAN without a person's look.

Product rules, *Borrador o definitivo* and *Numeración*. The choice is closed while no numbering
could give an electronic invoice a number, or Alegra does not let the company emit; its sentence
names the culprit and the cure.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from integrations.audit.models import AuditEntry
from integrations.configuration.choices import Kind, Lists, today
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany, Integration
from integrations.connections.numbering import Numbering, gap, sentence, taken
from integrations.sending import trying
from integrations.sending.actions import CREATE_INVOICES, EMIT_INVOICES
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence as problem_sentence

KEY = "invoice-definitive"
# The trail's word for a person's yes to what cannot be undone.
CONFIRMED = "settings.confirm_definitive"
# It passes with the month, and holds drafts just as well.
_PASSES = "limit"


def is_definitive(settings: DocumentSettings) -> bool:
    return (settings.kind, settings.mode) == (
        DocumentSettings.Kind.INVOICE,
        DocumentSettings.Mode.DEFINITIVE,
    )


def why_closed(integration: Integration, lists: Lists, chosen: str) -> str:
    """Why no invoice of the integration can be definitive, with the cure; '' where one can."""
    found = _numberings(lists)
    if not found and not lists.were_read():
        return _("Aún no hemos leído tus numeraciones de Alegra. Usa «Actualizar listas».")
    if cause := _refused(integration.company):
        said = problem_sentence(cause.code, cause.params).removesuffix(".")
        return _("%(said)s. Se arregla en Alegra; después se puede elegir.") % {"said": said}
    if any(each.is_usable(today()) for each in found.values()):
        return ""
    return refusal(lists, chosen) or refusal(lists, "")


def refusal(lists: Lists, chosen: str) -> str:
    """Why an invoice with this numbering cannot be definitive, with the cure; '' where it can."""
    found = _numberings(lists)
    why = gap(found, chosen, today())
    if why is None:
        return ""
    has_other = any(each.is_usable(today()) for each in found.values())
    return sentence(why, taken(found, chosen), has_other=has_other)


def confirmation(settings: DocumentSettings) -> AuditEntry | None:
    """Who said yes to the definitive kind that is saved, and when; None where nobody had to."""
    if settings.pk is None or settings.mode != DocumentSettings.Mode.DEFINITIVE:
        return None
    entries = AuditEntry.objects.filter(
        action=CONFIRMED,
        target_type=settings._meta.model_name,
        target_id=str(settings.pk),
        after__document=f"{settings.kind}-{settings.mode}",
    )
    return entries.select_related("actor").order_by("-at", "-pk").first()


def _numberings(lists: Lists) -> dict[str, Numbering]:
    return {
        alegra_id: Numbering.of_copy(entry)
        for alegra_id, entry in lists.entries(Kind.NUMBER_TEMPLATE).items()
    }


def _refused(company: AlegraCompany) -> Cause | None:
    """What Alegra does not let the company do, of any integration: its plan, its enablement."""
    causes = Cause.objects.open().filter(
        integration__company=company,
        code__in=trying.TRIED - {_PASSES},
        subject_key__in=(CREATE_INVOICES, EMIT_INVOICES),
    )
    return causes.order_by("first_at", "pk").first()
