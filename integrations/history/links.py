"""Where a document is looked at on the other side."""

from __future__ import annotations

from django.conf import settings

from integrations.connections.models import Integration
from integrations.documents.far_status import is_gone
from integrations.documents.models import Document


def alegra_url(document: Document | None, integration: Integration) -> str:
    """The document's page in Alegra, or '' while it has no id there and after it was deleted.

    *Modo de prueba* has its page in the stand-in, whose root lies above its `/api/v1`.
    """
    if document is None or not document.alegra_id or is_gone(document):
        return ""
    if integration.is_trial:
        root = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
        page = f"{root}/app/{document.kind}/{document.alegra_id}"
        # Two companies of the stand-in may use the same id.
        return f"{page}?company={integration.company.nit}" if root else ""
    return f"{settings.ALEGRA_APP_URL}/{document.kind}/view/id/{document.alegra_id}"


def contact_url(contact_id: str, integration: Integration) -> str:
    """The page of a contact in Alegra; in *modo de prueba* the stand-in's list of contacts."""
    if not contact_id:
        return ""
    if integration.is_trial:
        root = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
        return f"{root}/app/company/{integration.company.nit}/contacts" if root else ""
    return f"{settings.ALEGRA_APP_URL}/client/view/id/{contact_id}"
