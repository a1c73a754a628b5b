"""The Alegra product for freight and other charges, found and kept by the catalogue's room.

That room stands beside this one, so they do not import each other: the roof hands it over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from integrations.alegra import items
from integrations.alegra.client import AlegraClient
from integrations.connections.models import AlegraCompany


class Catalogue(Protocol):
    """What the catalogue's room offers; its rows have alegra_id, name, reference,
    can_be_invoiced."""

    def search(self, company: AlegraCompany, text: str, limit: int = ...) -> list[Any]: ...

    def copy_by_id(self, company: AlegraCompany, alegra_id: str) -> Any | None: ...

    def copy_of(self, company: AlegraCompany, told: Iterable[items.Item]) -> list[Any]: ...


_catalogue: Catalogue | None = None


def use(catalogue: Catalogue) -> None:
    global _catalogue
    _catalogue = catalogue


class CannotBeInvoiced(Exception):
    """The product is inactive, or only the parent of variants."""


def search(company: AlegraCompany, text: str, limit: int = 20) -> list[Any]:
    """Products that charges may be invoiced with."""
    if _catalogue is None or not text.strip():
        return []
    return [row for row in _catalogue.search(company, text, limit) if row.can_be_invoiced]


def find(company: AlegraCompany, alegra_id: str) -> Any | None:
    """The product with this id, where it is known and can be invoiced."""
    row = _catalogue.copy_by_id(company, alegra_id) if _catalogue is not None else None
    return row if row is not None and row.can_be_invoiced else None


def keep(company: AlegraCompany, client: AlegraClient, alegra_id: str) -> str:
    """Read the product from Alegra, keep its copy and return its name.

    Raises CannotBeInvoiced and AlegraError (NotFound when it does not exist).
    """
    item = items.read(client, alegra_id)
    if item.is_variant_parent or item.status not in ("", "active"):
        raise CannotBeInvoiced
    if _catalogue is not None:
        _catalogue.copy_of(company, [item])
    return item.name
