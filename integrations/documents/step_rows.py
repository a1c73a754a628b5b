"""The steps of a document as its page shows them: their names and their order."""

from __future__ import annotations

from typing import Any

from integrations.documents.models import Document, DocumentStep
from integrations.sending.decided import Begin

CONTACT, CREATE, VERIFY, REMOVE = "contact", "create", "verify", "remove"
_POSITIONS = {CONTACT: 1, CREATE: 2, VERIFY: 3, REMOVE: 4}


def begin(document: Document, name: str, *, input: Any) -> Begin:
    return Begin(name, _POSITIONS[name], input, document.cycle)


def create_step(document: Document) -> DocumentStep:
    """The step of the creation, for what is asked about it before or after: a look, a question."""
    step, _made = DocumentStep.objects.get_or_create(
        work=document,
        name=CREATE,
        cycle=document.cycle,
        defaults={"position": _POSITIONS[CREATE], "organization_id": document.organization_id},
    )
    return step
