"""What the row of a document keeps of each reading of it in Alegra."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from integrations.alegra.document import Document as AlegraDocument
from integrations.connections.models import ReferenceEntry
from integrations.documents.far_status import EMITTED
from integrations.documents.models import Document
from integrations.scoping.search_key import normalised


def columns(document: Document, found: AlegraDocument, *, now: datetime) -> dict[str, Any]:
    """Number, total, status and the moment; what the DIAN says is `legal`'s."""
    told: dict[str, Any] = {
        "number": found.number or "",
        "number_key": normalised(found.number or ""),
        "returned_total": found.total,
        "returned_pesos": int(found.total),
        "last_read_at": now,
        "alegra_status": found.status[:12],
    }
    unstamped = Document.LegalState.UNSTAMPED
    if is_unstamped(document, found):
        told["legal_state"] = unstamped
    elif document.legal_state == unstamped:
        told["legal_state"] = Document.LegalState.NONE
    return told


def is_unstamped(document: Document, found: AlegraDocument) -> bool:
    """Open with a number, and the DIAN has never had it: not valid, although it looks emitted
    (Colombian invoicing reference, states). A numbering that is not electronic has no stamp."""
    if document.kind != "invoice" or found.status not in EMITTED or found.legal_status:
        return False
    if found.is_electronic is not None:
        return found.is_electronic
    copied = ReferenceEntry.objects.filter(
        company_id=document.company_id,
        kind=ReferenceEntry.Kind.NUMBER_TEMPLATE,
        alegra_id=found.numbering_id,
    ).first()
    return bool(copied and copied.data.get("is_electronic"))
