"""Finding integrations inside the organization in scope."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from integrations.connections.models import Integration

SOURCE_SECRETS = (
    "source__webhook_token",
    "source__secret",
    "source__previous_secret",
    "source__key",
)
_SECRETS = (*SOURCE_SECRETS, "credential__token")


def integrations() -> QuerySet[Integration]:
    """With company and credential, without reading any secret."""
    return Integration.objects.select_related(
        "company", "credential", "organization", "source"
    ).defer(*_SECRETS)


def integration_or_404(integration_id: int, *, archived: bool = False) -> Integration:
    """The integration; one in the bin only if asked for. Raises Http404."""
    found = integrations().filter(pk=integration_id).first()
    if found is None or (found.is_archived and not archived):
        raise Http404
    return found
