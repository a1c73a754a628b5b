"""What an invoice must have, what becomes of it, and what it may not become."""

import pytest

from .alegra_world import today


def test_without_status_or_payment_it_is_a_draft_without_number(alegra):
    invoice = alegra.invoice(observations="Pedido 5 [MS1-QQQQ]")
    assert invoice["status"] == "draft"
    assert "number" not in invoice["numberTemplate"]
    assert alegra.ledger()["invoices"][0]["_marker"] == "[MS1-QQQQ]"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dueDate": None}, 3007),
        ({"client": {"name": "Ana"}}, 3003),
        ({"client": {"id": "9999"}}, 400),
        ({"client": {"id": "161"}}, 400),  # inactive
        ({"items": []}, 400),
        ({"items": [{"price": 1, "quantity": 1}]}, 3065),
        ({"items": [{"id": "999999", "price": 1, "quantity": 1}]}, 404),
        ({"items": [{"id": "101", "price": 1, "quantity": 0}]}, 400),
        ({"items": [{"id": "101", "quantity": 1}]}, 400),
        ({"warehouse": {"id": "77"}}, 400),
        ({"seller": {"id": "77"}}, 400),
        ({"costCenter": "77"}, 400),
        ({"numberTemplate": {"id": "16"}}, 400),
        ({"dueDate": "2020-01-01"}, 400),
        ({"date": "22/11/2026"}, 400),
        ({"observations": "x" * 501}, 400),
        ({"paymentForm": None}, 400),
        ({"paymentMethod": None}, 400),
        ({"priceList": {"id": "77"}}, 400),
        ({"paymentForm": "CASH", "paymentMethod": "cash"}, 400),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing_behind(alegra, change, code):
    answer = alegra.refused("POST", "/invoices", {**alegra.document(), **change})
    body = answer.json()
    inner = body["error"] if isinstance(body.get("error"), dict) else body
    assert (answer.status_code, inner["code"]) == (400, code)
    assert alegra.get("/invoices") == []


def test_parents_of_variants_and_inactive_items_are_no_lines(alegra):
    parent = alegra.item_of_type("variantParent")
    inactive = alegra.get("/items?status=inactive&limit=1")[0]
    for item in (parent, inactive):
        alegra.refused("POST", "/invoices", alegra.document(alegra.line(item["id"])))
    variant = parent["itemVariants"][0]["id"]
    assert alegra.invoice(alegra.line(variant))["items"][0]["id"] == variant


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("sellers", "seller"),
        ("cost-centers", "costCenter"),
        ("number-templates", "numberTemplate"),
        ("warehouses", "warehouse"),
    ],
)
def test_a_choice_that_is_inactive_is_refused_where_the_fact_says_so(alegra, kind, field):
    question = "?documentType=invoice" if kind == "number-templates" else ""
    chosen = next(row for row in alegra.get(f"/{kind}{question}") if row["status"] == "active")
    named = {field: {"id": chosen["id"]}}
    alegra.call("PUT", f"/{kind}/{chosen['id']}", {"status": "inactive"})
    alegra.refused("POST", "/invoices", {**alegra.document(), **named})
    alegra.switch(inactive_choices="accepted")
    assert alegra.invoice(**named)


@pytest.mark.parametrize("status", [400, 404])
def test_a_choice_that_is_gone_is_refused_with_the_status_of_the_fact(alegra, status):
    alegra.switch(gone_choice_status=status)
    for named in ({"seller": "77"}, {"costCenter": "77"}, {"numberTemplate": "77"}):
        answer = alegra.refused("POST", "/invoices", {**alegra.document(), **named})
        assert answer.status_code == status


def test_inactive_items_are_sold_where_the_fact_says_so_and_never_credited(alegra):
    alegra.switch(inactive_items="accepted")
    inactive = alegra.get("/items?status=inactive&limit=1")[0]
    sold = alegra.invoice(alegra.line(inactive["id"]), status="open")
    note = {
        **alegra.document(alegra.line(inactive["id"])),
        "type": "VOID_ELECTRONIC_INVOICE", "cause": "x", "client": sold["client"],
        "invoices": [{"id": sold["id"], "amount": sold["total"]}],
    }  # fmt: skip
    assert alegra.refused("POST", "/credit-notes", note).json()["code"] == 9053


def test_open_takes_the_next_number_and_moves_stock_of_its_warehouse(alegra):
    before = alegra.stock("101", "2")
    one = alegra.invoice(alegra.line(quantity=3), status="open", warehouse={"id": "2"})
    two = alegra.invoice(status="open")
    assert one["numberTemplate"]["fullNumber"] == "FEHA1249"
    assert two["numberTemplate"]["fullNumber"] == "FEHA1250"
    assert alegra.stock("101", "2") == before - 3
    assert alegra.ledger()["invoices"][0]["_stock"] == [
        {"item": "101", "warehouse": "2", "delta": "-3"}
    ]


def test_draft_moves_stock_only_where_the_fact_says_so(alegra):
    before = alegra.stock("101")
    alegra.invoice()
    assert alegra.stock("101") == before
    alegra.switch(draft_moves_stock=True)
    draft = alegra.invoice()
    assert alegra.stock("101") == before - 1
    assert alegra.call("DELETE", f"/invoices/{draft['id']}").status_code == 200
    assert alegra.stock("101") == before


def test_kit_moves_its_components(alegra):
    kit = alegra.item_of_type("kit")
    part = kit["subitems"][0]["item"]["id"]
    before = alegra.stock(part)
    alegra.invoice(alegra.line(kit["id"], quantity=2), status="open")
    assert alegra.stock(part) == before - 2


def test_negative_stock_can_be_forbidden(alegra):
    alegra.switch(negative_stock="refused")
    body = alegra.document(alegra.line(quantity=5000), status="open")
    alegra.refused("POST", "/invoices", body)
    assert alegra.get("/invoices") == []
    alegra.switch(negative_stock="allowed")
    alegra.post("/invoices", body)
    assert alegra.stock("101") < 0


def test_only_drafts_are_deleted_and_deleted_ones_stay_in_the_ledger(alegra):
    draft, opened = alegra.invoice(), alegra.invoice(status="open")
    alegra.refused("DELETE", f"/invoices/{opened['id']}")
    assert alegra.call("DELETE", f"/invoices/{draft['id']}").status_code == 200
    assert alegra.refused("GET", f"/invoices/{draft['id']}").status_code == 404
    kept = {one["id"]: one["_deleted_at"] for one in alegra.ledger()["invoices"]}
    assert kept[draft["id"]]
    assert kept[opened["id"]] is None


def test_void_gives_stock_back_and_open_takes_it_again(alegra):
    before = alegra.stock("101")
    invoice = alegra.invoice(status="open")
    assert alegra.post(f"/invoices/{invoice['id']}/void")["status"] == "void"
    assert alegra.stock("101") == before
    assert alegra.post(f"/invoices/{invoice['id']}/open")["status"] == "open"
    assert alegra.stock("101") == before - 1


def test_open_on_a_draft_or_only_by_put(alegra):
    one, two = alegra.invoice(), alegra.invoice()
    assert alegra.post(f"/invoices/{one['id']}/open")["status"] == "open"
    alegra.switch(open_on_draft=False)
    alegra.refused("POST", f"/invoices/{two['id']}/open")
    changed = alegra.call("PUT", f"/invoices/{two['id']}", {"status": "open"}).json()
    assert changed["status"] == "open"


def test_edit_leaves_what_is_absent_and_clears_what_is_null(alegra):
    invoice = alegra.invoice(seller={"id": "1"}, costCenter={"id": "1"}, observations="antes")
    changed = alegra.call("PUT", f"/invoices/{invoice['id']}", {"seller": None}).json()
    assert changed["seller"] is None
    assert changed["observations"] == "antes"
    assert changed["costCenter"]["id"] == "1"
    changed = alegra.call(
        "PUT", f"/invoices/{invoice['id']}", {"items": [alegra.line(price=500)]}
    ).json()
    assert changed["total"] == 500


def test_payments_at_creation_open_and_close_it(alegra):
    payment = {
        "date": today(),
        "account": {"id": "3"},
        "amount": 10000,
        "paymentMethod": "transfer",
    }
    invoice = alegra.invoice(payments=[payment])
    assert (invoice["status"], invoice["balance"]) == ("closed", 0)
    assert invoice["payments"][0]["amount"] == 10000
    too_much = alegra.document(payments=[{**payment, "amount": 10001}])
    alegra.refused("POST", "/invoices", too_much)
    assert len(alegra.get("/invoices")) == 1


def test_expired_and_exhausted_numberings_give_no_number(alegra):
    expired = alegra.document(numberTemplate={"id": "9"}, status="open")
    assert "vencida" in alegra.refused("POST", "/invoices", expired).json()["message"]
    alegra.call("PUT", "/number-templates/12", {"maxInvoiceNumber": 1248})
    body = alegra.document(status="open")
    assert "agotada" in alegra.refused("POST", "/invoices", body).json()["message"]


def test_manual_number_is_given_once(alegra):
    body = alegra.document(
        numberTemplate={"id": "15", "prefix": "MP", "number": "7"}, status="open"
    )
    assert alegra.post("/invoices", body)["numberTemplate"]["fullNumber"] == "MP7"
    alegra.refused("POST", "/invoices", body)
    assert len(alegra.get("/invoices?numberTemplate_fullNumber=MP7")) == 1


def test_omitted_tax_is_none_or_the_items_own(alegra):
    line = {"id": "101", "price": 1000, "quantity": 1}
    assert alegra.invoice(line)["total"] == 1000
    alegra.switch(tax_omitted="item")
    assert alegra.invoice(line)["total"] == 1190


def test_warehouse_can_be_lost(alegra):
    alegra.switch(warehouse_kept=False)
    assert alegra.invoice(warehouse={"id": "2"})["warehouse"]["id"] == "1"


def test_answers_may_name_no_warehouse(alegra):
    alegra.switch(warehouse_shown=False)
    made = alegra.invoice(warehouse={"id": "2"})
    assert made["warehouse"] is None
    assert alegra.get(f"/invoices/{made['id']}")["warehouse"] is None
    assert alegra.remission(warehouse={"id": "2"})["warehouse"] is None
    alegra.switch(warehouse_shown=True)
    assert alegra.get(f"/invoices/{made['id']}")["warehouse"]["id"] == "2"


def test_invoice_of_a_remission_closes_it_and_moves_stock_once(alegra):
    before = alegra.stock("101")
    remission = alegra.remission()
    invoice = alegra.invoice(status="open", remissions=[{"id": remission["id"]}])
    assert alegra.get(f"/remissions/{remission['id']}")["status"] == "closed"
    assert invoice["items"][0]["remission"] == {"id": remission["id"]}
    assert alegra.stock("101") == before - 1
    alegra.refused("DELETE", f"/remissions/{remission['id']}")
    alegra.refused("POST", "/invoices", alegra.document(remissions=[remission["id"]]))


def test_post_may_answer_200(alegra):
    alegra.switch(post_status=200)
    assert alegra.call("POST", "/invoices", alegra.document()).status_code == 200


def test_files_are_named_only_when_asked_for(alegra):
    invoice = alegra.invoice()
    assert "pdf" not in alegra.get(f"/invoices/{invoice['id']}")
    assert alegra.get(f"/invoices/{invoice['id']}?fields=pdf")["pdf"].startswith("http")


def test_email_goes_to_addresses_only(alegra):
    invoice = alegra.invoice()
    alegra.post(f"/invoices/{invoice['id']}/email", {"emails": ["ana@example.com"]})
    alegra.refused("POST", f"/invoices/{invoice['id']}/email", {"emails": []})


def test_the_line_of_an_invoice_never_tells_its_reference(alegra):
    reference = alegra.get("/items/101")["reference"]
    made = alegra.invoice(alegra.line(reference="OTRA"))
    assert reference
    assert alegra.get(f"/invoices/{made['id']}")["items"][0]["reference"] is None
    assert alegra.get("/invoices")[0]["items"][0]["reference"] is None
    assert alegra.remission()["items"][0]["reference"] == reference
