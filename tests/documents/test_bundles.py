"""Components of a bundle are no gifts: asked once per product, priced once, out of stock once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.alegra.items import from_row
from integrations.catalog.items import copy_of
from integrations.catalog.models import ProductLink
from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS
from integrations.documents.build import build
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from tests.documents.books import Books
from tests.documents.test_build import IVA_5, TERMO, charge, codes, facts, line, settings

D = Decimal
PAN, SHIRT = replace(TERMO, alegra_id="882", name="Sartén"), replace(TERMO, alegra_id="883")
SPREAD = settings(gift_lines="spread")
COMPONENTS, EMPTY = QUESTIONS["bundle_components"], QUESTIONS["bundle_empty"]


def thing(name, price, key, quantity=1, item=TERMO, **more):
    made = line(D(price), quantity, item=item, **more)
    return replace(
        made, label=name, variant_key=f"{key}/{key}", product_id=str(key), sku=f"SKU-{key}"
    )


def combo(*, name="Olla con todo", price=189_900, bundle="1", item=TERMO):
    return (
        thing(name, price, 1, item=item),
        thing("Sartén", 0, 2, item=PAN, bundle=bundle),
        thing("Camiseta", 0, 3, 2, item=SHIRT, bundle=bundle),
    )


def answered(case, value):
    (found,) = [each for each in build(case).problems if each.code.startswith("bundle_")]
    return replace(case, said={(found.code, found.subject_key): value})


# --- When it is asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        # The parent by its product, its SKU, or nobody's name.
        combo(),
        combo(bundle="SKU-1"),
        combo(bundle="900"),
        combo(bundle="?"),
        # The group's name, which the parent has too.
        (replace(combo()[0], bundle="B-1"), *combo(bundle="B-1")[1:]),
        # Words alone.
        combo(name="Combo cocina: olla + sartén + 2 camisetas", bundle=""),
        combo(name="KIT de cocina", bundle=""),
        # The bundle comes last.
        (*combo()[1:], combo()[0]),
    ],
    ids=["product", "sku", "another id", "unnamed", "group", "combo", "kit", "last"],
)
@pytest.mark.parametrize("gifts", ["", "spread", "zero", "leave_out"])
def test_components_in_zero_are_asked_about_whatever_was_said_of_gifts(lines, gifts):
    case = facts(*lines, total=189_900, settings=settings(gift_lines=gifts))
    (found,) = build(case).problems
    assert (found.code, found.subject_key) == ("bundle_components", "1/1")
    assert found.params["components"] == "«Sartén», «Camiseta»"


@pytest.mark.parametrize(
    "empty",
    [
        thing("Combo cocina", 0, 1),
        thing("Juego de ollas x 5 piezas", 0, 1),
        thing("Olla", 0, 1, catalogue_price=D(189_900)),
    ],
    ids=["combo", "set", "worth more than all that is paid"],
)
@pytest.mark.parametrize("gifts", ["", "spread", "zero", "leave_out"])
def test_an_empty_parent_of_priced_components_is_asked_about(empty, gifts):
    paid = (thing("Sartén", 99_900, 2, item=PAN), thing("Camiseta", 49_900, 3, item=SHIRT))
    case = facts(empty, *paid, total=149_800, settings=settings(gift_lines=gifts))
    assert codes(build(case)) == ["bundle_empty"]


def test_a_parent_that_its_priced_components_name_is_asked_about_too():
    paid = thing("Sartén", 99_900, 2, item=PAN, bundle="1")
    case = facts(thing("Olla", 0, 1), paid, total=99_900, settings=SPREAD)
    assert codes(build(case)) == ["bundle_empty"]


@pytest.mark.parametrize(
    "lines",
    [
        (thing("Termo", 50_000, 1), thing("Gorra", 0, 2)),
        # Called a gift.
        (thing("Combo cocina", 50_000, 1), thing("Obsequio: gorra", 0, 2)),
        # Two for the price of one.
        (thing("Termo", 50_000, 1), thing("Termo", 0, 1, catalogue_price=D(50_000))),
        # A dear gift beside one thing paid is only a promotion.
        (thing("Termo", 50_000, 1), thing("Reloj", 0, 2, catalogue_price=D(80_000))),
    ],
)
def test_an_ordinary_gift_is_a_gift(lines):
    built = build(facts(*lines, total=50_000, settings=SPREAD)).built
    assert (len(built.lines), built.total) == (2, 50_000)


def test_a_combo_without_components_is_a_product():
    assert build(facts(thing("Combo cocina", 50_000, 1), total=50_000)).built.total == 50_000


# --- What each answer does --------------------------------------------------------------------


def test_components_go_in_the_bundle_that_has_stock():
    built = build(answered(facts(*combo(), total=189_900, settings=SPREAD), "components")).built
    (row,) = built.payload["items"]
    assert (row["id"], built.total) == ("881", 189_900)
    assert built.notes == ("«Sartén», «Camiseta» van dentro de «Olla con todo»: no van aparte.",)


def test_the_stock_of_components_moves_where_the_bundle_has_none():
    service = replace(TERMO, moves_stock=False)
    case = facts(*combo(item=service), total=189_900, settings=SPREAD)
    built = build(answered(case, "components")).built
    rows = [(row["id"], row["quantity"], row["price"] > 0) for row in built.payload["items"]]
    assert rows == [("881", 1, True), ("882", 1, False), ("883", 2, False)]
    assert built.total == 189_900
    assert "su inventario es el que baja" in built.notes[0]


@pytest.mark.parametrize(("gifts", "rows"), [("spread", 3), ("zero", 3), ("leave_out", 1)])
def test_what_are_gifts_after_all_go_as_gifts_do(gifts, rows):
    case = facts(*combo(), total=189_900, settings=settings(gift_lines=gifts))
    built = build(answered(case, "gifts")).built
    assert (len(built.payload["items"]), built.total) == (rows, 189_900)


def test_of_an_empty_bundle_its_components_go():
    case = facts(
        thing("Combo cocina", 0, 1), thing("Sartén", 99_900, 2, item=PAN),
        thing("Camiseta", 49_900, 3, item=replace(SHIRT, taxes=IVA_5)), total=149_800,
        settings=SPREAD,
    )  # fmt: skip
    built = build(answered(case, "components")).built
    assert [row["id"] for row in built.payload["items"]] == ["882", "883"]
    assert [each.total for each in built.lines] == [99_900, 49_900]


@pytest.mark.parametrize(
    ("total", "code", "items"),
    [
        (189_900, "bundle_components", ["881"]),
        (201_900, "bundle_components", ["881", "900"]),
        (114_800, "bundle_empty", ["882", "883"]),
    ],
)
def test_a_bundle_and_components_that_both_have_prices_are_not_billed_twice(total, code, items):
    lines = (
        thing("Olla con todo", 189_900, 1),
        thing("Sartén", 64_900, 2, item=PAN, bundle="1"),
        thing("Camiseta", 49_900, 3, item=SHIRT, bundle="1"),
    )
    case = facts(*lines, total=total, charges=(charge(12_000),), settings=SPREAD)
    # What the bundle's answer settles is not asked about as a total too.
    assert codes(build(case)) == [code]
    built = build(answered(case, "components")).built
    assert ([row["id"] for row in built.payload["items"]], built.total) == (items, total)


def test_what_was_all_paid_for_is_not_asked_about():
    lines = (thing("Olla", 189_900, 1), thing("Sartén", 64_900, 2, item=PAN, bundle="1"))
    assert build(facts(*lines, total=254_800)).built.total == 254_800


# --- The whole path ---------------------------------------------------------------------------


@pytest.fixture
def shop(engine):
    with scope(engine.integration.organization_id):
        yield engine


def cooking(**parts):
    """A combo with two components that nobody linked."""
    lines = [
        {"id_product": 1, "id_variant": 11, "name": "Combo", "quantity": 1, "price": 189_900},
        {"id_product": 2, "id_variant": 22, "name": "Sartén", "quantity": 1, "price": 0, **parts},
        {"id_product": 3, "id_variant": 33, "name": "Gorra", "quantity": 2, "price": 0, **parts},
    ]
    return {"lines": lines, "total": 189_900}


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [{"parent_item": 1}, {"bundleId": "x"}, {}])
def test_it_is_asked_once_for_the_product_and_nobody_links_its_components(shop, parts):
    orders = [shop.order(**cooking(**parts)) for _each in range(3)]
    shop.run(3)
    assert [shop.problems(each) for each in orders] == [{"bundle_components"}] * 3
    cause = Cause.objects.get()
    assert (cause.subject_key, cause.open_count) == ("1/11", 3)
    freed = answer(shop.integration, COMPONENTS, "1/11", "components", params=cause.params)
    assert freed == 3
    later = shop.order(**cooking(**parts))
    shop.run(4)
    assert {shop.document(each).state for each in (*orders, later)} == {"created"}
    for invoice in shop.invoices():
        assert (D(str(invoice["total"])), len(invoice["items"])) == (189_900, 1)


@pytest.mark.django_db
def test_an_empty_combo_needs_no_product_of_its_own(shop):
    shop.link("2", "22", rate="19")
    shop.link("3", "33", rate="19")
    lines = [
        {"id_product": 9, "id_variant": 99, "name": "Combo", "quantity": 1, "price": 0},
        {"id_product": 2, "id_variant": 22, "name": "Sartén", "quantity": 1, "price": 99_900},
        {"id_product": 3, "id_variant": 33, "name": "Gorra", "quantity": 1, "price": 49_900},
    ]
    order = shop.order(lines=lines, total=149_800)
    shop.run()
    assert shop.problems(order) <= {"bundle_empty", "price_unlikely"}
    for cause in Cause.objects.filter(code="price_unlikely"):
        answer(shop.integration, QUESTIONS["price_unlikely"], cause.subject_key, "right")
    answer(shop.integration, EMPTY, "9/99", "components")
    shop.run(2)
    (invoice,) = shop.invoices()
    assert {str(row["id"]) for row in invoice["items"]} == {shop.items["22"], shop.items["33"]}
    assert D(str(invoice["total"])) == 149_800


@pytest.mark.django_db
def test_of_a_service_the_components_are_what_leaves_the_warehouse(shop):
    shop.link("2", "22", rate="19")
    shop.link("3", "33", rate="19")
    books = Books(shop.root, shop.company)
    body = {"name": "Combo", "type": "service", "price": 159_579.83}
    tax = books.rows[0]["tax"][0]["id"]
    row = books.call("POST", "/items", json={**body, "tax": [{"id": tax}]})
    (service,) = copy_of(shop.integration.company, [from_row(row)])
    assert not service.has_stock
    ProductLink.objects.filter(variant__variant_id="11").update(item=service)
    order = shop.order(**cooking(parent_item=1))
    shop.run()
    answer(shop.integration, COMPONENTS, "1/11", "components")
    shop.run()
    assert shop.document(order).state == "created", shop.problems(order)
    (invoice,) = shop.invoices()
    sold = {str(row["id"]): D(str(row["quantity"])) for row in invoice["items"]}
    assert sold == {service.alegra_id: 1, shop.items["22"]: 1, shop.items["33"]: 2}
    assert D(str(invoice["total"])) == 189_900
