"""The two kinds of document as Alegra knows them: which endpoint, which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from integrations.alegra import invoices, remissions
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.documents.models import Document
from integrations.sending import gone
from integrations.sending.actions import CREATE_INVOICES


@dataclass(frozen=True)
class Endpoint:
    """`action` names for the merchant what a plan or permission may lack."""

    create: Callable[[AlegraClient, Mapping[str, Any]], AlegraDocument]
    read: Callable[[AlegraClient, str], AlegraDocument]
    on_day: Callable[[AlegraClient, date], Iterator[AlegraDocument]]
    since: Callable[[AlegraClient, date], Iterator[AlegraDocument]]
    of_client: Callable[..., tuple[AlegraDocument, ...]]
    with_number: Callable[[AlegraClient, str], tuple[AlegraDocument, ...]]
    action: str
    noun: str


ENDPOINTS: dict[str, Endpoint] = {
    "invoice": Endpoint(
        invoices.create,
        invoices.read,
        invoices.on_day,
        invoices.since,
        invoices.of_client,
        invoices.with_number,
        CREATE_INVOICES,
        "factura",
    ),
    "remission": Endpoint(
        remissions.create,
        remissions.read,
        remissions.on_day,
        remissions.since,
        remissions.of_client,
        remissions.with_number,
        "crear remisiones",
        "remisión",
    ),
}


def read_or_gone(client: AlegraClient, document: Document) -> AlegraDocument | None:
    """As Alegra has it now, None where it is gone (`gone.read_or_gone`). Raises AlegraError."""
    return gone.read_or_gone(client, document, ENDPOINTS[document.kind].read)
