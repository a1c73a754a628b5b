"""The control interface: switches, ledger, calls, companies, reset."""

import time
from datetime import datetime

import pytest
import requests

from integrations.simulators.alegra.site import build_site
from integrations.simulators.server import Server


def test_switches_answer_with_all_facts_and_their_defaults(tmp_path):
    server = Server("127.0.0.1", 0)
    server.start(build_site(tmp_path, control=True, mastershop_url=""))
    answer = requests.get(server.url + "/_control/switches", timeout=5).json()
    server.stop()
    assert answer == {
        "facts": {
            "decimal_precision": 2,
            "regime": None,
            "rounding": {"at": "line", "how": "half_even"},
            "ids": "mixed",
            "money": "mixed",
            "post_status": 201,
            "rate_limit": {"per_minute": 150, "window": "fixed", "per": "user", "headers": True},
            "list_has_observations": True,
            "list_delay_seconds": 0,
            "draft_moves_stock": False,
            "remission_moves_stock": True,
            "inactive_choices": "refused",
            "inactive_items": "refused",
            "gone_choice_status": 400,
            "negative_stock": "allowed",
            "stamp_max": 10,
            "stamp_answer": "data",
            "stamp_bad_one": "named",
            "stamp_old_date": "refused",
            "stamp_words": "texts",
            "stamp_unit": "item",
            "unstamped": "absent",
            "legal_status": "long",
            "rejection_told": "errors",
            "rejected_status": "draft",
            "rejected_keeps_cufe": False,
            "numbering_refusal": "coded",
            "stock_refusal": "named",
            "closed_until": None,
            "payment_rows_have_observations": True,
            "invoice_payment_ids": True,
            "open_on_draft": True,
            "inactive_contacts": "refused",
            "invoice_client": "identification",
            "remission_client": "identification",
            "contact_put": "replace",
            "contacts_per_minute": None,
            "person_name": "object",
            "department": "checked",
            "places": [
                "Bogotá, D.C.",
                "Bogotá D.C.",
                "Bogota D.C.",
                "Bogota, D.C.",
                "San José de Cúcuta",
                "Cúcuta",
            ],
            "repeated_contact": "with_id",
            "repeated_counts_dots": False,
            "contact_refuses": [],
            "contact_refusal": "named",
            "warehouse_kept": True,
            "warehouse_shown": True,
            "tax_omitted": "none",
            "without": [],
            "stock_event": False,
            "webhook_scheme": "without",
        },
        "faults": [],
    }


def test_facts_are_merged_and_faults_replaced(alegra):
    alegra.control(
        "switches", {"facts": {"rounding": {"at": "unit"}}, "faults": [{"fault": "hang"}]}
    )
    answer = alegra.control("switches", {"facts": {"stamp_max": 3}}).json()
    assert answer["facts"]["rounding"] == {"at": "unit", "how": "half_even"}
    assert answer["facts"]["stamp_max"] == 3
    assert [one["fault"] for one in answer["faults"]] == ["hang"]
    assert alegra.control("switches", {"faults": []}).json()["faults"] == []


def test_answered_faults_can_be_posted_back(alegra):
    answer = alegra.control("switches", {"faults": [{"fault": "hang", "times": 0}]}).json()
    assert alegra.control("switches", {"faults": answer["faults"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"facts": {"colour": 1}}, "colour"),
        ({"facts": {"ids": "roman"}}, "ids"),
        ({"facts": {"stamp_max": True}}, "stamp_max"),
        ({"facts": {"rounding": {"where": "here"}}}, "rounding"),
        ({"faults": [{"fault": "explode"}]}, "explode"),
        ({"faults": [{"fault": "hang", "often": 3}]}, "often"),
        ({"fault": []}, "fault"),
    ],
)
def test_unknown_switches_are_named_and_change_nothing(alegra, body, named):
    before = alegra.control("switches").json()
    answer = alegra.control(
        "switches", {**body, "facts": {"stamp_max": 4, **body.get("facts", {})}}
    )
    assert answer.status_code == 400
    assert named in answer.json()["message"]
    assert alegra.control("switches").json() == before


def test_ledger_shows_documents_as_the_api_does_and_more(alegra):
    made = alegra.invoice(observations="Pedido [MS1-UNO] otra vez [MS1-DOS]", status="open")
    answer = alegra.control("ledger").json()
    assert datetime.fromisoformat(answer["now"]).utcoffset().total_seconds() == 0
    company = answer["companies"][0]
    assert set(company) >= {
        "nit", "users", "invoices", "remissions", "contacts", "payments", "credit_notes",
        "adjustments", "stock",
    }  # fmt: skip
    entry = company["invoices"][0]
    extra = {name: entry.pop(name) for name in list(entry) if name.startswith("_")}
    assert entry == alegra.get(f"/invoices/{made['id']}")
    assert extra["_marker"] == "[MS1-DOS]"
    assert extra["_made_by"] == alegra.made["alegra_user"]
    assert extra["_made_at"] == extra["_visible_from"] <= answer["now"]
    assert extra["_deleted_at"] is None


def test_ledger_follows_payments_and_facts(alegra):
    invoice = alegra.invoice(status="open")
    alegra.control("ledger")
    payment = {"date": invoice["date"], "type": "in", "bankAccount": {"id": "1"},
               "invoices": [{"id": invoice["id"], "amount": 10000}]}  # fmt: skip
    alegra.post("/payments", payment)
    assert alegra.ledger()["invoices"][0]["status"] == "closed"
    alegra.switch(ids="number")
    assert alegra.ledger()["invoices"][0]["id"] == int(invoice["id"])


def test_calls_are_logged_with_user_and_status(alegra):
    alegra.control("reset", {})
    alegra.switch(ids="numeric")
    alegra.call("GET", "/company")
    alegra.call("GET", "/nothing?x=1")
    alegra.fault({"fault": "reset_before_commit", "times": 1})
    with pytest.raises(requests.ConnectionError):
        alegra.call("POST", "/invoices", {})
    calls = alegra.control("calls").json()
    assert [(one["method"], one["path"], one["status"]) for one in calls] == [
        ("GET", "/api/v1/company", 200),
        ("GET", "/api/v1/nothing?x=1", 401),
        ("POST", "/api/v1/invoices", None),
    ]
    assert {one["user"] for one in calls} == {alegra.made["alegra_user"]}
    assert calls[-1]["fault"] == "reset_before_commit"


def test_companies_take_what_was_chosen(alegra):
    made = alegra.company(
        nit="900731999",
        name="Tienda Elegida",
        alegra_user="dueno@example.com",
        alegra_token="fijo",
        regime="SIMPLIFIED_REGIME",
        catalogue="empty",
    )
    assert made["alegra_url"] == alegra.api
    assert (made["nit"], made["alegra_token"]) == ("900731999", "fijo")
    assert made["business_id"] is None  # the other side is not running
    alegra.log_in(made)
    assert alegra.get("/company")["regime"] == "SIMPLIFIED_REGIME"
    assert alegra.get("/items") == []
    assert alegra.get("/warehouses")


def test_asking_again_for_a_user_answers_with_the_same_company(alegra):
    first = alegra.company(alegra_user="dueno@example.com")
    assert alegra.company(alegra_user="Dueno@example.com") == first
    answer = alegra.control("companies", {"alegra_user": "dueno@example.com", "alegra_token": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "chosen",
    [{"nit": "12"}, {"precision": 9}, {"catalogue": "big"}, {"plan_without": ["x"]},
     {"regime": "X"}, {"alegra_user": "nobody"}],
)  # fmt: skip
def test_impossible_companies_are_refused(alegra, chosen):
    answer = alegra.control("companies", chosen)
    assert answer.status_code == 400
    assert next(iter(chosen)) in answer.json()["message"]


def test_reset_forgets_documents_switches_and_calls_but_not_the_company(alegra):
    before = alegra.stock("101")
    invoice = alegra.invoice(status="open")
    alegra.control("reset", {})
    assert alegra.control("calls").json() == []
    assert alegra.control("switches").json()["facts"]["ids"] == "mixed"
    alegra.switch(ids="numeric", money="number", rate_limit={"per_minute": 1000})
    assert alegra.get("/invoices") == []
    assert alegra.stock("101") == before
    again = alegra.invoice(status="open")
    assert again["id"] != invoice["id"]
    assert again["numberTemplate"] == invoice["numberTemplate"]


def test_without_control_there_is_nothing_to_control(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMULATORS_KEY", "llave")
    server = Server("127.0.0.1", 0)
    server.start(build_site(tmp_path, control=False, mastershop_url=""))
    root = server.url + "/_control/"
    try:
        for path in ("ledger", "calls", "switches"):
            assert requests.get(root + path, timeout=5).status_code == 404
        for path in ("switches", "reset", "companies"):
            assert requests.post(root + path, json={}, timeout=5).status_code == 404
        key = {"X-Simulators-Key": "llave"}
        assert requests.post(root + "reset", json={}, headers=key, timeout=5).status_code == 404
        made = requests.post(root + "companies", json={}, headers=key, timeout=5)
        assert made.status_code == 201
    finally:
        server.stop()


def test_ledger_of_many_documents_is_quick(alegra):
    body = alegra.document(status="open")
    for _ in range(300):
        alegra.post("/invoices", body)
    alegra.control("ledger")
    started = time.monotonic()
    alegra.control("ledger")
    assert time.monotonic() - started < 0.5
