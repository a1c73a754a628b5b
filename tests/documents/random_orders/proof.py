"""Random orders against the rules: what is asked, each line of the payload, and the books.

Each document is written to the simulated Alegra under precision 2 and 6 and each of its nine
roundings, with the very bytes of the payload.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from integrations.documents.build import Built
from tests.documents.books import ROUNDINGS, switch
from tests.documents.random_orders.sale import CENT, RATES, Asks, Document, Nothing, Row, Sale
from tests.documents.random_orders.shop import Come, Shop, plain

HALF_PESO = Decimal("0.5")
PRECISIONS = (2, 6)


@dataclass
class Figures:
    """What a run came to. `wrong` has a sentence for each order that is not as it must be."""

    orders: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    written: int = 0
    most_off: Decimal = Decimal(0)
    most_off_line: Decimal = Decimal(0)
    wrong: list[tuple[Sale, str]] = field(default_factory=list)

    def note(self, sale: Sale) -> None:
        self.orders[sale.kind, sale.scenario] += 1
        self.outcomes[type(sale.outcome).__name__] += 1


class Wrong(AssertionError):
    """An order that is not as the rules have it."""


def prove(shop: Shop, sales: Sequence[Sale], figures: Figures) -> None:
    """Let all of these through; what is wrong stands in the figures."""
    switch(shop.engine.root, rate_limit={"per_minute": 1_000_000})
    documents: list[tuple[Sale, dict[int, Built]]] = []
    for sale in sales:
        figures.note(sale)
        try:
            come = shop.come_of(sale, PRECISIONS)
            if built := _checked(shop, sale, come, figures):
                documents.append((sale, built))
        except AssertionError as wrong:
            figures.wrong.append((sale, str(wrong)))
    _write(shop, documents, figures)


def _checked(shop: Shop, sale: Sale, come: Come, figures: Figures) -> dict[int, Built]:
    """What is built for each precision; {} where nothing is to be. Raises Wrong."""
    match sale.outcome:
        case Asks(codes):
            if come.asked != codes:
                raise Wrong(f"asks {sorted(codes)} in place of this: {_in_words(come)}")
        case Nothing(reason):
            if come.reason != reason:
                raise Wrong(f"nothing comes of it ({reason}), but: {_in_words(come)}")
        case Document() as meant:
            if not come.built:
                raise Wrong(f"is a document, but: {_in_words(come)}")
            built = {each: result.built for each, result in come.built.items() if result.built}
            for precision, each in built.items():
                _compare(shop, meant, each, figures, f"precision {precision}")
            return built
    return {}


def _compare(shop: Shop, meant: Document, built: Built, figures: Figures, where: str) -> None:
    """Each line of the payload, as it is sent, against its row."""
    rows = list(built.payload["items"])
    for at, row in enumerate(meant.rows):
        parts, left = [], Decimal(row.quantity)
        while left > 0 and rows:
            parts.append(rows.pop(0))
            left -= plain(parts[-1]["quantity"])
        told = f"{where}, row {at + 1} ({row.kind})"
        if left or any(str(part["id"]) not in shop.items[row.kind] for part in parts):
            raise Wrong(f"{told}: {row.quantity} of {row.kind} are {_told(parts)}")
        taxes = {tuple(sorted(str(tax["id"]) for tax in part["tax"])) for part in parts}
        if taxes != {tuple(sorted(shop.taxes[row.kind]))}:
            raise Wrong(f"{told}: its taxes are {taxes}")
        _compare_amounts(row, parts, figures, told)
    if rows:
        raise Wrong(f"{where}: more rows than it has: {_told(rows)}")
    if abs(built.value - meant.value) >= HALF_PESO:
        raise Wrong(f"{where}: worth {meant.value}, but {built.value}")
    paid = sum((amount for _label, amount in built.received), Decimal(0))
    if abs(paid - meant.received) >= HALF_PESO:
        raise Wrong(f"{where}: {meant.received} were received before, but {built.received}")
    if built.contact.number != meant.client:
        raise Wrong(f"{where}: made out to another client")


def _compare_amounts(
    row: Row, parts: Iterable[dict[str, Any]], figures: Figures, told: str
) -> None:
    base = sum((plain(part["price"]) * plain(part["quantity"]) for part in parts), Decimal(0))
    base = base.quantize(CENT)
    tax = (base * RATES[row.kind]).quantize(CENT)
    off = max(abs(base - row.base), abs(tax - row.tax))
    figures.most_off_line = max(figures.most_off_line, off)
    if off > CENT:
        raise Wrong(f"{told}: base {row.base} and IVA {row.tax}, but {base} and {tax}")


def _write(shop: Shop, documents: list[tuple[Sale, dict[int, Built]]], figures: Figures) -> None:
    written: list[tuple[Sale, Document, tuple[str, str], str]] = []
    books = shop.books
    for precision in PRECISIONS:
        for rounding in ROUNDINGS:
            switch(shop.engine.root, decimal_precision=precision, rounding=rounding)
            for sale, built in documents:
                assert isinstance(sale.outcome, Document)
                each = built[precision]
                body = {**each.payload, "client": {"id": books.client(each.contact)}}
                key = (each.kind, books.post(each.kind, body))
                where = f"precision {precision}, rounded {rounding['how']} by {rounding['at']}"
                written.append((sale, sale.outcome, key, where))
    held = books.documents()
    for sale, meant, key, where in written:
        figures.written += 1
        document = held[key]
        off = abs(plain(document["total"]) - meant.value)
        figures.most_off = max(figures.most_off, off)
        if off >= HALF_PESO:
            found = f"{where}: worth {meant.value}, in the books {document['total']}"
            figures.wrong.append((sale, found))
        if str(document["client"]["identification"]) != meant.client:
            figures.wrong.append((sale, f"{where}: another client in the books"))


def replay(sale: Sale) -> str:
    """The order with all that it supposes, for whoever looks at it."""
    told = {
        "order": sale.body, "settings": sale.settings, "outcome": asdict(sale.outcome),
        "answers": [asdict(each) for each in sale.answers],
        "products": [asdict(each) for each in sale.products],
    }  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False, default=_as_json)


def _as_json(value: object) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _in_words(come: Come) -> str:
    if come.asked:
        return f"it asks {sorted(come.asked)}"
    if come.reason:
        return f"nothing comes of it ({come.reason})"
    (built, *_more) = come.built.values()
    assert built.built is not None
    return f"a document of {built.built.value}: {_told(built.built.payload['items'])}"


def _told(rows: Iterable[dict[str, Any]]) -> str:
    return ", ".join(f"{row['quantity']} × {row['price']} of {row['id']}" for row in rows) or "none"
