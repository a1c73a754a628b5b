"""The wish that an invoice is emitted: who has it, since when, and who may take it back.

The wish is a column of the document (`emit_since`). The worker that finds the draft in Alegra
as it was sent emits it (`steps/`).
"""

from __future__ import annotations

from integrations.documents.models import Document


def is_wanted(document: Document) -> bool:
    """Whether it is to be emitted as soon as it exists in Alegra and is right."""
    return document.kind == "invoice" and document.emit_since is not None
