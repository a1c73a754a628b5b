"""What emission and what follows it may look like: every word, every delay, every doubt."""

import time
from datetime import date, timedelta

import pytest
import requests

from .alegra_world import today, yesterday


def _stamp(alegra, *keys, **options):
    return alegra.call("POST", "/invoices/stamp", {"ids": list(keys)}, **options)


def _told(alegra, key):
    return _stamp(alegra, key).json()["data"][0]["message"]


def _read(alegra, key):
    return alegra.get(f"/invoices/{key}")


def _legal(alegra, key):
    return _read(alegra, key)["stamp"]["legalStatus"]


def _until(alegra, key, status):
    for _ in range(100):
        if _legal(alegra, key) == status:
            return
        time.sleep(0.02)
    raise AssertionError(_legal(alegra, key))


# What is said --------------------------------------------------------------------------


def test_rejection_names_any_rule_in_the_answer_and_in_the_stamp(alegra):
    rules = ["Regla: FAD09e, Rechazo: La fecha es otra", {"rule": "FAK61", "message": "Sin grupo"}]
    alegra.fault({"fault": "stamp_rejected", "body": rules})
    key = alegra.invoice()["id"]
    told = _told(alegra, key)
    assert "Regla: FAD09e, Rechazo: La fecha es otra; Regla: FAK61, Rechazo: Sin grupo" in told
    stamp = _read(alegra, key)["stamp"]
    assert stamp["errors"] == [
        "Regla: FAD09e, Rechazo: La fecha es otra",
        "Regla: FAK61, Rechazo: Sin grupo",
    ]
    alegra.switch(rejection_told="warnings", stamp_words="objects")
    stamp = _read(alegra, key)["stamp"]
    assert "errors" not in stamp
    assert [word["code"] for word in stamp["warnings"]] == ["FAD09e", "FAK61"]
    alegra.switch(rejection_told="answer")
    assert _read(alegra, key)["stamp"].get("errors") is None


def test_rejection_may_be_told_only_when_the_invoice_is_read(alegra):
    alegra.switch(rejection_told="read")
    alegra.fault({"fault": "stamp_rejected"})
    key = alegra.invoice()["id"]
    assert _told(alegra, key) == "La DIAN rechazó el documento."
    assert "FAK24" in _read(alegra, key)["stamp"]["errors"][0]


def test_rejected_invoice_may_keep_a_cufe_and_stay_open_with_its_number(alegra):
    alegra.switch(rejected_keeps_cufe=True, rejected_status="open")
    alegra.fault({"fault": "stamp_rejected", "times": 1})
    before = alegra.stock("101")
    key = alegra.invoice()["id"]
    _stamp(alegra, key)
    read = _read(alegra, key)
    assert len(read["stamp"]["cufe"]) == 96
    assert (read["status"], read["numberTemplate"]["fullNumber"]) == ("open", "FEHA1249")
    assert alegra.stock("101") == before - 1
    assert _stamp(alegra, key).json()["data"][0]["success"]
    assert _read(alegra, key)["numberTemplate"]["fullNumber"] == "FEHA1249"
    assert alegra.stock("101") == before - 1


def test_date_lines_and_contact_of_a_rejected_invoice_are_changed_under_its_id(alegra):
    alegra.switch(stamp_old_date="accepted")
    alegra.fault({"fault": "stamp_rejected", "times": 1})
    key = alegra.invoice(date=yesterday(), dueDate=yesterday())["id"]
    _stamp(alegra, key)
    alegra.switch(stamp_old_date="refused")
    body = {"date": today(), "dueDate": today(), "items": [alegra.line(price=12000)]}
    assert alegra.call("PUT", f"/invoices/{key}", body).status_code == 200
    contact = alegra.get("/contacts/151")
    contact |= {"nameObject": {"firstName": "Ana", "lastName": "Ruiz Peña"}}
    assert alegra.call("PUT", "/contacts/151", contact).status_code == 200
    assert alegra.call("PUT", f"/invoices/{key}", {"client": "151"}).status_code == 200
    assert _stamp(alegra, key).json()["data"][0]["success"]
    read = _read(alegra, key)
    assert (read["id"], read["date"], read["total"]) == (key, today(), 12000)
    assert "Ruiz Peña" in read["client"]["name"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "AEP1005: El certificado digital se encuentra vencido"),
        ({"code": "AEP6016", "message": "Falta el correo"}, "AEP6016: Falta el correo"),
        ("Algo que nadie vio [AEP9999]", "Algo que nadie vio [AEP9999]"),
    ],
)
def test_provider_refuses_with_any_code_and_nothing_is_kept(alegra, body, said):
    alegra.fault({"fault": "stamp_refused", **({"body": body} if body else {})})
    key = alegra.invoice()["id"]
    assert _told(alegra, key) == said
    read = _read(alegra, key)
    assert (read["status"], read["stamp"]) == ("draft", None)


def test_acceptance_may_come_with_any_observation(alegra):
    alegra.fault({"fault": "stamp_observed", "body": "Regla: RUT01, Notificación: El RUT"})
    key = alegra.invoice()["id"]
    assert _stamp(alegra, key).json()["data"][0]["success"]
    stamp = _read(alegra, key)["stamp"]
    assert stamp["legalStatus"] == "STAMPED_AND_ACCEPTED_WITH_OBSERVATIONS"
    assert stamp["warnings"][0] == "Regla: RUT01, Notificación: El RUT"


def test_bare_words_of_the_catalogue_may_be_used(alegra):
    alegra.switch(legal_status="bare", unstamped="pending")
    alegra.fault({"fault": "stamp_rejected", "times": 1})
    bad, good = alegra.invoice()["id"], alegra.invoice()["id"]
    assert _legal(alegra, good) == "PENDING"
    _stamp(alegra, bad, good)
    assert (_legal(alegra, bad), _legal(alegra, good)) == ("REJECTED", "ACCEPTED")


# When it is decided --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "status", "end"),
    [
        (None, "open", "STAMPED_AND_ACCEPTED"),
        ({"words": "Regla: FAZ09, Notificación: x"}, "open", "…_WITH_OBSERVATIONS"),
        ({"end": "rejected", "words": "Regla: FAD06, Rechazo: x"}, "draft", "STAMPED_AND_REJECTED"),
    ],
)
def test_what_waits_for_the_dian_ends_in_any_way(alegra, plan, status, end):
    before = alegra.stock("101")
    alegra.fault({"fault": "stamp_pending", "seconds": 0.2, **({"body": plan} if plan else {})})
    key = alegra.invoice()["id"]
    assert _stamp(alegra, key).json()["data"][0]["success"]
    assert _legal(alegra, key) == "STAMPED_AND_WAITING_RESPONSE"
    assert alegra.stock("101") == before - 1
    _until(alegra, key, end.replace("…", "STAMPED_AND_ACCEPTED"))
    assert _read(alegra, key)["status"] == status
    assert alegra.stock("101") == (before if status == "draft" else before - 1)


def test_silence_of_the_dian_may_hide_an_invoice_that_it_has(alegra):
    answer = "EPR503: La DIAN no respondió"
    alegra.fault({"fault": "stamp_pending", "seconds": 86400 * 3, "body": {"answer": answer}})
    key = alegra.invoice()["id"]
    told = _stamp(alegra, key).json()["data"][0]
    assert (told["success"], told["message"]) == (False, answer)
    assert _legal(alegra, key) == "STAMPED_AND_WAITING_RESPONSE"
    assert "AEP2011" in _told(alegra, key)


@pytest.mark.parametrize("fault", ["answer_lost_after_commit", "answer_cut"])
def test_emission_whose_answer_is_lost_has_happened(alegra, fault):
    alegra.fault({"fault": fault, "path": "/invoices/stamp", "times": 1})
    key = alegra.invoice()["id"]
    with pytest.raises(requests.RequestException):
        _stamp(alegra, key)
    assert _legal(alegra, key) == "STAMPED_AND_ACCEPTED"


def test_emission_may_happen_after_the_caller_has_left(alegra):
    alegra.fault({"fault": "late_commit", "path": "/invoices/stamp", "times": 1, "seconds": 0.2})
    key = alegra.invoice()["id"]
    with pytest.raises(requests.RequestException):
        _stamp(alegra, key, timeout=0.2)
    assert _read(alegra, key)["stamp"] is None
    for _ in range(100):
        if _read(alegra, key)["stamp"]:
            break
        time.sleep(0.05)
    assert _legal(alegra, key) == "STAMPED_AND_ACCEPTED"


def test_thirty_invoices_and_their_stamps_are_read_in_one_call(alegra):
    keys = [alegra.invoice()["id"] for _ in range(3)]
    _stamp(alegra, *keys[:2])
    rows = alegra.get(f"/invoices?id={','.join(keys)}&limit=30")
    stamps = {row["id"]: row["stamp"] and row["stamp"]["legalStatus"] for row in rows}
    assert stamps == {keys[0]: "STAMPED_AND_ACCEPTED", keys[1]: "STAMPED_AND_ACCEPTED"} | {
        keys[2]: None
    }


# What is missing -----------------------------------------------------------------------


def test_shortage_is_refused_at_emission_and_moves_nothing(alegra):
    some, many = alegra.stock("101"), alegra.stock("102")
    lines = [alegra.line("101"), alegra.line("102", quantity=int(many) + 1)]
    key = alegra.invoice(*lines)["id"]
    alegra.switch(negative_stock="refused")
    told = _stamp(alegra, key).json()["data"][0]
    assert not told["success"]
    assert "No hay unidades suficientes" in told["message"]
    read = _read(alegra, key)
    assert (read["status"], "number" in read["numberTemplate"]) == ("draft", False)
    assert (alegra.stock("101"), alegra.stock("102")) == (some, many)
    alegra.switch(stock_refusal="bare")
    assert _told(alegra, key) == "La cantidad ingresada supera la cantidad disponible"


def test_unit_of_the_item_counts_at_emission_or_that_of_the_line(alegra):
    item = alegra.post("/items", {"name": "Sin unidad", "price": 100, "type": "product"})["id"]
    key = alegra.invoice(alegra.line(item))["id"]
    assert _told(alegra, key) == "items.0.unit es requerido"
    unit = {"inventory": {"unit": "unit", "initialQuantity": 5, "unitCost": 1}}
    assert alegra.call("PUT", f"/items/{item}", unit).status_code == 200
    alegra.switch(stamp_unit="line")
    assert _told(alegra, key) == "items.0.unit es requerido"
    alegra.switch(stamp_unit="item")
    assert _told(alegra, key) == "La factura fue emitida"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "inactive"}, "inactiva"),
        ({"maxInvoiceNumber": 1248}, "agotada"),
        ({"endDate": yesterday()}, "vencida"),
    ],
)
def test_numbering_that_gives_no_number_stops_the_emission(alegra, change, words):
    key = alegra.invoice()["id"]
    template = _read(alegra, key)["numberTemplate"]["id"]
    assert alegra.call("PUT", f"/number-templates/{template}", change).status_code == 200
    told = _told(alegra, key)
    assert told.startswith("AEP6011: ")
    assert words in told
    alegra.switch(numbering_refusal="worded")
    told = _told(alegra, key)
    assert "AEP" not in told
    assert words in told


def test_number_that_another_invoice_has_is_the_providers_6009(alegra):
    body = {"name": "Manual", "documentType": "invoice", "isElectronic": True}
    manual = alegra.post("/number-templates", {**body, "prefix": "M", "autoincrement": False})
    chosen = {"numberTemplate": {"id": manual["id"], "prefix": "M", "number": "7"}}
    first, second = alegra.invoice(**chosen)["id"], alegra.invoice(**chosen)["id"]
    assert _told(alegra, first) == "La factura fue emitida"
    assert _told(alegra, second).startswith("AEP6009: ")


def test_closed_period_takes_no_invoice_and_no_payment(alegra):
    old = alegra.invoice(date=yesterday(), dueDate=today())["id"]
    other = alegra.invoice(date=yesterday(), dueDate=today(), status="open")
    alegra.switch(closed_until=yesterday())
    answer = alegra.refused("POST", "/invoices", alegra.document(date=yesterday()))
    assert "periodo contable" in answer.json()["message"]
    payment = {
        "date": yesterday(), "type": "in", "bankAccount": {"id": "3"},
        "invoices": [{"id": other["id"], "amount": 10}],
    }  # fmt: skip
    answer = alegra.refused("POST", "/payments", payment)
    assert "periodo contable" in answer.json()["message"]
    alegra.post("/payments", {**payment, "date": today()})
    alegra.refused("PUT", f"/invoices/{other['id']}", {"anotation": "x"})
    alegra.refused("POST", f"/invoices/{other['id']}/void")
    alegra.switch(stamp_old_date="accepted")
    assert "periodo contable" in _told(alegra, old)
    assert alegra.call("PUT", f"/invoices/{old}", {"date": today()}).status_code == 200
    assert _told(alegra, old) == "La factura fue emitida"


def test_closed_until_is_a_day_or_nothing(alegra):
    wrong = alegra.control("switches", {"facts": {"closed_until": "ayer"}})
    assert wrong.status_code == 400
    alegra.switch(closed_until=(date.today() - timedelta(days=1)).isoformat())
    alegra.switch(closed_until=None)


# What is paid and copied ---------------------------------------------------------------


def test_lists_of_payments_may_hide_observations_and_invoices_the_ids_of_payments(alegra):
    invoice = alegra.invoice(status="open")
    body = {
        "date": today(), "type": "in", "bankAccount": {"id": "3"}, "observations": "R [MS1-P]",
        "invoices": [{"id": invoice["id"], "amount": 10}],
    }  # fmt: skip
    key = alegra.post("/payments", body)["id"]
    assert alegra.get("/payments")[0]["observations"] == "R [MS1-P]"
    assert _read(alegra, invoice["id"])["payments"][0]["id"] == key
    alegra.switch(payment_rows_have_observations=False, invoice_payment_ids=False)
    assert "observations" not in alegra.get("/payments")[0]
    assert alegra.get(f"/payments/{key}")["observations"] == "R [MS1-P]"
    assert "id" not in _read(alegra, invoice["id"])["payments"][0]


def test_copy_of_an_invoice_is_a_draft_of_today_with_its_observations(alegra):
    origin = alegra.invoice(observations="Pedido 1 [MS1-AAAA]")
    _stamp(alegra, origin["id"])
    copy = alegra.clone(origin["id"])
    assert copy["id"] != origin["id"]
    assert (copy["status"], copy["stamp"], copy["date"]) == ("draft", None, today())
    assert (copy["observations"], copy["total"]) == ("Pedido 1 [MS1-AAAA]", origin["total"])
    assert [one["_marker"] for one in alegra.ledger()["invoices"]] == ["[MS1-AAAA]"] * 2
    missing = alegra.control("copies", {"nit": alegra.made["nit"], "invoice": "no"})
    assert missing.status_code == 400
