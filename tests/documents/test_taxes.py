"""Taxes beyond IVA of 19 %: INC, two on one product, and exento apart from excluido."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from integrations.alegra.items import from_row
from integrations.catalog.items import copy_of
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.documents.build import build, summary
from integrations.documents.facts import TaxFact
from integrations.documents.tax_totals import TaxTotal, by_tax
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.documents.books import Books, make_company
from tests.documents.test_build import EXEMPT, IVA_19, TERMO, facts, line, settings

D = Decimal
INC = (TaxFact("6", "Impoconsumo", D(8)),)
INC_8 = replace(TERMO, taxes=INC)
BOTH = replace(TERMO, taxes=IVA_19 + INC)


def test_inc_comes_out_of_the_price_like_iva():
    built = build(facts(line(54_000, 2, item=INC_8), total=108_000)).built
    assert (built.base, built.tax, built.total) == (100_000, 8_000, 108_000)
    assert built.payload["items"][0]["tax"] == [{"id": "6"}]


def test_two_taxes_of_one_product_are_told_one_by_one():
    built = build(facts(line(49_900, 3, item=BOTH), total=149_700)).built
    assert built.payload["items"][0]["tax"] == [{"id": "3"}, {"id": "6"}]
    iva, inc = by_tax(summary(built)["lines"])
    assert (iva.name, iva.tax) == ("IVA 19 %", D("22396.06"))
    assert (inc.name, inc.tax) == ("INC 8 %", D("9429.92"))
    assert iva.base == inc.base == built.base
    assert iva.tax + inc.tax == built.tax
    for each, rate in ((iva, "0.19"), (inc, "0.08")):
        assert abs(each.tax - built.base * D(rate)) <= D("0.01")


def test_each_tax_is_summed_over_the_lines_that_have_it():
    exempt, excluded = replace(TERMO, taxes=EXEMPT), replace(TERMO, taxes=())
    lines = [line(11_900), line(10_000, item=exempt), line(20_000, item=excluded), line(5_950, 2)]
    built = build(facts(*lines, total=53_800)).built
    assert by_tax(summary(built)["lines"]) == (
        TaxTotal("IVA 19 %", D(20_000), D(3_800)),
        TaxTotal("IVA 0 % (exento)", D(10_000), D(0)),
        TaxTotal("Excluido, sin IVA", D(20_000), D(0)),
    )


def test_many_units_with_two_taxes_are_split_where_both_come_out_in_whole_cents():
    built = build(facts(line(49_900, 500, item=BOTH), total=24_950_000)).built
    many, one = built.lines[0].parts
    assert (many.quantity, one.quantity) == (499, 1)
    assert many.unit_price == int(many.unit_price)


@pytest.mark.django_db
def test_preview_and_document_tell_exento_from_excluido(engine, cast, login):
    books = Books(engine.root, engine.company)
    with scope(engine.integration.organization_id):
        products = {
            "2": _link(engine, "2", books, "exempt"),
            "3": _link(engine, "3", books, "both"),
        }
        products["4"] = _link(engine, "4", books, "excluded")
    lines = [
        {"id_product": each, "id_variant": each, "name": name, "quantity": 1, "price": price}
        for each, name, price in (
            ("2", "Cuaderno", 10_000), ("3", "Cerveza", 12_700), ("4", "Libro", 30_000),
        )
    ]  # fmt: skip
    order = engine.order(lines=lines, total=52_700)
    client = login(cast.member("editor"))
    url = reverse("order", args=[cast.organization.slug, order.pk])
    whole = reverse("order_document", args=[cast.organization.slug, order.pk])
    preview, pages = _rows(client.get(url).content.decode()), [client.get(whole)]
    engine.run()
    assert engine.document(order).state == "created"
    sent = _rows(client.get(url).content.decode())
    for page in (*pages, client.get(whole)):
        text = page.content.decode()
        assert "IVA 0 % (exento)" in text
        assert "Excluido, sin IVA" in text
    for rows in (preview, sent):
        assert ("IVA 0 % (exento)", "$ 10.000,00", "$ 0,00") in rows
        assert ("Excluido, sin IVA", "$ 30.000,00", "$ 0,00") in rows
        assert ("IVA 19 %", "$ 10.000,00", "$ 1.900,00") in rows
        assert ("INC 8 %", "$ 10.000,00", "$ 800,00") in rows
    (invoice,) = engine.invoices()
    by_item = {str(row["id"]): [str(tax["id"]) for tax in row["tax"]] for row in invoice["items"]}
    assert by_item == {
        item.alegra_id: [tax["id"] for tax in item.taxes] for item in products.values()
    }
    assert [len(taxes) for taxes in by_item.values()] == [1, 2, 0]


def test_a_company_of_the_stand_in_rounds_each_tax_by_itself(simulators):
    books = Books(simulators.alegra_root, make_company(simulators.alegra_root, 2))
    built = build(facts(line(100), total=100, settings=settings(number_template=""))).built
    taxes = [{"id": each} for each in books.items["both"].tax_ids]
    row = {"id": books.items["both"].alegra_id, "price": D("0.13"), "quantity": D(1), "tax": taxes}
    client = {"id": books.client(built.contact)}
    body = {**built.payload, "items": [row], "client": client, "seller": None, "costCenter": None}
    key = ("invoice", books.post("invoice", body))
    # 0.0247 and 0.0104 are two cents and one; together they would be four.
    assert D(str(books.documents()[key]["tax"])) == D("0.03")


def _link(engine, key: str, books: Books, kind: str) -> AlegraItem:
    row = next(row for row in books.rows if str(row["id"]) == books.items[kind].alegra_id)
    (item,) = copy_of(engine.integration.company, [from_row(row)])
    variant = Variant.objects.create(
        integration=engine.integration, product_id=key, variant_id=key,
        product_name=key, seen_at=clock.now(),
    )  # fmt: skip
    ProductLink.objects.create(
        integration=engine.integration, variant=variant, item=item, created_at=clock.now()
    )
    return item


def _rows(page: str) -> list[tuple[str, str, str]]:
    """The taxes below the comparison: name, base and amount."""
    foot = page.split("<tfoot>")[1].split("</tfoot>")[0].replace("\u00a0", " ")
    pattern = (
        r'class="doc">([^<]+)</th><td class="sum tax">([^<]+)</td><td class="sum tax">([^<]+)<'
    )
    return re.findall(pattern, foot)
