"""Emission: what it needs, what it changes, and every way it can go wrong."""

import time

import pytest

from .alegra_world import today, yesterday


@pytest.fixture(autouse=True)
def _told_as_invoices(alegra):
    alegra.switch(stamp_answer="invoices")


def _stamp(alegra, *keys):
    return alegra.call("POST", "/invoices/stamp", {"ids": list(keys)})


def _legal_status(alegra, key):
    stamp = alegra.get(f"/invoices/{key}").get("stamp")
    return stamp and stamp["legalStatus"]


def test_a_stamped_draft_is_open_numbered_accepted_and_immutable(alegra):
    key = alegra.invoice()["id"]
    answer = _stamp(alegra, key)
    assert answer.status_code == 200
    assert answer.json()["invoices"][0]["stamp"]["legalStatus"] == "STAMPED_AND_ACCEPTED"
    invoice = alegra.get(f"/invoices/{key}")
    assert (invoice["status"], invoice["numberTemplate"]["fullNumber"]) == ("open", "FEHA1249")
    assert len(invoice["stamp"]["cufe"]) == 96
    for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "/void")):
        assert alegra.call(method, f"/invoices/{key}{path}", {}).status_code == 400


def test_an_item_without_product_key_is_accepted_with_observations(alegra):
    item = next(one for one in alegra.get("/items?type=product") if not one["productKey"])
    key = alegra.invoice(alegra.line(item["id"]))["id"]
    _stamp(alegra, key)
    stamp = alegra.get(f"/invoices/{key}")["stamp"]
    assert stamp["legalStatus"] == "STAMPED_AND_ACCEPTED_WITH_OBSERVATIONS"
    assert stamp["warnings"][0].startswith("Regla: FAZ09, Notificación: ")
    alegra.switch(stamp_words="objects")
    assert alegra.get(f"/invoices/{key}")["stamp"]["warnings"][0]["code"] == "FAZ09"


def test_emitting_twice_is_refused_as_already_sent(alegra):
    key = alegra.invoice()["id"]
    _stamp(alegra, key)
    answer = _stamp(alegra, key)
    assert answer.status_code == 400
    assert "AEP2011" in answer.json()["message"]


def test_more_than_the_maximum_is_refused_whole(alegra):
    keys = [alegra.invoice()["id"] for _ in range(3)]
    alegra.switch(stamp_max=2)
    assert _stamp(alegra, *keys).status_code == 400
    assert [_legal_status(alegra, key) for key in keys] == [None] * 3


def test_only_the_day_of_the_invoice_emits_it_unless_the_fact_says_otherwise(alegra):
    key = alegra.invoice(date=yesterday(), dueDate=today())["id"]
    assert _stamp(alegra, key).status_code == 400
    assert alegra.get(f"/invoices/{key}")["status"] == "draft"
    alegra.switch(stamp_old_date="accepted")
    assert _stamp(alegra, key).status_code == 200


def test_expired_numbering_is_the_providers_6011(alegra):
    key = alegra.invoice(numberTemplate={"id": "9"})["id"]
    assert "AEP6011" in _stamp(alegra, key).json()["message"]


def test_plain_numbering_cannot_be_emitted(alegra):
    key = alegra.invoice(numberTemplate={"id": "11"})["id"]
    assert "AEP6008" in _stamp(alegra, key).json()["message"]


def test_failed_stamp_at_creation_leaves_a_draft_whose_data_is_in_the_refusal(alegra):
    alegra.fault({"fault": "stamp_failed_with_draft", "times": 8})
    places = set()
    for _ in range(8):
        body = alegra.document(stamp={"generateStamp": True})
        answer = alegra.refused("POST", "/invoices", body)
        shown = answer.json()
        spots = {"invoice": shown.get("invoice"), "data": shown.get("data"), "root": shown}
        spots["error"] = (shown.get("error") or {}).get("invoice")
        places |= {name for name, spot in spots.items() if spot and "id" in spot}
    assert places == {"invoice", "data", "root", "error"}
    assert [one["status"] for one in alegra.get("/invoices")] == ["draft"] * 8
    made = alegra.invoice(stamp={"generateStamp": True})
    assert made["stamp"]["legalStatus"] == "STAMPED_AND_ACCEPTED"


def test_rejection_uses_no_number_and_can_be_cured_under_the_same_id(alegra):
    alegra.fault({"fault": "stamp_rejected", "times": 1})
    key = alegra.invoice()["id"]
    _stamp(alegra, key)
    assert _legal_status(alegra, key) == "STAMPED_AND_REJECTED"
    assert alegra.get(f"/invoices/{key}")["status"] == "draft"
    assert alegra.call("PUT", f"/invoices/{key}", {"anotation": "corregida"}).status_code == 200
    assert _stamp(alegra, key).status_code == 200
    assert alegra.get(f"/invoices/{key}")["numberTemplate"]["fullNumber"] == "FEHA1249"


def test_group_can_be_refused_in_part(alegra):
    keys = [alegra.invoice()["id"] for _ in range(3)]
    alegra.fault({"fault": "stamp_rejected", "times": 1, "after": 1})
    answer = _stamp(alegra, *keys)
    assert answer.status_code == 200
    assert [one["code"] for one in answer.json()["invoices"]] == [200, 400, 200]


def test_pending_stamp_is_decided_after_its_seconds(alegra):
    alegra.fault({"fault": "stamp_pending", "times": 1, "seconds": 0.3})
    key = alegra.invoice()["id"]
    _stamp(alegra, key)
    assert _legal_status(alegra, key) == "STAMPED_AND_WAITING_RESPONSE"
    assert "AEP2011" in _stamp(alegra, key).json()["message"]
    time.sleep(0.35)
    assert _legal_status(alegra, key) == "STAMPED_AND_ACCEPTED"


def test_as_seen_live_a_refusal_is_told_within_a_200(alegra):
    alegra.switch(stamp_answer="data")
    good, old = alegra.invoice()["id"], alegra.invoice(date=yesterday(), dueDate=today())["id"]
    answer = _stamp(alegra, good, old)
    assert answer.status_code == 200
    assert answer.json()["data"] == [
        {"id": good, "success": True, "message": "La factura fue emitida"},
        {"id": old, "success": False, "message": answer.json()["data"][1]["message"]},
    ]
    again = _stamp(alegra, good, old)
    assert again.status_code == 200
    assert [one["success"] for one in again.json()["data"]] == [False, False]
    assert "AEP2011" in again.json()["data"][0]["message"]
    assert _legal_status(alegra, old) is None


@pytest.mark.parametrize("status", [400, 404, 200])
def test_one_that_cannot_be_emitted_may_keep_all_others_from_it(alegra, status):
    alegra.switch(stamp_bad_one=status)
    good, old = alegra.invoice()["id"], alegra.invoice(date=yesterday(), dueDate=today())["id"]
    answer = _stamp(alegra, good, old)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert [_legal_status(alegra, key) for key in (good, old)] == [None, None]
    assert _stamp(alegra, good).status_code == 200
    assert _legal_status(alegra, good) == "STAMPED_AND_ACCEPTED"
