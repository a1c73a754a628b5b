"""Finding documents again: by their day, their client, their number."""

from __future__ import annotations

import pytest

from integrations.alegra import invoices, payments, remissions
from integrations.alegra.errors import OutcomeUnknown
from tests.alegra.answers import DAY, MARKER, UUID, invoice, remission


def test_the_look_up_asks_for_the_day_and_nothing_else(alegra, client):
    alegra.get("/invoices", json={"metadata": {"total": 1}, "data": [invoice()]})
    (found,) = invoices.on_day(client, DAY)
    assert MARKER in found.observations
    assert alegra.calls[0].request.params == {
        "date": "2026-11-20",
        "order_field": "date",
        "order_direction": "DESC",
        "start": "0",
        "limit": "30",
        "metadata": "true",
    }


def test_the_look_up_drops_rows_of_another_day_when_the_filter_is_ignored(alegra, client):
    alegra.get("/invoices", json=[invoice(), invoice(id="2", date="2026-11-19")])
    assert [each.id for each in invoices.on_day(client, DAY)] == ["5821"]


@pytest.mark.parametrize("kind", [invoices, remissions])
def test_what_a_filter_contains_is_not_what_was_asked_for(alegra, client, kind):
    """Alegra's filters find 154 in 1540, and FE31 in FE318."""
    path = f"/{kind.__name__.rpartition('.')[2]}"
    others = invoice(id="2", client={"id": "1540"}, numberTemplate={"fullNumber": "FE3180"})
    alegra.get(path, json={"data": [others, invoice()]})
    assert [each.id for each in kind.of_client(client, "154", most=90)] == ["5821"]
    alegra.get(path, json={"data": [others, invoice()]})
    assert [each.id for each in kind.with_number(client, "fe318")] == ["5821"]


@pytest.mark.parametrize("kind", [invoices, remissions])
def test_a_short_id_does_not_read_a_whole_account(alegra, client, kind):
    path = f"/{kind.__name__.rpartition('.')[2]}"
    for start in range(0, 120, 30):
        page = [invoice(id=str(start + n), client={"id": "1540"}) for n in range(30)]
        alegra.get(path, json={"data": page, "metadata": {"total": 5000}})
    assert kind.of_client(client, "1", most=90) == ()
    assert len(alegra.calls) == 3


@pytest.mark.parametrize("kind", [invoices, remissions])
def test_a_number_is_also_asked_for_as_it_was_typed(alegra, client, kind):
    path = f"/{kind.__name__.rpartition('.')[2]}"
    alegra.get(path, json={"data": [invoice(numberTemplate={"fullNumber": "FE-318"})]})
    alegra.get(path, json={"data": []})
    assert [each.number for each in kind.with_number(client, "fe-318")] == ["FE-318"]
    asked = [value for call in alegra.calls for value in call.request.params.values()]
    assert {"FE-318", "FE318"} <= set(asked)


def test_too_many_like_a_number_prove_nothing(alegra, client):
    page = [invoice(id=str(n)) for n in range(30)]
    alegra.get("/invoices", json={"data": page, "metadata": {"total": 112}})
    with pytest.raises(OutcomeUnknown):
        invoices.with_number(client, "FE31")


def test_remissions_of_a_day_are_looked_up_by_date_only(alegra, client):
    alegra.get("/remissions", json=[remission(), remission(id="2", date="2026-11-19")])
    assert [each.id for each in remissions.on_day(client, DAY)] == [UUID]
    assert alegra.calls[0].request.params["date"] == "2026-11-20"
    assert "number" not in alegra.calls[0].request.params


# --- Since a day -----------------------------------------------------------------------------

PATHS = {invoices: "/invoices", remissions: "/remissions", payments: "/payments"}
of_each_list = pytest.mark.parametrize("kind", list(PATHS))


def dated(days, first=0):
    """Rows of these days of November, in this order."""
    return [
        {"id": str(first + n), "date": f"2026-11-{day:02d}", "type": "in"}
        for n, day in enumerate(days)
    ]


def pages_of(alegra, path, rows):
    """The list as Alegra gives it page by page; each page begins with the last row of the one
    before."""
    for start in range(0, max(1, len(rows) - 1), 29):
        page = rows[start : start + 30]
        alegra.get(path, json={"data": page, "metadata": {"total": len(rows)}})


@of_each_list
def test_since_a_day_the_list_is_read_to_the_first_older_row(alegra, client, kind):
    pages_of(alegra, PATHS[kind], dated([25, 22, 20, 20] + [18] * 96))
    found = list(kind.since(client, DAY))
    assert [each.id for each in found] == ["0", "1", "2", "3"]
    assert len(alegra.calls) == 1


@of_each_list
def test_since_a_day_comes_all_of_it_however_many_pages_it_takes(alegra, client, kind):
    pages_of(alegra, PATHS[kind], dated([21] * 70 + [20] * 5 + [19] * 90))
    assert len(list(kind.since(client, DAY))) == 75
    assert len(alegra.calls) == 3


@of_each_list
def test_a_list_that_comes_in_another_order_is_read_to_its_end(alegra, client, kind):
    """Alegra ignores an order that it does not know: an older row on top proves nothing."""
    pages_of(alegra, PATHS[kind], dated([18] * 31 + [19] * 40 + [20, 23]))
    assert [each.id for each in kind.since(client, DAY)] == ["71", "72"]


@of_each_list
def test_a_row_without_a_date_is_never_left_out(alegra, client, kind):
    undated = {"id": "7", "type": "in"}
    alegra.get(PATHS[kind], json=[undated, *dated([20, 18], first=30)])
    assert [each.id for each in kind.since(client, DAY)] == ["7", "30"]


def test_only_invoices_are_filtered_by_a_range_of_days(alegra, client):
    alegra.get("/invoices", json=[])
    alegra.get("/remissions", json=[])
    assert not list(invoices.since(client, DAY))
    assert not list(remissions.since(client, DAY))
    of_invoices, of_remissions = (call.request.params for call in alegra.calls)
    assert of_invoices["date_afterOrNow"] == "2026-11-20"
    assert set(of_remissions) == {"start", "limit", "metadata"}
