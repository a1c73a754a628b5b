"""What became of a document in Alegra whose id is known: read before a person puts it aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import DRAFT, VOID
from integrations.alegra.errors import AlegraError
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.pace import Pace
from integrations.documents.endpoints import read_or_gone
from integrations.documents.in_alegra import look
from integrations.documents.models import Document


@dataclass(frozen=True)
class Fate:
    """`is_gone`: deleted. `is_void`: there, and worth nothing. Neither where it stays, or where
    it could not be read (`is_known` is False then). `status` is Alegra's word."""

    is_known: bool = True
    is_gone: bool = False
    status: str = ""
    number: str = ""
    # Nobody has said yet which of several is the order's.
    is_one_of_several: bool = False

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def is_void(self) -> bool:
        return self.status == VOID

    @property
    def stays(self) -> bool:
        """Whoever puts the order aside leaves a document behind, as far as anybody knows."""
        return not self.is_gone and not self.is_void


NOT_READ = Fate(is_known=False)


def fate_of(document: Document) -> Fate:
    """Ask Alegra, at a person's pace. Open no transaction around it; needs an `alegra_id`."""
    credential = document.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    try:
        with alegra_client(credential, pace=pace) as client:
            return _read(client, document)
    except (AlegraError, NoStandIn):
        return NOT_READ


def fate_of_several(document: Document, ids: Sequence[str]) -> Fate:
    """Of those with one marker, of which nobody has said which is the order's: the first that
    stays, else that all are gone or void."""
    found = look(document, ids)
    if found is None:
        return NOT_READ
    there = [one for one in found if one.is_there]
    staying = next((one for one in there if not one.is_void), None)
    if staying is not None:
        return Fate(status=staying.status, number=staying.name, is_one_of_several=True)
    return Fate(status=there[0].status) if there else Fate(is_gone=True)


def _read(client: AlegraClient, document: Document) -> Fate:
    found = read_or_gone(client, document)
    if found is None:
        return Fate(is_gone=True)
    return Fate(status=found.status, number=found.number or "")
