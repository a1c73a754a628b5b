"""A total that came back wrong is explained by the company, before anything more leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.configuration import company_facts
from integrations.documents.models import Document
from integrations.sending.asking import asking

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def settle_doubt(turn: Turn, document: Document) -> bool:
    """Whether no total of the company is unexplained; reads the company where one is."""
    credential = document.integration.credential
    with asking(turn, document, None) as call:
        return company_facts.is_settled(document.company, credential, call.client)
