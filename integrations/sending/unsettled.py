"""Why an integration may not be archived yet: a write of any kind whose outcome is not known."""

from __future__ import annotations

from django.utils.translation import ngettext

from integrations.connections.models import Integration
from integrations.sending.registry import kinds
from integrations.sending.states import UNSETTLED


def unsettled(integration: Integration) -> str | None:
    """The sentence for the merchant; None where all is known."""
    count = sum(
        kind.work.objects.filter(integration=integration, state__in=UNSETTLED).count()
        for kind in kinds()
    )
    if not count:
        return None
    text = ngettext(
        "%(count)s envío se está verificando en Alegra; espera a que se resuelva.",
        "%(count)s envíos se están verificando en Alegra; espera a que se resuelvan.",
        count,
    )
    return text % {"count": count}
