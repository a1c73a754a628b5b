"""A merchant with many right documents in the simulated Alegra, quickly: copies of a real one."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.books import audits, reading
from integrations.books.models import BooksAudit, BooksFinding
from integrations.connections import background
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.scoping.search_key import normalised
from integrations.sending.marker import make_marker
from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from tests.documents.engine import Engine, make_engine


@pytest.fixture
def simulators():
    running = start_local()
    yield running
    running.stop()


@pytest.fixture
def at():
    # The stand-in dates what it makes by the machine's clock.
    with clock.frozen(datetime.now(UTC) - timedelta(hours=1)) as frozen:
        yield frozen


@pytest.fixture
def build_shop(cast, simulators, at, settings):
    settings.SIMULATED_ALEGRA_URL = simulators.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url

    def build(**choices) -> Shop:
        return Shop(make_engine(cast, simulators, at, **choices))

    return build


@pytest.fixture
def shop(build_shop):
    shop = build_shop()
    with scope(shop.organization):
        yield shop


@dataclass
class Shop:
    engine: Engine
    numbers: list[str] = field(default_factory=list)

    @property
    def organization(self) -> int:
        return self.engine.integration.organization_id

    @property
    def company(self):
        return self.engine.integration.company

    @property
    def store(self):
        return self.engine.running.alegra_site.store

    def made(self, **changes: Any) -> Document:
        """One document, made as any: its order told, a worker's turn."""
        order = self.engine.order(**changes)
        self.engine.run()
        document = self.engine.document(order)
        assert document.state == "created"
        return document

    def many(self, count: int) -> list[Document]:
        """So many right documents like a real one, dated over the last days."""
        first = self.made()
        kind = f"{first.kind}s"
        nit = self.engine.company["nit"]
        record = self.store.look(nit, kind, first.alegra_id)
        order = Order.objects.get(pk=first.order_id)
        orders, documents = [], []
        with self.store.transaction():
            for place in range(1, count):
                number, alegra_id = str(2_000_000 + place), str(7_000_000 + place)
                marker = make_marker(self.engine.integration.source_key, number, 0)
                told = record["observations"].replace(first.marker, marker)
                self.store.put(nit, kind, alegra_id, {
                    **copy.deepcopy(record), "id": alegra_id,
                    "observations": told.replace(order.number, number),
                })  # fmt: skip
                orders.append(_copy(order, number=number, search_key=normalised(number),
                                    external_number=f"W-{number}"))  # fmt: skip
                documents.append(_copy(
                    first, alegra_id=alegra_id, marker=marker,
                    as_verified={**first.as_verified, "id": alegra_id},
                ))  # fmt: skip
        made = Order.objects.bulk_create(orders)
        for document, its in zip(documents, made, strict=True):
            document.order = its
        Document.objects.bulk_create(documents)
        return [first, *documents]

    def audit(self, *, by=None) -> BooksAudit:
        """One audit from its beginning to its end; the clock goes on as far as its pace wants."""
        self.engine.at.advance(minutes=30)
        audit = audits._begin(self.company, timedelta(days=45), by="Ana", now=clock.now())
        assert audit is not None
        return self.read(audit)

    def read(self, audit: BooksAudit) -> BooksAudit:
        rest = background.rest_of(self.engine.integration.credential.alegra_user)
        for _ in range(3_000):
            reading.read_due(clock.now())
            audit.refresh_from_db()
            if audit.state != BooksAudit.State.READING:
                return audit
            self.engine.at.advance(seconds=3 * rest.total_seconds())
        raise AssertionError(f"it does not come to its end: {audit.error}")

    def open(self) -> dict[str, list[BooksFinding]]:
        found: dict[str, list[BooksFinding]] = {}
        for each in BooksFinding.objects.filter(closed_at=None).order_by("pk"):
            found.setdefault(each.code, []).append(each)
        return found

    # --- What a person does there --------------------------------------------------------
    def change(self, document: Document, **values: Any) -> None:
        kind, nit = f"{document.kind}s", self.engine.company["nit"]
        with self.store.transaction():
            record = self.store.get(nit, kind, document.alegra_id)
            self.store.put(nit, kind, document.alegra_id, {**record, **values})

    def copied(self, document: Document, alegra_id: str, **values: Any) -> str:
        kind, nit = f"{document.kind}s", self.engine.company["nit"]
        with self.store.transaction():
            record = self.store.get(nit, kind, document.alegra_id)
            self.store.put(nit, kind, alegra_id, {**record, "id": alegra_id, **values})
        return alegra_id

    def deleted(self, document: Document) -> None:
        self.change(document, deleted_at=datetime.now(UTC).isoformat())


def _copy(row: Any, **values: Any) -> Any:
    made = copy.copy(row)
    made.pk = None
    made._state = copy.copy(row._state)
    made._state.adding = True
    made._state.fields_cache = dict(row._state.fields_cache)
    for name, value in values.items():
        setattr(made, name, value)
    return made
