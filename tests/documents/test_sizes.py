"""Amounts of another size than pesos have are asked about, and ordinary ones never."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from integrations.catalog.models import AlegraItem
from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS
from integrations.documents.build import build
from integrations.mastershop.charge_names import told_kind
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from tests.documents.test_build import TERMO, charge, codes, facts, line, settings

D = Decimal
ORDER, PRICE = QUESTIONS["amounts_unlikely"], QUESTIONS["price_unlikely"]
# An item of 49.900 with its IVA.
SHIRT = replace(TERMO, price=D("41932.77"))


def sold(price, quantity=1, usual=None, item=SHIRT, **more):
    return line(D(price), quantity, item=item, catalogue_price=usual, **more)


def order(*lines, charges=(), total=None, **more):
    charges = tuple(charge(amount, name, kind=told_kind(name)) for name, amount in charges)
    paid = sum((each.amount for each in (*lines, *charges)), D(0))
    return facts(*lines, total=paid if total is None else total, charges=charges, **more)


@pytest.mark.parametrize(
    ("case", "why"),
    [
        # Another currency, at a price that adds up.
        (order(sold("24.99")), "«Termo» vale $ 24,99"),
        (order(sold("49.9")), "«Termo» vale $ 49,90"),
        (order(sold("24.99", 100)), "su precio usual es $ 49.900"),
        (order(sold("1249.99", item=TERMO)), "en pesos no hay centavos"),
        (order(sold(25, item=TERMO)), "menos de $ 1.000"),
        # A hundredth.
        (order(sold(499)), "«Termo» vale $ 499"),
        # The freight alone.
        (order(sold(100_000), charges=[("Shipping", "4.99")], total=120_000), "«Shipping» vale"),
        (order(sold(49_900), charges=[("Envío", 150)]), "«Envío» vale $ 150"),
        (order(sold(49_900), charges=[("Envío", "12000.50")]), "«Envío» vale $ 12.000,50"),
        (order(sold(49_900), charges=[("Envío", 1_500_000)]), "los productos $ 49.900"),
        # The total alone.
        (order(sold(49_900), total="49900.35"), "el total es $ 49.900,35"),
    ],
)
def test_amounts_of_another_size_are_asked_about_with_their_reason(case, why):
    result = build(case)
    assert result.built is None
    found = next(each for each in result.problems if each.code == "amounts_unlikely")
    assert why in found.params["why"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("price", "item", "usual"),
    [
        (4_990_000, SHIRT, None),
        (4_989, SHIRT, None),
        (499_001, SHIRT, None),
        # The catalogue of MasterShop says it where Alegra's price says nothing.
        (4_990_000, TERMO, D(49_900)),
        (4_990_000, replace(TERMO, price=D(1)), D(49_900)),
        # Neither knows.
        (20_000_001, TERMO, None),
    ],
)
def test_a_price_far_from_the_usual_one_is_asked_of_the_product(price, item, usual):
    (found,) = build(order(sold(price, item=item, usual=usual))).problems
    assert (found.code, found.subject_key) == ("price_unlikely", f"1/11@{price}")


@pytest.mark.parametrize(
    "case",
    [
        # Promotions of half and of 80 %, and a whole percentage that ends in cents.
        order(sold(24_950)),
        order(sold(9_980)),
        order(sold("42415.00")),
        order(sold("33991.5", usual=D(39_990)), total="33991.5"),
        # Alegra's price is old, the catalogue's is not; and the other way round.
        order(sold(900_000, usual=D(900_000))),
        order(sold(49_900, usual=D(900_000))),
        # Cheap things: by what they usually cost, or because many are sold.
        order(sold(700, usual=D(900))),
        order(sold(300, 12, item=TERMO)),
        # Twelve in a pack, at the price of twelve.
        order(sold(598_800, units_per_sale=12)),
        # An exact share of one unit.
        order(sold("33333.33", 3), total=100_000),
        # Insurance is a share of the goods; a tip and what is paid for another are of any size.
        order(sold(49_900), charges=[("Seguro", 499)]),
        order(sold(49_900), charges=[("Propina", 500)]),
        # A price that is told of all its units.
        order(sold(598_800, 12, told_total=D(598_800)), total=598_800),
        order(sold("33333.333333", 3), total=100_000),
        order(sold("33333.34", 3), total="100000.02"),
        # Cheap goods with an ordinary freight, and freight that nobody paid.
        order(sold(5_000, usual=D(5_000)), charges=[("Envío", 18_000)]),
        order(sold(49_900), charges=[("Envío", 1)], total=49_900),
        # Prices before IVA may have cents.
        order(sold("41932.77"), total=49_900, settings=settings(prices_include_tax=False)),
    ],
)
def test_ordinary_amounts_are_not_asked_about(case):
    assert codes(build(case)) == []
    assert build(case).built is not None


def test_a_gift_is_no_price():
    case = order(sold(49_900), sold(0), settings=settings(gift_lines="zero"))
    assert build(case).built.total == 49_900


# --- The answer -------------------------------------------------------------------------------


def dollars(price="24.99", **more):
    product = {"id_product": 1, "id_variant": 11, "name": "Termo", "quantity": 1, "price": price}
    return {"lines": [product], "total": price, **more}


@pytest.fixture
def shop(engine):
    """Its product costs 79.900 with IVA in Alegra."""
    with scope(engine.integration.organization_id):
        items = AlegraItem.objects.filter(alegra_id=engine.items["11"])
        items.update(price=D("67142.86"))
        yield engine


@pytest.mark.django_db
def test_of_two_such_orders_the_one_that_is_right_leaves(shop):
    first, second = shop.order(**dollars()), shop.order(**dollars())
    shop.run(2)
    assert shop.invoices() == []
    assert shop.problems(first) == shop.problems(second) == {"amounts_unlikely"}
    cause = Cause.objects.get(label__contains=first.number)
    assert answer(shop.integration, ORDER, cause.subject_key, "right", params=cause.params) == 1
    shop.run(2)
    (invoice,) = shop.invoices()
    assert first.number in invoice["observations"]
    assert shop.problems(second) == {"amounts_unlikely"}


@pytest.mark.django_db
def test_an_answer_is_about_the_amounts_it_was_given_for(shop):
    told = shop.order(**dollars())
    shop.run()
    cause = Cause.objects.get()
    answer(shop.integration, ORDER, cause.subject_key, "wrong", params=cause.params)
    shop.run()
    assert shop.problems(told) == {"amounts_wrong"}
    # Another wrong amount is another question, and the right one leaves by itself.
    shop.order(number=told.number, updated="2026-11-20T19:50:00Z", **dollars("25.5"))
    shop.run()
    assert shop.problems(told) == {"amounts_unlikely"}
    shop.order(number=told.number, updated="2026-11-20T19:55:00Z", **dollars(89_900))
    shop.run()
    assert shop.document(told).state == "created"


@pytest.mark.django_db
def test_what_was_called_wrong_leaves_when_the_answer_is_changed(shop):
    told = shop.order(**dollars())
    shop.run()
    key = Cause.objects.get().subject_key
    answer(shop.integration, ORDER, key, "wrong")
    shop.run()
    answer(shop.integration, ORDER, key, "right")
    shop.run()
    assert shop.document(told).state == "created"


@pytest.mark.django_db
def test_a_price_confirmed_once_frees_the_orders_at_that_price_and_no_other(shop):
    """What Alegra says it costs is years old."""
    orders = [shop.order(**dollars(2_000_000)) for _each in range(3)]
    other = shop.order(**dollars(3_000_000))
    shop.run(4)
    assert [shop.problems(each) for each in orders] == [{"price_unlikely"}] * 3
    cause = Cause.objects.get(subject_key="1/11@2000000")
    assert cause.open_count == 3
    assert answer(shop.integration, PRICE, cause.subject_key, "right", params=cause.params) == 3
    later = shop.order(**dollars(2_000_000))
    shop.run(5)
    assert {shop.document(each).state for each in (*orders, later)} == {"created"}
    assert shop.problems(other) == {"price_unlikely"}
    assert Answer.objects.get().subject_key == "1/11@2000000"


@pytest.mark.django_db
def test_a_merchant_answers_on_the_order_s_page(shop, cast, login):
    told = shop.order(**dollars())
    shop.run()
    client = login(cast.member("editor"))
    url = reverse("order", args=[cast.organization.slug, told.pk])
    page = client.get(url).content.decode()
    assert "¿Están bien los valores del pedido" in page
    assert "Sí, es correcto" in page
    assert "No facturar" in page
    assert "Cuadra al peso" not in page
    said = reverse("attention_answer", args=[cast.organization.slug, Cause.objects.get().pk])
    page = client.post(said, {"respuesta": "wrong", "pedido": told.pk}, follow=True)
    assert page.status_code == 200
    shop.run()
    page = client.get(url).content.decode()
    assert "están mal: «Termo» vale" in page
    # It can be answered anew right here.
    assert "Cambiar la respuesta" in page


def test_the_total_is_asked_about_once_the_sizes_are_right_and_only_if_it_still_is_a_question():
    """With a price ten times too high the total is short too: that is one mistake, not two."""
    for total, then in ((489_000, ["short_total"]), (539_000, [])):
        told = facts(line(539_000, catalogue_price=D(49_900)), total=total)
        (found,) = build(told).problems
        assert found.code == "price_unlikely"
        said = replace(told, said={(found.code, found.subject_key): "right"})
        assert codes(build(said)) == then
