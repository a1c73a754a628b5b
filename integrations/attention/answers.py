"""Questions that one answer settles for every order of an integration."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.audit import trail
from integrations.configuration.curing import release_cured
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Integration


@dataclass(frozen=True)
class Question:
    """`field` of the settings, and its answers: (value, label, what follows)."""

    field: str
    text: Promise
    answers: tuple[tuple[str, Promise, Promise], ...]

    def allows(self, value: str) -> bool:
        return value in {answer[0] for answer in self.answers}


_SHORT, _GIFT = DocumentSettings.ShortTotal, DocumentSettings.GiftLines

QUESTIONS: dict[str, Question] = {
    "short_total": Question(
        "short_total",
        _("Si el total es menor que los productos"),
        (
            (_SHORT.DISCOUNT, _SHORT.DISCOUNT.label, _("El documento sale por el total.")),
            (
                _SHORT.DOWN_PAYMENT,
                _SHORT.DOWN_PAYMENT.label,
                _("El documento sale por el valor de los productos."),
            ),
        ),
    ),
    "gift_line": Question(
        "gift_lines",
        _("Productos en $ 0"),
        (
            (_GIFT.SPREAD, _GIFT.SPREAD.label, _("El regalo toma parte de lo que se pagó.")),
            (_GIFT.ZERO, _GIFT.ZERO.label, _("Va en el documento y descuenta inventario.")),
            (_GIFT.LEAVE_OUT, _GIFT.LEAVE_OUT.label, _("No va en el documento.")),
        ),
    ),
}


@transaction.atomic
def answer(integration: Integration, question: Question, value: str, *, request) -> int:
    """Keep the answer in the settings; returns how many orders it freed."""
    settings = DocumentSettings.objects.select_for_update().get(integration=integration)
    before = getattr(settings, question.field)
    if before != value:
        setattr(settings, question.field, value)
        settings.version += 1
        settings.save(update_fields=[question.field, "version"])
        trail.record(
            action="settings.save",
            target=settings,
            request=request,
            before={question.field: before},
            after={question.field: value},
        )
    return release_cured(integration, settings, by=str(request.user))
