"""What follows when the DIAN has accepted an invoice, whoever emitted it."""

from __future__ import annotations

from collections.abc import Callable

from integrations.documents.models import Document

# Packages above append to this. Each function is called once for a document, inside of the
# transaction that makes it ISSUED.
followers: list[Callable[[Document], None]] = []


def tell(document: Document) -> None:
    for follow in followers:
        follow(document)
