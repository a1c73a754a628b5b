"""Pages, filters and order of lists, and the many shapes of one value."""

from decimal import Decimal

from .alegra_world import today, yesterday


def test_more_than_thirty_is_an_error_and_which_status_depends_on_the_resource(alegra):
    for path, status in (("items", 400), ("contacts", 400), ("remissions", 400),
                         ("invoices", 404), ("payments", 404), ("estimates", 404)):  # fmt: skip
        answer = alegra.refused("GET", f"/{path}?limit=31")
        assert (answer.status_code, answer.json()["code"]) == (status, 903)


def test_pages_follow_each_other_without_metadata_as_a_bare_array(alegra):
    first = alegra.get("/items?limit=30")
    second = alegra.get("/items?start=30&limit=30")
    assert isinstance(first, list)
    assert len(first) == 30
    assert not {one["id"] for one in first} & {one["id"] for one in second}


def test_metadata_carries_the_total(alegra):
    answer = alegra.get("/items?metadata=true&limit=1")
    assert answer["metadata"]["total"] == 146
    assert len(answer["data"]) == 1


def test_unknown_filters_are_ignored(alegra):
    alegra.invoice(observations="uno")
    assert len(alegra.get("/invoices?observations=otra&purchaseOrderNumber=7")) == 1


def test_identification_reference_and_client_filters_match_what_they_contain(alegra):
    found = alegra.get("/contacts?identification=1020304")
    assert [one["identification"] for one in found] == ["1020304050", "102030405"]
    assert len(alegra.get("/items?reference=CAM-")) > 2
    alegra.invoice(client={"id": "151"})
    assert len(alegra.get("/invoices?client_id=15")) == 1


def test_invoices_are_found_by_their_exact_date_in_every_state(alegra):
    alegra.invoice(date=yesterday(), dueDate=today())
    draft = alegra.invoice()
    void = alegra.invoice(status="open")
    alegra.post(f"/invoices/{void['id']}/void")
    path = f"/invoices?date={today()}&order_field=date&order_direction=DESC&limit=30&metadata=true"
    rows = alegra.get(path)["data"]
    assert {row["id"] for row in rows} == {draft["id"], void["id"]}
    assert len(alegra.get(f"/invoices?date_before={today()}")) == 1
    assert len(alegra.get("/invoices?status=void,open")) == 1


def test_ids_filter_makes_the_others_silent(alegra):
    one, two = alegra.invoice(), alegra.invoice()
    alegra.invoice()
    rows = alegra.get(f"/invoices?id={one['id']},{two['id']}&status=void")
    assert [row["id"] for row in rows] == [one["id"], two["id"]]
    assert alegra.call("GET", "/invoices?id=" + ",".join(["1"] * 31)).status_code == 400


def test_remissions_come_newest_first_and_numbers_compare_by_digits(alegra):
    old = alegra.remission(date=yesterday())
    new = alegra.remission()
    assert [row["id"] for row in alegra.get("/remissions?order_field=date")] == [
        new["id"],
        old["id"],
    ]
    assert alegra.get(f"/remissions?number=R-00{old['number']}")[0]["id"] == old["id"]


def test_lists_can_lack_observations_while_the_single_read_has_them(alegra):
    alegra.switch(list_has_observations=False)
    made = alegra.invoice(observations="Pedido 9 [MS1-BBBB]")
    assert "observations" not in alegra.get("/invoices")[0]
    assert alegra.get(f"/invoices/{made['id']}")["observations"] == "Pedido 9 [MS1-BBBB]"


def test_mixed_ids_are_texts_numbers_and_uuids_and_all_of_them_can_be_sent_back(alegra):
    alegra.switch(ids="mixed")
    items = [
        row for start in (0, 30, 60) for row in alegra.get(f"/items?start={start}&type=product")
    ]
    kinds = {int if isinstance(one["id"], int) else len(one["id"]) > 30 for one in items}
    assert kinds == {int, True, False}
    for wanted in kinds:
        item = next(
            one["id"]
            for one in items
            if (int if isinstance(one["id"], int) else len(one["id"]) > 30) == wanted
            and one["status"] == "active"
        )
        assert alegra.invoice(alegra.line(item))["items"][0]["id"] == item
    assert len(alegra.remission()["id"]) == 36
    assert str(alegra.invoice()["id"]).isdigit()


def test_mixed_money_is_number_text_and_text_with_ten_decimals(alegra):
    alegra.switch(money="mixed")
    totals = [alegra.invoice(alegra.line(price=100.5))["total"] for _ in range(30)]
    assert {type(total) for total in totals} >= {str}
    assert {"100.5", "100.5000000000", 100.5} == set(totals)
    assert {Decimal(str(total)) for total in totals} == {Decimal("100.5")}


def test_number_template_and_cost_center_take_turns_as_object_and_array(alegra):
    alegra.switch(ids="mixed")
    made = [alegra.invoice(costCenter={"id": "1"}) for _ in range(20)]
    for name in ("numberTemplate", "costCenter"):
        assert {type(one[name]) for one in made} == {dict, list}
