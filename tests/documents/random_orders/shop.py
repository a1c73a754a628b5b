"""A merchant whose orders go from the event's body to a payload, by the portal's own way.

Its integration and its company of the simulated Alegra are an engine's; what an order supposes
(settings, links, answers) is written before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal

from integrations.alegra.items import from_row
from integrations.catalog.items import copy_of
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.answers import answer
from integrations.configuration.models import Answer, DocumentSettings
from integrations.configuration.questions import QUESTIONS
from integrations.documents.build import Result, build
from integrations.documents.decide import decide
from integrations.documents.facts import Facts
from integrations.documents.gather import gather
from integrations.mastershop.parser import parse_order
from integrations.orders.models import Order
from integrations.orders.record import record_order
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.documents.books import TAXES, Books
from tests.documents.engine import Engine
from tests.documents.random_orders.sale import CHARGES, UNTAXED, Answered, Product, Sale


@dataclass(frozen=True)
class Come:
    """What came of an order: what is built for each precision, or what is asked, or why not."""

    built: dict[int, Result] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    reason: str = ""


class Shop:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.integration = engine, engine.integration
        self.books = Books(engine.root, engine.company)
        taxes = {kind: list(item.tax_ids) for kind, item in self.books.items.items()}
        rows = {kind: self.books.item(f"De precio usual {kind}", taxes[kind]) for kind in TAXES}
        freight = self.books.freight
        # The ids of the products of each kind, and of their taxes: what rows may be made of.
        self.items = {
            kind: {item.alegra_id, str(rows[kind]["id"])} for kind, item in self.books.items.items()
        } | {CHARGES: {freight.alegra_id}, UNTAXED: {freight.alegra_id}}
        self.taxes = {**taxes, CHARGES: list(freight.tax_ids), UNTAXED: []}
        self._usual = {kind: str(row["id"]) for kind, row in rows.items()}
        self._linked: dict[int, Product] = {}
        with self._inside():
            told = [*self.books.rows, *rows.values()]
            copy_of(self.integration.company, [from_row(row) for row in told])
            self._own = AlegraItem.objects.filter(alegra_id__in=[str(row["id"]) for row in told])
            # Those of no usual price may be sold at any.
            self._own.update(price=None)

    def _inside(self):
        return scope(self.integration.organization_id)

    # --- What an order supposes -----------------------------------------------------------------

    def prepare(self, sale: Sale) -> None:
        with self._inside():
            Answer.objects.filter(integration=self.integration).delete()
            self._own.update(has_stock=sale.has_stock)
            DocumentSettings.objects.filter(integration=self.integration).update(
                charges_enabled=True, charges_item=self.books.freight.alegra_id, **sale.settings
            )
            for place, product in enumerate(sale.products):
                if self._linked.get(place) != product:
                    self._link(place, product, str(sale.body["order_items"][place]["name"]))
                    self._linked[place] = product
            for each in sale.answers:
                if each.is_kept:
                    Answer.objects.create(
                        integration=self.integration, question=each.code,
                        subject_key=each.subject, value=each.value, at=clock.now(),
                    )  # fmt: skip

    def _link(self, place: int, product: Product, name: str) -> None:
        variant, _made = Variant.objects.update_or_create(
            integration=self.integration,
            product_id=f"8{place}",
            variant_id=f"8{place}",
            defaults={
                "product_name": name, "sku": f"SKU-8{place}", "seen_at": clock.now(),
                "price": product.catalogue,
                "source": Variant.Source.API if product.catalogue else Variant.Source.ORDER,
            },
        )  # fmt: skip
        ProductLink.objects.filter(variant=variant).delete()
        if not product.is_linked:
            return
        alegra_id = self.books.items[product.kind].alegra_id
        if product.usual is not None:
            alegra_id = self._usual[product.kind]
            self._own.filter(alegra_id=alegra_id).update(price=product.usual)
        ProductLink.objects.create(
            integration=self.integration, variant=variant,
            item=AlegraItem.objects.get(alegra_id=alegra_id),
            units_per_sale=product.units, shared=True, created_at=clock.now(),
        )  # fmt: skip

    # --- What comes of it -----------------------------------------------------------------------

    def order(self, sale: Sale) -> Order:
        """The order as its event's body, which is JSON, is read and kept."""
        parsed = parse_order(json.loads(json.dumps(sale.body)))
        assert parsed.order is not None, parsed.problems
        with self._inside():
            recorded = record_order(
                self.integration, parsed.order, now=clock.now(), signed=True, source="webhook",
                problems=parsed.problems,
            )  # fmt: skip
        return recorded.order

    def come_of(self, sale: Sale, precisions: tuple[int, ...] = (2, 6)) -> Come:
        self.prepare(sale)
        order = self.order(sale)
        with self._inside():
            decision = decide(order)
            if decision.verdict == "ask":
                return Come(asked=frozenset({decision.code}))
            if decision.verdict != "due":
                return Come(reason=decision.code)
            facts = self._facts(order)
            first = build(facts)
            for each in sale.answers:
                if not each.is_kept:
                    self._answer(first, each)
            if sale.answers:
                facts = self._facts(order)
            built = {each: build(replace(facts, precision=each)) for each in precisions}
            first = built[precisions[0]]
            if first.built is None:
                return Come(asked=frozenset(found.code for found in first.problems))
            if first.built.nothing:
                return Come(reason=first.built.nothing)
        return Come(built=built)

    def _facts(self, order: Order) -> Facts:
        return gather(order, now=clock.now())

    def _answer(self, asked: Result, said: Answered) -> None:
        """A person answers exactly the question that is asked."""
        found = [
            each
            for each in asked.problems
            if (each.code, each.subject_key) == (said.code, said.subject)
        ]
        assert found, f"{said.code} «{said.subject}» is not asked: {asked.problems}"
        picked = {}
        if said.item:
            item = self.books.items["5"]
            picked = {"item": item.alegra_id, "name": item.name}
        answer(
            self.integration, QUESTIONS[said.code], said.subject, said.value, picked=picked,
            params=found[0].params,
        )  # fmt: skip


def plain(value: object) -> Decimal:
    return Decimal(str(value))
