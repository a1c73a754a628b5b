"""The steps of a document as its page shows them: their names and their order."""

from __future__ import annotations

from typing import Any

from integrations.documents.models import Document, DocumentStep
from integrations.sending import steps
from integrations.sending.decided import Begin
from integrations.sending.far_side import CREATE, VERIFY

CONTACT, REMOVE, DELETE = "contact", "remove", "delete"
EMIT, DIAN, DATE = "emit", "dian", "date"
CURE, CHANGE = "cure", "change"
POSITIONS = {
    CONTACT: 1,
    CREATE: 2,
    VERIFY: 3,
    EMIT: 4,
    DIAN: 5,
    DATE: 6,
    REMOVE: 7,
    DELETE: 8,
    CURE: 9,
    CHANGE: 10,
}


def begin(document: Document, name: str, *, input: Any = None) -> Begin:
    return Begin(name, POSITIONS[name], input, document.cycle)


def create_step(document: Document) -> DocumentStep:
    """The step of the creation, for what is asked about it before or after: a look, a question."""
    return steps.of(document, begin(document, CREATE))
