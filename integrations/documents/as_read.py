"""What the row of a document keeps of each reading of it in Alegra."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from integrations.alegra.document import Document as AlegraDocument
from integrations.connections.models import ReferenceEntry
from integrations.documents.far_status import EMITTED
from integrations.documents.models import Document
from integrations.scoping.search_key import normalised
from integrations.sending.states import State

# … and of one that is not there any more.
NOTHING: dict[str, Any] = {
    "number": "",
    "number_key": "",
    "returned_total": None,
    "returned_pesos": None,
}


def columns(document: Document, found: AlegraDocument, *, now: datetime) -> dict[str, Any]:
    """Number, total, status and the moment; what the DIAN says is `legal`'s."""
    number = (found.number or "")[:40]
    told: dict[str, Any] = {
        "number": number,
        "number_key": normalised(number),
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
    return _is_electronic(document, found.numbering_id) is True


def needs_no_dian(document: Document) -> bool:
    """Open there with a number of a numbering that is not electronic: the DIAN never answers
    about it. One query at most."""
    if document.kind != "invoice" or document.state != State.CREATED:
        return False
    if document.alegra_status not in EMITTED or document.legal_state:
        return False
    form = document.as_verified or {}
    changed = {each["what"]: each["exactly"] for each in (document.edited or {}).get("changes", ())}
    if "numbering" in changed:
        return _is_electronic(document, changed["numbering"][1]) is False
    if form.get("electronic") is not None:
        return not form["electronic"]
    return _is_electronic(document, form.get("numbering", "")) is False


def _is_electronic(document: Document, numbering_id: str) -> bool | None:
    """None where that numbering is not known."""
    copied = ReferenceEntry.objects.filter(
        company_id=document.company_id,
        kind=ReferenceEntry.Kind.NUMBER_TEMPLATE,
        alegra_id=numbering_id,
    ).first()
    return None if copied is None else bool(copied.data.get("is_electronic"))
