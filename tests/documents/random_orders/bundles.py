"""A bundle beside its components: one price each, asked about once for the bundle's product."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.documents.random_orders.making import Making, NoOrder
from tests.documents.random_orders.sale import Answered, Asks, Document, Line, Product, Row, Sale

PARENTS = ("Combo cocina", "KIT de viaje", "Pack familiar", "Paquete hogar", "Combo 3 en 1")
PARTS = ("Sartén", "Camiseta", "Taza", "Cuchillo")
# How a component names its bundle, whose product is "80".
HINTS = (
    {"parent_item": "80"}, {"parent_id": 80}, {"bundleId": "B-77"}, {"id_combo": "C1"},
    {"is_component": True}, {"part_of_kit": "80"}, {"bundle_sku": "SKU-80"},
    {"parentSku": "SKU-80"},
)  # fmt: skip


class Bundles(Making):
    kind = "bundle"
    scenarios = (
        "components in 0", "components in 0, of a service", "components in 0, with stock",
        "components in 0 that are gifts", "empty over components",
        "empty over components, answered", "empty that is a gift", "priced twice",
        "priced twice, answered",
    )  # fmt: skip

    def make(self) -> Sale:
        parent = replace(self.line(0, most=3), label=self.chance.choice(PARENTS))
        hint = self.chance.choice(HINTS) if self.chance.random() < 0.6 else {}
        if self.scenario.startswith("priced twice"):
            hint = self.chance.choice(HINTS)
        parts = []
        for at in range(self.chance.randint(2, 3)):
            part = replace(self.line(at + 1, most=4), label=PARTS[at], fields=hint)
            parts.append(part)
        if self.scenario.startswith("components in 0"):
            parts = [replace(each, price=Decimal(0)) for each in parts]
            return self._components(parent, parts)
        if self.scenario.startswith("priced twice"):
            return self._twice(parent, parts)
        return self._empty(replace(parent, price=Decimal(0)), parts)

    def _answer(self, code: str, value: str) -> list[Answered]:
        return [Answered(code, "80/80", value)]

    def _components(self, parent: Line, parts: list[Line]) -> Sale:
        lines = [parent, *parts]
        priced = self.of_lines([parent])
        total = self.total_of(priced)
        alone = self.document([parent], priced)
        code, answers, gifts, has_stock = "bundle_components", [], "", False
        outcome: Document | Asks = alone
        match self.scenario:
            case "components in 0":
                outcome = Asks(frozenset({code}))
                # Nobody has linked them, nor need they be.
                parts = [replace(each, product=Product(is_linked=False)) for each in parts]
                lines = [parent, *parts]
                gifts = self.chance.choice(("", "zero", "leave_out", "spread"))
            case "components in 0, with stock":
                answers, has_stock = self._answer(code, "components"), True
            case "components in 0, of a service":
                answers = self._answer(code, "components")
                outcome = _with_zeros(alone, parts)
            case _:
                answers = self._answer(code, "gifts")
                gifts = self.chance.choice(("zero", "leave_out"))
                outcome = _with_zeros(alone, parts) if gifts == "zero" else alone
        return self.sale(
            lines, outcome, total=total, answers=answers, settings={"gift_lines": gifts},
            has_stock=has_stock,
        )  # fmt: skip

    def _empty(self, parent: Line, parts: list[Line]) -> Sale:
        lines = [parent, *parts]
        code, answers, gifts = "bundle_empty", [], ""
        if not self.scenario.endswith("answered") and not self.scenario.endswith("gift"):
            parent = replace(parent, product=Product(is_linked=False))
            lines = [parent, *parts]
        priced = self.of_lines(parts)
        total = self.total_of(priced)
        outcome: Document | Asks = self.document(parts, priced)
        match self.scenario:
            case "empty over components":
                outcome = Asks(frozenset({code}))
            case "empty over components, answered":
                answers = self._answer(code, "components")
            case _:
                answers = self._answer(code, "gifts")
                gifts = "zero"
                rows = _with_zeros(self.document([], []), [parent]).rows + outcome.rows
                outcome = replace(outcome, rows=rows)
        return self.sale(
            lines, outcome, total=total, answers=answers, settings={"gift_lines": gifts}
        )

    def _twice(self, parent: Line, parts: list[Line]) -> Sale:
        """Bundle and components have prices, and the buyer paid one of the two."""
        if not self.includes_tax:
            raise NoOrder  # the sums before IVA say less, and are another question
        is_bundle = self.chance.random() < 0.5
        kept = [parent] if is_bundle else parts
        code = "bundle_components" if is_bundle else "bundle_empty"
        priced = self.of_lines(kept)
        total = self.total_of(priced)
        if self.scenario == "priced twice":
            return self.sale([parent, *parts], Asks(frozenset({code})), total=total)
        return self.sale(
            [parent, *parts], self.document(kept, priced), total=total,
            answers=self._answer(code, "components"), has_stock=True,
        )  # fmt: skip


def _with_zeros(document: Document, parts: list[Line]) -> Document:
    rows = [Row(part.product.kind, Decimal(0), Decimal(0), part.units) for part in parts]
    return replace(document, rows=(*document.rows, *rows))
