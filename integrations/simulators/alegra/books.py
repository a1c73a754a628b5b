"""One company's books, and one call to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any
from zlib import crc32

from integrations.simulators.alegra.refusals import Refused, not_found, refusal
from integrations.simulators.alegra.shapes import Shapes, uuid7
from integrations.simulators.control import timestamp
from integrations.simulators.facts import Facts
from integrations.simulators.faults import Fault
from integrations.simulators.server import BadJson, Request
from integrations.simulators.storage import Record, Store

BOGOTA = timezone(timedelta(hours=-5))
DOCUMENT_KINDS = (
    "invoices",
    "remissions",
    "estimates",
    "payments",
    "credit-notes",
    "inventory-adjustments",
    "warehouse-transfers",
)
# Numeric ids of new records begin above everything the seed uses. Documents of different
# companies get different numbers, so that a link to one needs no company.
_FIRST_OF_CATALOGUE = 5001


class Books:
    """What one company (``nit``) holds. Use it inside a transaction of the store."""

    def __init__(self, store: Store, nit: str, facts: Facts, shapes: Shapes) -> None:
        self.store = store
        self.nit = nit
        self.facts = facts
        self.shapes = shapes
        self.events: list[tuple[str, str, Any]] = []  # event, resource, rendered record
        self.now = datetime.now(UTC)

    @property
    def company(self) -> Record:
        company = self.store.look(self.nit, "company", "company")
        assert company is not None  # noqa: S101 - books are opened for companies that exist
        return company

    @property
    def precision(self) -> int:
        chosen = self.company.get("precision")
        return int(self.facts["decimal_precision"] if chosen is None else chosen)

    def lacks(self, what: str) -> bool:
        """Whether the plan is without ``warehouses`` or ``banks``."""
        chosen = self.company.get("without")
        return what in (self.facts["without"] if chosen is None else chosen)

    @property
    def today(self) -> str:
        return self.now.astimezone(BOGOTA).date().isoformat()

    @property
    def datetime(self) -> str:
        return self.now.astimezone(BOGOTA).strftime("%Y-%m-%d %H:%M:%S")

    # Records --------------------------------------------------------------------------

    def get(self, kind: str, key: str, missing: str) -> Record:
        """A copy to be changed. Raises Refused (404) with ``missing`` as its text."""
        record = self.store.get(self.nit, kind, key)
        if record is None or record.get("deleted_at"):
            raise not_found(missing)
        return record

    def look(self, kind: str, key: str | None) -> Record | None:
        """A record for reading, or None when it is not there or was deleted."""
        record = self.store.look(self.nit, kind, str(key)) if key is not None else None
        return None if record is None or record.get("deleted_at") else record

    def all(self, kind: str) -> list[Record]:
        return [r for r in self.store.all(self.nit, kind) if not r.get("deleted_at")]

    def listed(self, kind: str) -> list[Record]:
        """The records that lists show by now."""
        now = timestamp(self.now)
        return [
            r
            for r in self.store.all(self.nit, kind)
            if not r.get("deleted_at") and r.get("visible_from", "") <= now
        ]

    def put(self, kind: str, record: Record) -> None:
        self.store.put(self.nit, kind, record["id"], record)

    def mint(self, kind: str) -> str:
        """A new id in the form the facts ask for."""
        if self.shapes.new_id_is_uuid(kind):
            return uuid7()
        first = _FIRST_OF_CATALOGUE
        if kind in DOCUMENT_KINDS:
            first = 10_001 + crc32(self.nit.encode()) % 9000 * 10_000
        return str(self.store.next_number(self.nit, kind, first))

    def announce(self, event: str, resource: str, rendered: Any) -> None:
        """Tell the webhooks once the transaction is committed."""
        self.events.append((event, resource, rendered))


@dataclass
class Call:
    """One authenticated request to the API. ``path`` is below ``/api/v1``."""

    books: Books
    user: str
    request: Request
    path: str
    draw: Callable[[Iterable[str]], Fault | None]
    status: int | None = field(default=None)

    @property
    def query(self) -> dict[str, str]:
        return self.request.query

    @property
    def key(self) -> str:
        return self.request.params["id"]

    @cached_property
    def body(self) -> dict[str, Any]:
        try:
            return self.request.json()
        except BadJson as error:
            raise refusal("El cuerpo de la petición no es un JSON válido") from error

    def sign(self, record: Record) -> Record:
        """Mark a new record with who made it, when, and from when lists show it."""
        hidden = self.draw({"hidden_for"})
        delay = hidden.seconds(30.0) if hidden else 0.0
        if record["kind"] in DOCUMENT_KINDS:
            delay = max(delay, float(self.books.facts["list_delay_seconds"]))
        made_at = timestamp(self.books.now)
        visible = timestamp(self.books.now + timedelta(seconds=delay)) if delay else made_at
        return {**record, "made_by": self.user, "made_at": made_at, "visible_from": visible}


def reference_to(value: Any) -> str | None:
    """The id in ``7``, ``"7"``, ``{"id": 7}`` or ``[{"id": 7}]``; None when there is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("id")
    if value is None or isinstance(value, bool) or value == "":
        return None
    return str(value)


__all__ = ["BOGOTA", "DOCUMENT_KINDS", "Books", "Call", "Refused", "reference_to"]
