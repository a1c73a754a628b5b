"""A number that comes twice: which sale a body is about."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from integrations.mastershop import values
from integrations.mastershop.orders import ListRow
from integrations.orders import number_twice, told_again
from integrations.orders.models import Order
from integrations.orders.record import record_row
from tests.orders.tellings import moment, telling

# The first sale was created on 3 November, 14:05.
FIRST = "2026-11-03T14:05:12Z"
SECOND = "2026-11-07T09:30:00Z"
AT, LATER = "2026-11-07T10:00:00Z", "2026-11-07T12:00:00Z"
ERNESTO = {
    "full_name": "Ernesto Villa Díaz",
    "phone": 3125550199,
    "documentType": "CC",
    "documentNumber": "1051721977",
}
LUZ = telling()["customer"]
LICUADORA = [
    {"id_product": 7, "id_variant": 71, "sku": "LIC-1", "name": "Licuadora", "quantity": 1,
     "price": 139900}
]  # fmt: skip
TERMO = telling()["order_items"]
TOTAL = {"total": 139900, "currency": "COP", "payment_method": "cod"}


def sales() -> list[Order]:
    return list(Order.objects.order_by("source_created_at", "pk"))


def buyers() -> list[str]:
    return [order.buyer_doc_number for order in sales()]


@pytest.fixture
def first(tell):
    return tell(8, "2026-11-04T10:00:00Z").order


@pytest.fixture
def twice(first, tell):
    tell(2, AT, date_created_order=SECOND, customer=ERNESTO, order_items=LICUADORA,
         order_transaction=TOTAL)  # fmt: skip
    return sales()


def test_another_buyer_and_other_lines_are_another_sale(twice):
    assert buyers() == ["52998117", "1051721977"]
    assert [order.occurrence for order in twice] == ["", "202611070930"]
    assert [order.status for order in twice] == ["delivered", "pending"]
    assert [order.lines.get().sku for order in twice] == ["TERMO-750-NEG", "LIC-1"]
    assert not any(order.may_be for order in twice)


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": ERNESTO},
        {"customer": {"full_name": "Ernesto Villa"}},
        {"customer": {"full_name": "E*** V***", "documentNumber": "10517*****"}},
        {"order_items": LICUADORA},
        {"order_items": [{**TERMO[0], "quantity": 1}]},
        {"order_items": [*TERMO, *LICUADORA]},
        {"customer": {**LUZ, "documentNumber": "1051721977", "full_name": "Luz Villa"}},
    ],
)
def test_another_buyer_or_other_lines_are_enough(first, tell, changes):
    assert tell(8, AT, date_created_order=SECOND, **changes).is_new
    assert len(sales()) == 2
    assert not any(order.may_be for order in sales())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"customer": {**LUZ, "full_name": "LUZ PEÑA AVILA"}},
        {"customer": {**LUZ, "full_name": "Luz Dary Peña", "documentNumber": ""}},
        {"customer": {**LUZ, "documentNumber": "52998118"}},
        {"order_items": [{**TERMO[0], "id_variant": None, "variant_name": ""}]},
        {"order_items": [{**TERMO[0], "quantity": 1}, {**TERMO[0], "quantity": 1}]},
    ],
)
@pytest.mark.parametrize("created", [SECOND, "2026-11-03T19:05:12Z", "2026-11-02T14:05:12Z"])
def test_the_same_buyer_and_lines_are_the_same_sale_by_another_clock(first, tell, changes, created):
    outcome = tell(8, AT, date_created_order=created, **changes)
    assert outcome.order.pk == first.pk
    assert len(sales()) == 1


@pytest.mark.parametrize("created", [FIRST, "2026-11-03T14:55:00Z", "2026-11-03T13:30:00Z"])
def test_a_correction_within_the_hour_is_of_the_same_sale(first, tell, created):
    tell(8, AT, date_created_order=created, customer=ERNESTO, order_items=LICUADORA)
    assert buyers() == ["1051721977"]


@pytest.mark.parametrize("created", ["2026-11-03", "2026-11-03T00:00:00Z", "2026-11-04"])
def test_a_day_without_a_time_may_be_any_moment_of_it(first, tell, created):
    tell(8, AT, date_created_order=created, customer=ERNESTO)
    assert buyers() == ["1051721977"]


def test_a_date_that_was_told_once_stays_a_date_of_its_sale(first, tell):
    tell(8, AT, date_created_order="2026-11-03T19:05:12Z")
    tell(8, LATER, date_created_order="2026-11-03T19:05:12Z", customer=ERNESTO)
    tell(8, "2026-11-07T13:00:00Z", date_created_order=FIRST, customer=ERNESTO)
    assert buyers() == ["1051721977"]


# --- Later events ------------------------------------------------------------------------------


def test_later_events_go_to_the_sale_whose_date_they_name(twice, tell):
    assert tell(8, LATER, date_created_order=SECOND, customer=ERNESTO).order == twice[1]
    assert tell(**bare(10, LATER, date_created_order=FIRST)).order == twice[0]
    assert [order.status for order in sales()] == ["returned", "delivered"]
    assert len(sales()) == 2


def bare(status, at, **changes):
    """An event that names neither its creation nor what was sold to whom."""
    left_out = dict.fromkeys(("date_created_order", "customer", "order_items"))
    return {"status": status, "at": at, **left_out, "order_transaction": {}} | changes


def test_events_that_name_no_date_go_to_the_newest_sale(twice, tell):
    assert tell(**bare(6, LATER)).order == twice[1]
    assert [order.status for order in sales()] == ["delivered", "in_transit"]


def test_events_that_name_no_date_but_the_first_buyer_go_to_the_first_sale(twice, tell):
    assert tell(**bare(10, LATER, customer=LUZ)).order == twice[0]
    assert tell(**bare(10, LATER, order_items=TERMO)).order == twice[0]
    assert buyers() == ["52998117", "1051721977"]


def test_an_old_event_without_date_is_of_the_sale_that_had_begun(twice, tell):
    assert tell(**bare(9, "2026-11-05T10:00:00Z")).order == twice[0]


def test_an_old_event_of_the_first_sale_that_comes_late_is_its_own(twice, tell):
    order = tell(6, "2026-11-03T20:00:00Z", received="9 10:00").order
    assert order == twice[0]
    assert (order.status, buyers()) == ("delivered", ["52998117", "1051721977"])


def test_the_older_sale_seen_second_has_its_own_row_too(tell):
    tell(8, AT, date_created_order=SECOND, customer=ERNESTO, order_items=LICUADORA)
    tell(8, "2026-11-04T10:00:00Z")
    assert buyers() == ["52998117", "1051721977"]
    assert [order.occurrence for order in sales()] == ["202611031405", ""]
    assert tell(**bare(10, LATER)).order.buyer_doc_number == "1051721977"


def test_any_order_of_arrival_leaves_the_same_two_sales(tell):
    ernesto = {"date_created_order": SECOND, "customer": ERNESTO, "order_items": LICUADORA}
    bodies = [
        (6, "2026-11-03T20:00:00Z", {}),
        (8, "2026-11-04T10:00:00Z", {}),
        (2, AT, ernesto),
        (8, LATER, ernesto),
    ]
    seen = set()
    for number, arrival in enumerate(itertools.permutations(bodies), 7000):
        for status, at, changes in arrival:
            tell(status, at, received="9 10:00", id_order=number, **changes)
        rows = Order.objects.filter(number=number).order_by("source_created_at")
        seen.add(repr([(one.status, one.rank_max, one.buyer_doc_number) for one in rows]))
    assert seen == {repr([("delivered", 8, "52998117"), ("delivered", 8, "1051721977")])}


def test_two_events_of_the_second_sale_at_once_make_one_row(first, tell, monkeypatch):
    """Who waits for the first sale's lock reads the number's rows as they were before."""
    body = {"date_created_order": SECOND, "customer": ERNESTO, "order_items": LICUADORA}
    place = number_twice.place

    def meanwhile(rows, told):
        monkeypatch.setattr(number_twice, "place", place)
        tell(2, AT, **body)
        return place(rows, told)

    monkeypatch.setattr(number_twice, "place", meanwhile)
    tell(8, LATER, **body)
    assert buyers() == ["52998117", "1051721977"]
    assert [order.status for order in sales()] == ["delivered", "delivered"]


def test_a_number_that_comes_three_times_is_three_sales(twice, tell):
    third = {"full_name": "Rosa Amelia Cano", "documentNumber": "1051721975"}
    tell(2, LATER, date_created_order="2026-11-07T11:30:00Z", customer=third)
    assert buyers() == ["52998117", "1051721977", "1051721975"]


# --- What cannot be known ----------------------------------------------------------------------

HIDDEN = [
    {"customer": None},
    {"customer": {"full_name": "E*** V***", "documentNumber": "529*****"}},
    {"customer": {"full_name": "Sin datos"}},
    {"order_items": None},
    {"customer": None, "order_items": None},
    {"order_items": [{**TERMO[0], "price": 99900}]},
    {"customer": {**LUZ, "documentNumber": "1051721977", "phone": None}},
]


@pytest.mark.parametrize("changes", HIDDEN)
def test_what_hides_its_buyer_or_its_lines_may_be_either(first, tell, changes):
    order = tell(8, AT, date_created_order=SECOND, **changes).order
    assert (order.pk != first.pk, order.may_be) == (True, first)
    first.refresh_from_db()
    assert (first.buyer_doc_number, first.lines.get().quantity) == ("52998117", 2)


def test_a_zone_that_was_read_wrong_is_no_doubt(first, tell):
    for created in ("2026-11-03T19:05:12Z", "2026-11-03T09:05:12Z"):
        assert tell(8, AT, date_created_order=created, customer=None, order_items=None).order == (
            first
        )


def test_the_doubt_ends_when_its_buyer_is_told(first, tell):
    row = tell(6, AT, date_created_order=SECOND, customer=None).order
    outcome = tell(8, LATER, date_created_order=SECOND, customer=ERNESTO)
    assert (outcome.order, outcome.order.may_be, outcome.others) == (row, None, ())
    assert buyers() == ["52998117", "1051721977"]


def test_told_to_be_the_same_after_all_it_counts_for_the_first(tell):
    first = tell(6, "2026-11-04T10:00:00Z").order
    row = tell(**bare(8, AT, date_created_order=SECOND)).order
    assert row.may_be == first
    outcome = tell(8, LATER, date_created_order=SECOND)
    assert (outcome.order, outcome.others) == (first, (row,))
    first.refresh_from_db()
    row.refresh_from_db()
    assert (first.status, first.rank_max, row.same_as) == ("delivered", 8, first)
    # From now on whatever names that date is of the first.
    assert tell(10, "2026-11-07T18:00:00Z", date_created_order=SECOND).order == first
    assert tell(**bare(9, "2026-11-07T19:00:00Z", date_created_order=SECOND)).order == first


def test_what_may_be_a_sale_that_was_told_anew_itself_counts_for_the_whole_sale(tell):
    first = tell(6, "2026-11-04T10:00:00Z").order
    covered = {"full_name": "L*** P***", "documentNumber": "529*****"}
    again = tell(6, AT, date_created_order=SECOND, customer=covered).order
    ahead = (moment("8 10:00") + timedelta(hours=5)).isoformat()
    third = tell(8, AT, date_created_order=ahead, customer=ERNESTO).order
    assert (again.may_be, third.may_be) == (first, again)
    tell(6, AT, date_created_order=SECOND)
    third = Order.objects.get(pk=third.pk)
    assert told_again.make_one(third, now=moment("8 11:00")) == first
    first.refresh_from_db()
    assert (first.status, first.rank_max) == ("delivered", 8)


def test_no_row_may_be_one_that_turned_out_to_be_another(tell):
    first = tell(6, "2026-11-04T10:00:00Z").order
    tell(**bare(6, AT, date_created_order=SECOND))
    tell(6, AT, date_created_order=SECOND)
    ahead = (moment("8 10:00") + timedelta(hours=5)).isoformat()
    assert tell(8, LATER, date_created_order=ahead, customer=ERNESTO).order.may_be == first


def test_a_wrong_clock_with_another_buyer_may_be_either(first, tell):
    ahead = (moment("8 10:00") + timedelta(hours=5)).isoformat()
    order = tell(8, AT, date_created_order=ahead, customer=ERNESTO).order
    assert order.may_be == first
    assert tell(8, LATER, date_created_order=ahead).order == first


def test_another_sale_that_never_names_its_creation_may_be_either(first, tell):
    order = tell(**bare(8, AT, customer=ERNESTO, order_items=LICUADORA)).order
    assert order.may_be == first
    assert tell(**bare(8, LATER, customer=ERNESTO)).order == order


# --- The order list ----------------------------------------------------------------------------


def row(created: str, **changes) -> ListRow:
    told = {"status": "delivered", "created_at": values.moment(created)}
    return ListRow(order_id="904417", **{**told, **changes})


def test_a_row_of_the_list_is_of_the_sale_whose_date_it_names(twice, integration):
    named = record_row(integration, row(SECOND), now=moment("8 10:00")).order
    assert named == twice[1]
    assert [order.status for order in sales()] == ["delivered", "delivered"]


def test_a_row_with_another_buyer_and_date_is_another_sale(first, integration):
    record_row(integration, row(SECOND, customer_name="Ernesto Villa"), now=moment("8 10:00"))
    assert [order.buyer_name for order in sales()] == ["Luz Dary Peña Ávila", "Ernesto Villa"]
    assert sales()[1].needs_detail
