"""Random orders through builder and simulated Alegra: total, client and IVA are right.

`RANDOM_ORDERS=2000` makes it that many, `RANDOM_ORDERS_FROM=5000` begins at another seed; a
failure names the seed of its order.
"""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from integrations.alegra.items import from_row
from integrations.catalog.items import copy_of
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.models import Answer, DocumentSettings
from integrations.documents.build import build
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.documents.books import ROUNDINGS, Books, make_company, switch
from tests.documents.random_orders import CENT, GENERIC, Sale, random_sale

D = Decimal
ORDERS = int(os.environ.get("RANDOM_ORDERS", "15"))
FIRST = int(os.environ.get("RANDOM_ORDERS_FROM", "1"))
BATCH = 20
# Orders that once came out wrong are always among them.
REMEMBERED = (17, 180, 305, 8450, 11399)
SEEDS = [*REMEMBERED, *range(FIRST, FIRST + ORDERS)]


def _plain(value: Any) -> Decimal:
    return D(str(value))


@pytest.mark.parametrize("first", range(0, len(SEEDS), BATCH))
def test_any_order_is_right_however_alegra_rounds(simulators, first):
    root = simulators.alegra_root
    switch(root, rate_limit={"per_minute": 1_000_000})
    for precision in (2, 6):
        books = Books(root, make_company(root, precision))
        seeds = SEEDS[first : first + BATCH]
        sales = [random_sale(seed, books.items, books.freight) for seed in seeds]
        sent: list[tuple[Sale, tuple[str, str], dict[str, Any]]] = []
        built = {sale: _built(sale, precision) for sale in sales}
        bodies = {
            sale: {**one.payload, "client": {"id": books.client(one.contact)}}
            for sale, one in built.items()
        }
        for rounding in ROUNDINGS:
            switch(root, rounding=rounding)
            for sale, body in bodies.items():
                kind = sale.facts.settings.kind
                sent.append((sale, (kind, books.post(kind, body)), rounding))
        held = books.documents()
        for sale, key, rounding in sent:
            where = f"{sale}, precision {precision}, rounded {rounding}"
            document = held[key]
            assert abs(_plain(document["total"]) - sale.value) < D("0.5"), where
            assert str(document["client"]["identification"]) == sale.client, where
            assert len(document["items"]) == len(bodies[sale]["items"]), where


def _built(sale: Sale, precision: int):
    result = build(replace(sale.facts, precision=precision))
    assert result.built is not None, f"{sale}: {result.problems}"
    built = result.built
    rows = [(line.label, sum(int(part.quantity) for part in line.parts)) for line in built.lines]
    assert rows == [(row.label, row.quantity) for row in sale.rows], sale
    for line, row in zip(built.lines, sale.rows, strict=True):
        assert abs(line.base - row.base) <= CENT, f"{sale}, {row.label}"
        assert abs(line.tax - row.tax) <= CENT, f"{sale}, {row.label}"
    assert abs(built.value - sale.value) < D("0.5"), sale
    return built


# --- The same through the whole path of an order -------------------------------------------------


@pytest.mark.django_db
def test_a_random_order_leaves_by_the_whole_path(engine):
    """One order under each rounding, from the event to the ledger, to its own client."""
    engine.switch(rate_limit={"per_minute": 1_000_000})
    books = Books(engine.root, engine.company)
    with scope(engine.integration.organization_id):
        copy_of(engine.integration.company, [from_row(row) for row in books.rows])
    expected: list[tuple[Sale, str]] = []
    for rounding, seed in zip(ROUNDINGS, range(FIRST, FIRST + 99), strict=False):
        sale = random_sale(seed, books.items, books.freight)
        engine.switch(rounding=rounding)
        with scope(engine.integration.organization_id):
            _set_up(engine, sale)
        order = engine.order(**_event(sale))
        engine.run()
        document = engine.document(order)
        assert document.state == "created", f"{sale}: {engine.problems(order)}"
        lines = [(D(row["base"]), D(row["tax"])) for row in document.built["lines"]]
        assert lines == [(row.base, row.tax) for row in sale.rows], sale
        expected.append((sale, document.alegra_id))
    held = {str(row["id"]): row for row in engine.invoices()}
    assert len(held) == len(expected)
    for sale, alegra_id in expected:
        assert abs(_plain(held[alegra_id]["total"]) - sale.value) < D("0.5"), sale
        assert str(held[alegra_id]["client"]["identification"]) == sale.client, sale
    named = [str(row.get("identification")) for row in engine.ledger()["contacts"]]
    for client in {sale.client for sale, _id in expected} - {GENERIC}:
        assert named.count(client) == 1, client


def _set_up(engine, sale: Sale) -> None:
    """The settings and links that the order supposes."""
    wanted = sale.facts.settings
    DocumentSettings.objects.filter(integration=engine.integration).update(
        charges_enabled=True,
        charges_item=sale.facts.charges_item.alegra_id,
        **{
            name: getattr(wanted, name)
            for name in ("prices_include_tax", "prices_told", "gift_lines")
        },
    )
    Answer.objects.filter(integration=engine.integration).delete()
    if kept := sale.facts.answers.short_kept:
        Answer.objects.create(
            integration=engine.integration, question="short_total_kept",
            subject_key="method:cod", value=kept, at=clock.now(),
        )  # fmt: skip
    for at, line in enumerate(sale.facts.lines):
        variant, _made = Variant.objects.update_or_create(
            integration=engine.integration,
            product_id=f"8{at}",
            variant_id=f"8{at}",
            defaults={
                "product_name": line.label, "seen_at": clock.now(),
                "price": line.list_price if line.is_gift else line.unit_price,
            },
        )  # fmt: skip
        ProductLink.objects.update_or_create(
            integration=engine.integration,
            variant=variant,
            defaults={
                "item": AlegraItem.objects.get(alegra_id=line.item.alegra_id),
                "units_per_sale": line.units_per_sale,
                "shared": True,
                "created_at": clock.now(),
            },
        )


def _event(sale: Sale) -> dict[str, Any]:
    facts = sale.facts
    return {
        "total": int(facts.total),
        "order_transaction": {
            "total": int(facts.total), "currency": "COP", "payment_method": "cod",
            "discount": int(facts.discount),
        },
        "charges": [
            {"name": each.name, "amount": int(each.amount)} for each in facts.charges
        ],
        "customer": {
            "full_name": facts.buyer.name, "phone": facts.buyer.phone,
            "documentType": facts.buyer.doc_type or None,
            "documentNumber": facts.buyer.doc_number,
        },
        "lines": [
            {
                "id_product": f"8{at}", "id_variant": f"8{at}", "sku": line.sku,
                "name": line.label, "quantity": int(line.quantity),
                "price": int(line.unit_price),
            }
            for at, line in enumerate(facts.lines)
        ],
    }  # fmt: skip
