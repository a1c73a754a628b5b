"""A document as Alegra has it at this moment, for a person who decides about it.

Read in a request: one or a few GETs at a person's pace, with a deadline, no transaction open, and
nothing written by them. Whoever acts on what was shown reads it once more before it acts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import DRAFT, VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError
from integrations.alegra.invoices import legal_outcome
from integrations.colombia.masking import mask_name, mask_number
from integrations.connections.alegra_users import keyed_digest
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.pace import Pace
from integrations.documents import edited
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document
from integrations.sending import gone
from integrations.sending.marker import carries


@dataclass(frozen=True)
class InAlegra:
    """`is_there`: False where Alegra has it no more; then only the id is known. The client is
    masked."""

    alegra_id: str
    is_there: bool = True
    number: str = ""
    status: str = ""
    legal_status: str = ""
    day: date | None = None
    client_name: str = field(default="", repr=False)
    client_number: str = field(default="", repr=False)
    total: Decimal = Decimal(0)
    has_our_marker: bool = False
    # One short text for all that a person may have changed of it, '' where it is gone.
    form: str = ""

    @property
    def is_draft(self) -> bool:
        return self.is_there and why_no_draft(self.status, self.legal_status) == ""

    @property
    def is_void(self) -> bool:
        return self.status == VOID

    @property
    def state(self) -> str:
        """What a merchant reads: «Borrador»."""
        if not self.is_there:
            return _("Ya no está en Alegra")
        words = {
            DRAFT: _("Borrador"),
            VOID: _("Anulada"),
            "open": _("Emitida"),
            "closed": _("Emitida y pagada"),
        }
        return words.get(self.status, self.status)

    @property
    def name(self) -> str:
        return self.number or _("sin número (id %(id)s)") % {"id": self.alegra_id}

    def kept(self) -> dict[str, str]:
        """For a column: nothing of the buyer."""
        return {
            "id": self.alegra_id,
            "number": self.number,
            "status": self.status if self.is_there else "gone",
            "total": str(self.total),
            "day": self.day.isoformat() if self.day else "",
        }


def why_no_draft(status: str, legal_status: str) -> str:
    """Why a document of Alegra's may not be deleted, in Spanish; '' where it may: it is a draft
    of which the DIAN knows nothing, or said no."""
    if legal_outcome(legal_status) in ("accepted", "waiting"):
        return _("ya está en la DIAN")
    return "" if status == DRAFT else _("ya no es un borrador")


def look(document: Document, ids: Sequence[str]) -> list[InAlegra] | None:
    """These documents of its kind, in this order; None where Alegra could not be asked."""
    credential = document.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    try:
        with alegra_client(credential, pace=pace) as client:
            return [_shown(read(client, document, each), document, each) for each in ids]
    except (AlegraError, NoStandIn):
        return None


def read(client: AlegraClient, document: Document, alegra_id: str) -> AlegraDocument | None:
    """One of its kind by this id, None where it is gone (`gone.read_or_gone`).

    Raises AlegraError.
    """
    side = ENDPOINTS[document.kind]
    return gone.read_or_gone(client, document, lambda asked, _own: side.read(asked, alegra_id))


def word_of(found: Iterable[InAlegra]) -> str:
    """What a person sends back to confirm exactly what was shown, and nothing else."""
    said = [
        [one.alegra_id, one.status, one.legal_status, str(one.total), one.form] for one in found
    ]
    return keyed_digest("shown-in-alegra", json.dumps(said))


def form_of(found: AlegraDocument) -> str:
    """One short text for exactly this form of it: client, lines, dates, amounts and its text."""
    said = [edited.shown(found, is_right=True), found.observations]
    return keyed_digest("form-in-alegra", json.dumps(said, sort_keys=True))


def _shown(found: AlegraDocument | None, document: Document, alegra_id: str) -> InAlegra:
    if found is None:
        return InAlegra(alegra_id, is_there=False)
    return InAlegra(
        alegra_id,
        number=found.number or "",
        status=found.status,
        legal_status=found.legal_status or "",
        day=found.date,
        client_name=mask_name(found.client_name),
        client_number=mask_number(found.client_number or ""),
        total=found.total,
        has_our_marker=carries(found.observations, document.marker),
        form=form_of(found),
    )
