"""From an order's body to the ledger: amounts that are not what their field or their sign says,
and the questions that they raise."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer, DocumentSettings
from integrations.configuration.questions import QUESTIONS
from integrations.configuration.questions.short_totals import SHORT_KEPT
from integrations.documents.models import DocumentProblem
from integrations.history.comparison import compare
from integrations.scoping.context import scope

D = Decimal
pytestmark = pytest.mark.django_db


def item(price, quantity=1, **fields):
    return {
        "id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo acero 750 ml",
        "quantity": quantity, "price": price, **fields,
    }  # fmt: skip


def paid(total, **transaction):
    return {"total": total, "currency": "COP", "payment_method": "cod", **transaction}


@pytest.fixture
def shop(engine):
    with scope(engine.integration.organization_id):
        DocumentSettings.objects.filter(integration=engine.integration).update(
            charges_enabled=True, charges_item=engine.items["11"]
        )
    return engine


def sold(shop, **body):
    order = shop.order(**body)
    shop.run()
    return order


def booked(shop):
    return [
        (D(str(row["total"])), D(str(row["tax"])), len(row["items"])) for row in shop.invoices()
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"lines": [item(119900)], "notes": ["Pagó $ 50.000 con tarjeta de regalo GIFT-7731"],
             "order_transaction": paid(69900, gift_card=50000)},
            ("119900", "19143.70", 1),
        ),
        (
            {"lines": [item(119900)], "order_transaction": paid(69900, discount=50000,
             discount_codes=[{"code": "SALDO-A-FAVOR", "type": "store_credit", "amount": 50000}])},
            ("119900", "19143.70", 1),
        ),
        (
            {"lines": [item(119900)], "notes": ["Abonó 50 mil por Nequi"],
             "order_transaction": paid(69900)},
            ("119900", "19143.70", 1),
        ),
        (
            {"lines": [item(119900)], "charges": [{"name": "Anticipo", "amount": -50000}],
             "order_transaction": paid(69900)},
            ("119900", "19143.70", 1),
        ),
        (
            {"lines": [item(100000)], "charges": [{"name": "Descuento fidelidad",
             "amount": -10000}], "order_transaction": paid(90000)},
            ("90000", "14369.75", 1),
        ),
        (
            {"lines": [item(100000), item(-10000, id_product=None, id_variant=None,
             sku="DESCUENTO", name="Cliente frecuente")], "order_transaction": paid(90000)},
            ("90000", "14369.75", 1),
        ),
        (
            {"lines": [item(50000), item(30000, 0, id_product=9, id_variant=99)],
             "order_transaction": paid(50000)},
            ("50000", "7983.19", 1),
        ),
        (
            {"lines": [item(25000)], "order_transaction": paid(37000, shipping_price=12000)},
            ("37000", "5907.57", 2),
        ),
        (
            {"lines": [item(60000, 2)], "order_transaction": paid(60000)},
            ("60000", "9579.83", 1),
        ),
    ],
    ids=[
        "gift card", "store credit in the discount", "deposit in a note", "deposit below nothing",
        "charge below nothing", "line below nothing", "quantity zero", "freight of its own",
        "price of the line",
    ],
)  # fmt: skip
def test_what_adds_up_leaves_by_the_whole_path(shop, body, expected):
    order = sold(shop, **body)
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(expected[0]), D(expected[1]), expected[2])]
    with scope(shop.integration.organization_id):
        order.refresh_from_db()
        assert compare(order, kind="invoice").paid == D(expected[0])


@pytest.mark.parametrize(
    ("on", "iva"), [(0, "12745.09"), (1, "18347.34")], ids=["of the taxed one", "of the other"]
)
def test_a_coupon_of_one_line_lowers_its_own_iva(shop, on, iva):
    shop.link("5", "55", rate="5")
    lines = [item(100000), item(100000, id_product=5, id_variant=55, sku="LIB", name="Libro")]
    lines[on]["discount_allocations"] = [{"amount": 50000}]
    sold(shop, lines=lines, order_transaction=paid(150000))
    ((total, tax, _rows),) = booked(shop)
    assert (total, tax) == (150000, D(iva))


def test_a_newer_note_frees_the_order_it_explains(shop):
    order = sold(shop, lines=[item(119900)], order_transaction=paid(99900))
    assert shop.problems(order) == {"short_total"}
    shop.order(
        number=int(order.number), lines=[item(119900)], order_transaction=paid(99900),
        notes=["El cliente abonó $20.000"], updated="2026-11-21T08:00:00Z",
    )  # fmt: skip
    shop.run()
    assert booked(shop)[0][:2] == (D(119900), D("19143.70"))


# --- A short total ----------------------------------------------------------------------------


def respond(shop, order, code, value) -> int:
    with scope(shop.integration.organization_id):
        problem = DocumentProblem.objects.get(work__order=order, code=code, closed_at=None)
        return answer(
            shop.integration, QUESTIONS[code], problem.subject_key, value, params=problem.params
        )


def short(shop, total=90000, method="addi", **more):
    return sold(shop, lines=[item(100000)], order_transaction={
        "total": total, "currency": "COP", "payment_method": method, **more
    })  # fmt: skip


@pytest.mark.parametrize(
    ("value", "total", "tax"), [("discount", 90000, "14369.75"), ("received", 100000, "15966.39")]
)
def test_the_answer_about_a_short_total_is_of_that_order_alone(shop, value, total, tax):
    first, second = short(shop, method="cod"), short(shop, method="cod")
    assert respond(shop, first, "short_total", value) == 1
    shop.run(2)
    assert booked(shop) == [(D(total), D(tax), 1)]
    assert shop.problems(second) == {"short_total"}


def test_an_answer_kept_for_a_method_frees_its_orders_within_the_limits_and_no_other(shop):
    first, like = short(shop, method="cod"), short(shop, 95000, method="cod")
    with_word = sold(
        shop, lines=[item(100000)], order_transaction=paid(90000), notes=["tiene abono"]
    )
    far = short(shop, 40000, method="cod")
    respond(shop, first, "short_total", "received_kept")
    shop.run(4)
    assert [each[0] for each in booked(shop)] == [100000, 100000]
    assert shop.problems(like) == set()
    assert shop.problems(with_word) == shop.problems(far) == {"short_total"}
    later = short(shop, 80000, method="cod")
    assert shop.problems(later) == set()
    with scope(shop.integration.organization_id):
        kept = Answer.objects.get(question=SHORT_KEPT)
        assert (kept.subject_key, kept.value) == ("method:cod", "received")
        answer(shop.integration, QUESTIONS[SHORT_KEPT], "method:cod", "ask")
    assert shop.problems(short(shop, 80000, method="cod")) == {"short_total"}


def test_an_answer_kept_for_a_word_is_of_orders_with_that_word(shop):
    def noted(word):
        return sold(shop, lines=[item(100000)], order_transaction=paid(90000), notes=[word])

    first, like, other = noted("tiene abono"), noted("Abono del cliente"), noted("saldo a favor")
    respond(shop, first, "short_total", "discount_kept")
    shop.run(3)
    assert shop.problems(like) == set()
    assert shop.problems(other) == {"short_total"}
    assert [each[0] for each in booked(shop)] == [90000, 90000]


def test_an_order_that_changed_is_asked_about_again_and_answered_again(shop):
    order = short(shop, method="cod")
    respond(shop, order, "short_total", "discount")
    shop.order(
        number=int(order.number), lines=[item(100000)], order_transaction=paid(70000),
        updated="2026-11-21T08:00:00Z",
    )  # fmt: skip
    shop.run(2)
    assert shop.problems(order) == {"short_total"}
    respond(shop, order, "short_total", "discount")
    shop.run()
    assert [each[0] for each in booked(shop)] == [70000]


# --- A total of 0 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "state", "reason"),
    [
        ("exchange", "skipped", "exchange"),
        ("discount", "skipped", "full_discount"),
        ("received", "created", ""),
    ],
)
def test_a_total_of_zero_over_priced_lines_takes_the_reason_a_person_gives(
    shop, value, state, reason
):
    order = sold(shop, lines=[item(100000)], order_transaction=paid(0))
    assert shop.problems(order) == {"total_zero"}
    assert respond(shop, order, "total_zero", value) == 1
    shop.run()
    document = shop.document(order)
    assert (document.state, document.reason) == (state, reason)
    assert [each[:2] for each in booked(shop)] == (
        [(D(100000), D("15966.39"))] if value == "received" else []
    )
