"""Whether a document that Alegra does not show under its id is really gone.

A suspended account may answer 404 to everything (Alegra reference, open questions), so may a
login that has come to another company, and once so may a server that hiccups.
"""

from __future__ import annotations

from integrations.alegra import company as alegra_company
from integrations.alegra.client import AlegraClient
from integrations.alegra.company import Company
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import NotFound, OutcomeUnknown
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import Document


def read_or_gone(client: AlegraClient, document: Document) -> AlegraDocument | None:
    """The document as Alegra has it now; None only where its own company, which can be read,
    does not have it twice over. Needs an `alegra_id`; two calls more where it is missing.

    Raises AlegraError, also where another company answers.
    """
    side = FAR_SIDES[document.kind]
    try:
        return side.read(client, document.alegra_id)
    except NotFound as missing:
        found = _company(client)
        if found.nit != document.company.nit:
            text = "Alegra respondió con los datos de otra empresa."
            raise OutcomeUnknown(text, call=missing.call) from missing
    try:
        return side.read(client, document.alegra_id)
    except NotFound:
        return None


def _company(client: AlegraClient) -> Company:
    """Raises AlegraError; never NotFound, which says nothing about the document."""
    try:
        return alegra_company.read(client)
    except NotFound as missing:
        text = "Alegra no muestra ni la empresa ni sus documentos."
        raise OutcomeUnknown(text, call=missing.call) from missing
