"""Payments, bank accounts and credit notes."""

import pytest

from .alegra_world import today


def _payment(invoice, amount, **more):
    return {
        "date": today(),
        "type": "in",
        "bankAccount": {"id": "3"},
        "client": {"id": "151"},
        "paymentMethod": "transfer",
        "invoices": [{"id": invoice["id"], "amount": amount}],
        **more,
    }


def test_payments_close_an_invoice_and_voiding_opens_it_again(alegra):
    invoice = alegra.invoice(status="open")
    first = alegra.post("/payments", _payment(invoice, 4000, observations="R [MS1-PPPP]"))
    assert first["bankAccount"]["name"] == "Billetera Mastershop"
    alegra.post("/payments", _payment(invoice, 6000))
    read = alegra.get(f"/invoices/{invoice['id']}")
    assert (read["status"], read["balance"], len(read["payments"])) == ("closed", 0, 2)
    alegra.post(f"/payments/{first['id']}/void")
    read = alegra.get(f"/invoices/{invoice['id']}")
    assert (read["status"], read["balance"]) == ("open", 4000)
    ledger = alegra.ledger()["payments"]
    assert [one["_marker"] for one in ledger] == ["[MS1-PPPP]", None]
    assert ledger[0]["status"] == "void"


def test_drafts_cannot_be_paid_nor_more_than_the_balance(alegra):
    alegra.refused("POST", "/payments", _payment(alegra.invoice(), 10))
    alegra.refused("POST", "/payments", _payment(alegra.invoice(status="open"), 10000.01))
    assert alegra.get("/payments") == []


@pytest.mark.parametrize(
    "change",
    [
        {"bankAccount": {"id": "99"}},
        {"bankAccount": {"id": "5"}},  # inactive
        {"paymentMethod": "CASH"},
        {"type": "sideways"},
        {"client": {"id": "152"}},
        {"invoices": []},
    ],
)
def test_wrong_payments_are_refused(alegra, change):
    invoice = alegra.invoice(status="open")
    alegra.refused("POST", "/payments", {**_payment(invoice, 10), **change})


def test_paid_invoice_cannot_be_voided(alegra):
    invoice = alegra.invoice(status="open")
    alegra.post("/payments", _payment(invoice, 10))
    alegra.refused("POST", f"/invoices/{invoice['id']}/void")


def test_money_moves_between_accounts(alegra):
    alegra.post("/bank-accounts/1/transfer", {"idDestination": "2", "amount": 500, "date": today()})
    balances = {one["id"]: one["balance"] for one in alegra.get("/bank-accounts")}
    assert (balances["1"], balances["2"]) == (-500, 500)


def _note(alegra, invoice, **more):
    return {
        "date": today(),
        "client": {"id": "151"},
        "items": [alegra.line()],
        "invoices": [{"id": invoice["id"], "amount": 10000}],
        **more,
    }


def test_credit_note_of_a_return_brings_stock_back_and_settles_the_invoice(alegra):
    before = alegra.stock("101")
    invoice = alegra.invoice(status="open")
    kind = {"type": "VOID_ELECTRONIC_INVOICE", "cause": "Devolución total"}
    note = alegra.post("/credit-notes", _note(alegra, invoice, **kind))
    assert alegra.stock("101") == before
    assert alegra.get(f"/invoices/{invoice['id']}")["balance"] == 0
    assert alegra.ledger()["credit_notes"][0]["id"] == note["id"]
    alegra.refused("POST", "/credit-notes", _note(alegra, invoice, **kind))


def test_electronic_credit_note_needs_type_and_cause(alegra):
    invoice = alegra.invoice(status="open")
    answer = alegra.refused("POST", "/credit-notes", _note(alegra, invoice))
    assert answer.json()["code"] == 9070
