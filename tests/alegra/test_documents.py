"""Invoices, remissions, payments and credit notes: typed in, typed out."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.alegra import credit_notes, invoices, payments, remissions
from integrations.alegra.errors import NotFound, OutcomeUnknown, PlanExcludes, Rejected
from tests.alegra.answers import DAY, MARKER, UUID, invoice, remission


def test_a_created_invoice_comes_back_typed(alegra, client):
    alegra.post("/invoices", json=invoice(), status=201)
    made = invoices.create(client, {"client": {"id": "154"}})
    assert alegra.sent() == ("POST /invoices", {"client": {"id": "154"}})
    assert (made.id, made.kind, made.status, made.number) == (
        "5821",
        "invoice",
        "draft",
        "FE318",
    )
    assert (made.date, made.due_date) == (DAY, date(2026, 11, 21))
    assert (made.total, made.tax, made.balance) == (
        Decimal("112000.01"),
        Decimal("15966.39"),
        Decimal(112000),
    )
    assert (made.client_id, made.client_name) == ("154", "Ana Ruiz")
    assert (made.warehouse_id, made.seller_id, made.cost_center_id) == ("1", "3", "2")
    assert made.lines[0].price == Decimal("42016.81")
    assert made.lines[0].taxes[0].percentage == Decimal("19.00")
    assert (made.legal_status, made.cufe, made.legal_outcome) == (None, None, None)
    assert made.created == "2026-11-20 10:14:03"
    assert made.raw["id"] == "5821"


def test_no_buyer_is_shown_in_a_repr():
    assert "Ana" not in repr(invoices.from_row(invoice()))


@pytest.mark.parametrize("body", [{}, [], {"message": "ok"}, {"id": None}, {"id": ""}, "x"])
def test_a_creation_answered_without_an_id_is_unknown(alegra, client, body):
    alegra.post("/invoices", json=body, status=201)
    with pytest.raises(OutcomeUnknown) as caught:
        invoices.create(client, {})
    assert caught.value.call.method == "POST"


@pytest.mark.parametrize("body", [{"invoice": {"id": 7}}, {"data": {"id": "7"}}, [{"id": "7"}]])
def test_an_id_is_found_where_it_may_stand(alegra, client, body):
    alegra.post("/invoices", json=body)
    assert invoices.create(client, {}).id == "7"


@pytest.mark.parametrize("raw_id", [5821, "5821", UUID])
def test_ids_are_opaque_text(alegra, client, raw_id):
    alegra.get(f"/invoices/{raw_id}", json=invoice(id=raw_id))
    assert invoices.read(client, str(raw_id)).id == str(raw_id)


def test_a_bare_list_row_leaves_unknown_what_it_does_not_tell():
    row = invoices.from_row({"id": "1", "date": "2026-11-20", "total": 5})
    assert row.observations is None
    assert (row.number, row.balance, row.total_paid, row.tax) == (None, None, None, None)
    assert row.lines == ()


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ({"fullNumber": "FE318"}, "FE318"),
        ({"prefix": "FE", "number": 318}, "FE318"),
        ({"prefix": None, "number": "318"}, "318"),
        ({"prefix": "FE", "number": None}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_number_is_whole_or_none(template, number):
    assert invoices.from_row(invoice(numberTemplate=template)).number == number


def test_many_are_read_in_one_request(alegra, client):
    alegra.get("/invoices", json=[invoice(id="1"), invoice(id=2), invoice(id="99")])
    assert list(invoices.read_many(client, ["1", "2"])) == ["1", "2"]
    assert alegra.calls[0].request.params["id"] == "1,2"
    assert len(alegra.calls) == 1


def test_more_than_thirty_are_not_read_at_once_and_none_needs_no_request(alegra, client):
    with pytest.raises(ValueError, match="30"):
        invoices.read_many(client, [str(each) for each in range(31)])
    assert invoices.read_many(client, []) == {}
    assert not alegra.calls


def test_an_update_puts_exactly_what_is_given(alegra, client):
    alegra.put("/invoices/5821", json=invoice(date="2026-11-21"))
    changed = invoices.update(client, "5821", {"date": "2026-11-21"})
    assert changed.date == date(2026, 11, 21)
    assert alegra.sent() == ("PUT /invoices/5821", {"date": "2026-11-21"})


@pytest.mark.parametrize("receipt", [{"code": 200, "message": "ok"}, {"id": "5821"}, []])
def test_a_change_answered_by_a_receipt_is_done_but_carries_no_invoice(alegra, client, receipt):
    alegra.post("/invoices/5821/void", json=receipt)
    assert invoices.void(client, "5821", cause="Pedido cancelado") is None
    assert alegra.sent() == ("POST /invoices/5821/void", {"cause": "Pedido cancelado"})
    assert len(alegra.calls) == 1


def test_a_draft_is_opened_and_where_refused_put_open(alegra, client):
    alegra.post("/invoices/1/open", json=invoice(id="1", status="open"))
    assert invoices.open(client, "1").status == "open"
    alegra.post("/invoices/2/open", json={"message": "No está anulada"}, status=400)
    alegra.put("/invoices/2", json=invoice(id="2", status="open"))
    assert invoices.open(client, "2").status == "open"
    assert alegra.sent() == ("PUT /invoices/2", {"status": "open"})


def test_an_opening_that_may_have_happened_is_not_tried_another_way(alegra, client):
    alegra.post("/invoices/2/open", status=502)
    with pytest.raises(OutcomeUnknown):
        invoices.open(client, "2")
    assert len(alegra.calls) == 1


def test_a_deletion_answered_with_an_error_key_succeeded(alegra, client):
    alegra.delete("/invoices/5821", json={"error": "Fue eliminado", "code": 200})
    assert invoices.delete(client, "5821") is None


@pytest.mark.parametrize(
    "body",
    [
        [{"id": 5821, "stamp": {"legalStatus": "STAMPED_AND_REJECTED"}, "message": "FAJ43"}],
        {"data": [{"id": "5821", "legalStatus": "STAMPED_AND_REJECTED", "message": "FAJ43"}]},
        {"results": [{"invoice": {"id": "5821"}, "legalStatus": "STAMPED_AND_REJECTED",
                      "error": {"message": "FAJ43", "code": 9}}]},
    ],
)  # fmt: skip
def test_stamping_reports_what_it_can_recognise(alegra, client, body):
    alegra.post("/invoices/stamp", json=body)
    (report,) = [each for each in invoices.stamp(client, ["5821"]) if each.message]
    assert (report.id, report.legal_status, report.message) == (
        "5821",
        "STAMPED_AND_REJECTED",
        "FAJ43",
    )
    assert alegra.sent() == ("POST /invoices/stamp", {"ids": ["5821"]})


@pytest.mark.parametrize(
    ("told", "read"), [(True, True), (False, False), ("false", False), (None, None)]
)
def test_a_refused_stamping_is_told_within_a_200(alegra, client, told, read):
    row = {"id": "5821", "success": told, "message": "AEP6011: numeración vencida"}
    alegra.post("/invoices/stamp", json={"data": [row]})
    (report,) = invoices.stamp(client, ["5821"])
    assert (report.success, report.legal_status) == (read, None)
    assert report.message.startswith("AEP6011")


@pytest.mark.parametrize("body", [{"message": "ok"}, [], "done", [{"id": "99"}], 7])
def test_a_stamping_answer_nobody_knows_reports_nothing(alegra, client, body):
    alegra.post("/invoices/stamp", json=body)
    assert invoices.stamp(client, ["5821"]) == ()


@pytest.mark.parametrize("count", [0, 11])
def test_stamping_takes_one_to_ten(alegra, client, count):
    with pytest.raises(ValueError, match="10"):
        invoices.stamp(client, [str(each) for each in range(count)])
    assert not alegra.calls


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("STAMPED_AND_ACCEPTED", "accepted"),
        ("STAMPED_AND_ACCEPTED_WITH_OBSERVATIONS", "accepted"),
        ("accepted", "accepted"),
        ("STAMPED_AND_REJECTED", "rejected"),
        ("REJECTED", "rejected"),
        ("STAMPED_AND_WAITING_RESPONSE", "waiting"),
        ("PENDING", "waiting"),
        ("SOMETHING_NEW", None),
        (None, None),
    ],
)
def test_the_legal_words_mean_one_of_three(status, outcome):
    assert invoices.legal_outcome(status) == outcome


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ({"pdf": "https://files.example.com/1"}, "https://files.example.com/1"),
        ({"pdfUrl": "https://files.example.com/2"}, "https://files.example.com/2"),
        ({"pdf": {"url": "https://files.example.com/3"}}, "https://files.example.com/3"),
        ({"pdf": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)
def test_a_pdf_is_an_address_or_none(alegra, client, row, address):
    alegra.get("/invoices/1", json={"id": "1"} | row)
    assert invoices.pdf_url(client, "1") == address


def test_a_hostile_id_stays_in_its_path(alegra, client):
    alegra.get("/invoices/..%2Fcompany", json={"message": "no", "code": 404}, status=404)
    with pytest.raises(NotFound):
        invoices.read(client, "../company")


def test_a_remission_reads_like_an_invoice_without_tax(alegra, client):
    alegra.post("/remissions", json=remission(), status=201)
    made = remissions.create(client, {"client": {"id": "154"}})
    assert (made.id, made.kind, made.number, made.total) == (
        UUID,
        "remission",
        "77",
        Decimal("100000.01"),
    )
    assert (made.tax, made.balance, made.legal_status, made.cost_center_id) == (
        None,
        None,
        None,
        "",
    )


def test_a_remission_is_read_voided_reopened_and_deleted(alegra, client):
    path = f"/remissions/{UUID}"
    alegra.get(path, json=remission())
    alegra.post(f"{path}/void", json=remission(status="void"))
    alegra.post(f"{path}/open", json=remission())
    alegra.delete(path, json={"message": "Tiene facturas"}, status=400)
    assert remissions.read(client, UUID).id == UUID
    assert remissions.void(client, UUID).status == "void"
    assert remissions.open(client, UUID).status == "open"
    with pytest.raises(Rejected):
        remissions.delete(client, UUID)


def payment(**changes):
    row = {
        "id": "710",
        "number": "9",
        "date": "2026-11-21",
        "amount": "112000.0100000000",
        "type": "in",
        "status": "open",
        "paymentMethod": "transfer",
        "observations": MARKER,
        "bankAccount": {"id": "5"},
        "client": {"id": "154"},
        "numberTemplate": [{"id": "4"}],
        "invoices": [{"id": 5821, "amount": "112000.01"}],
    }
    return row | changes


def test_a_payment_is_created_read_and_voided(alegra, client):
    alegra.post("/payments", json=payment())
    made = payments.create(client, {"type": "in"})
    assert (made.amount, made.bank_account_id, made.number) == (Decimal("112000.01"), "5", "9")
    assert made.invoices == (payments.Applied("5821", Decimal("112000.01")),)
    alegra.post("/payments/710/void", json={"message": "ok"})
    assert payments.void(client, "710") is None
    alegra.get("/payments/710", json=payment(status="void"))
    assert payments.read(client, "710").status == "void"


def test_a_plan_without_banks_names_itself(alegra, client):
    alegra.post("/payments", json={"code": 907, "message": "Tu plan no lo permite"}, status=402)
    with pytest.raises(PlanExcludes) as caught:
        payments.create(client, {})
    assert caught.value.code == "907"


def test_payments_of_another_client_or_direction_are_dropped(alegra, client):
    mine, other = payment(), payment(id="2", client={"id": "1154"})
    alegra.get("/payments", json=[mine, other, payment(id="3", type="out")])
    assert [each.id for each in payments.every(client, client_id="154")] == ["710"]


def test_a_credit_note_is_created_and_listed(alegra, client):
    row = {
        "id": "31",
        "date": "2026-11-22",
        "status": "open",
        "type": "VOID_ELECTRONIC_INVOICE",
        "cause": "Devolución total",
        "total": "100000.01",
        "client": {"id": "154"},
        "stamp": {"legalStatus": "STAMPED_AND_ACCEPTED", "cufe": "ab12"},
        "invoices": [{"id": "5821", "amount": 100000.01}],
        "items": [{"id": "881", "price": 1, "quantity": 2}],
    }
    alegra.post("/credit-notes", json=row)
    alegra.get("/credit-notes", json=[row, row | {"id": "32", "client": {"id": "9"}}])
    alegra.get("/credit-notes/31", json=row)
    made = credit_notes.create(client, {"type": "VOID_ELECTRONIC_INVOICE"})
    assert (made.id, made.total, made.cufe) == ("31", Decimal("100000.01"), "ab12")
    assert made.invoices[0].invoice_id == "5821"
    assert [note.id for note in credit_notes.every(client, client_id="154")] == ["31"]
    assert credit_notes.read(client, "31") == made
