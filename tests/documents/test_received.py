"""Money received before is payment: the document keeps the full price and its IVA."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.documents.build import build, summary
from integrations.documents.facts import AmountAnswers, MoneyReceived
from tests.documents.test_build import charge, codes, facts, line

D = Decimal
FULL_IVA = D("19143.70")


def had(label="tarjeta de regalo", *amounts, where="field"):
    return (MoneyReceived(label, tuple(D(amount) for amount in amounts), where),)


def case(**changes):
    return facts(line(119_900), total=changes.pop("total", 69_900), **changes)


@pytest.mark.parametrize("label", ["tarjeta de regalo", "saldo a favor", "abono", "puntos"])
@pytest.mark.parametrize("where", ["field", "note"])
def test_what_was_received_before_is_no_discount(label, where):
    built = build(case(received=had(label, 50_000, where=where))).built
    assert (built.total, built.tax) == (119_900, FULL_IVA)
    assert built.received == ((label, D(50_000)),)
    assert built.notes == (
        f"Recibido antes $\u00a050.000 ({label}) · contra entrega $\u00a069.900",
    )
    assert summary(built)["received"] == [{"label": label, "amount": "50000"}]


def test_a_discount_that_holds_a_gift_card_is_the_gift_card():
    built = build(case(discount=D(50_000), received=had("saldo a favor", 50_000))).built
    assert (built.total, built.tax) == (119_900, FULL_IVA)
    assert "description" not in built.payload["items"][0]


def test_a_code_of_a_gift_card_without_its_amount_takes_that_of_the_discount():
    built = build(case(discount=D(50_000), received=had())).built
    assert (built.total, built.received) == (119_900, (("tarjeta de regalo", D(50_000)),))


def test_a_gift_card_that_is_told_on_the_line_or_below_nothing_is_the_gift_card():
    on_line = facts(
        replace(line(119_900), discounts=(D(50_000),)), total=69_900, received=had("abono", 50_000)
    )
    below = case(cuts=(("Descuento", D(50_000)),), received=had("abono", 50_000))
    for each in (on_line, below):
        assert build(each).built.total == 119_900


def test_a_real_discount_and_a_gift_card_go_each_their_way():
    built = build(case(total=59_900, discount=D(10_000), received=had("abono", 50_000))).built
    assert (built.total, built.received) == (109_900, (("abono", D(50_000)),))


def test_two_of_them_are_told_one_by_one():
    received = (*had("abono", 20_000), *had("puntos", 30_000))
    built = build(case(received=received)).built
    assert built.total == 119_900
    assert built.notes[0].startswith(
        "Recibido antes $\u00a020.000 (abono), $\u00a030.000 (puntos) · contra entrega"
    )


def test_a_note_may_hold_other_amounts_too():
    received = had("abono", 7_731, 50_000, 69_900, where="note")
    assert build(case(received=received)).built.total == 119_900


def test_the_total_may_be_the_whole_price_and_says_then_how_it_is_paid():
    built = build(case(total=119_900, received=had("abono", 50_000))).built
    assert built.total == 119_900
    assert built.notes == ("Recibido antes $\u00a050.000 (abono) · contra entrega $\u00a069.900",)


def test_a_prepaid_order_that_was_paid_in_full_has_nothing_to_split():
    built = build(case(total=119_900, received=had("pago anterior", 119_900))).built
    assert (built.total, built.received, built.notes) == (119_900, (), ())


def test_a_discount_of_the_amount_that_was_paid_is_asked_about():
    told = case(
        total=59_950, discount=D(59_950), received=had("pago anterior", 59_950), family="prepaid"
    )
    # All of it was paid: that is no split.
    assert build(told).built.total == 59_950
    part = case(discount=D(50_000), received=had("pago anterior", 50_000))
    assert codes(build(part)) == ["short_total"]
    for answer, total in (("discount", 69_900), ("received", 119_900)):
        answered = replace(part, answers=AmountAnswers(short=answer))
        assert build(answered).built.total == total


def test_a_note_that_names_a_credit_beside_a_discount_is_asked_about():
    assert codes(build(case(discount=D(50_000), received=had(where="note")))) == ["short_total"]


@pytest.mark.parametrize("where", ["field", "name"])
def test_the_word_without_an_amount_is_enough_within_the_limits(where):
    built = build(case(total=99_900, received=had(where=where))).built
    assert (built.total, built.received) == (119_900, (("tarjeta de regalo", D(20_000)),))
    assert codes(build(case(received=had(where=where)))) == ["short_total"]


def test_a_note_without_an_amount_asks_and_names_its_word():
    (found,) = build(case(total=99_900, received=had("abono", where="note"))).problems
    assert (found.code, found.params["keep"]) == ("short_total", "word:abono")
    assert "abono" in found.params["kept"]


def test_an_amount_that_does_not_fit_asks():
    assert codes(build(case(received=had("abono", 30_000)))) == ["short_total"]


def test_an_answer_is_of_the_amounts_it_was_given_to():
    (found,) = build(case()).problems
    about = (found.params["lines"], found.params["total"])
    said = replace(case(), answers=AmountAnswers(short="received", short_about=about))
    assert build(said).built.total == 119_900
    other = replace(said, total=D(60_000))
    assert codes(build(other)) == ["short_total"]


def test_points_pay_and_freight_stays():
    charges = (charge(9_000),)
    built = build(case(total=108_900, charges=charges, received=had("puntos", 20_000))).built
    assert (built.total, len(built.lines)) == (128_900, 2)


# --- A total of 0 -----------------------------------------------------------------------------


def test_a_total_of_zero_that_a_gift_card_covers_is_a_sale():
    for received in (had("tarjeta de regalo", 119_900), had(where="name")):
        built = build(case(total=0, received=received)).built
        assert (built.total, built.tax) == (119_900, FULL_IVA)
        assert built.notes == ("Recibido antes $\u00a0119.900 (tarjeta de regalo)",)


@pytest.mark.parametrize("discount", [0, 119_900])
@pytest.mark.parametrize(
    ("answer", "nothing"), [("exchange", "exchange"), ("discount", "full_discount")]
)
def test_a_total_of_zero_takes_the_reason_that_a_person_gives(discount, answer, nothing):
    told = case(total=0, discount=D(discount))
    assert codes(build(told)) == ["total_zero"]
    built = build(replace(told, answers=AmountAnswers(zero=answer))).built
    assert (built.is_worth_nothing, built.nothing) == (True, nothing)


@pytest.mark.parametrize("discount", [0, 119_900])
def test_a_total_of_zero_that_was_paid_before_is_documented_in_full(discount):
    told = case(total=0, discount=D(discount), answers=AmountAnswers(zero="received"))
    assert (build(told).built.total, build(told).built.tax) == (119_900, FULL_IVA)
