"""An invoice that the DIAN accepted, however it was emitted: who has to know, is told here."""

from __future__ import annotations

from collections.abc import Callable

from integrations.documents.models import Document

# Rooms above append to this. Each is called once for a document, inside of the transaction that
# makes it ISSUED.
followers: list[Callable[[Document], None]] = []


def tell(document: Document) -> None:
    for follow in followers:
        follow(document)
