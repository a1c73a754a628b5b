"""Who gets in, how often, and what the gateway says to anybody else."""

import requests

from .alegra_world import AlegraWorld


def test_company_shows_the_nit_with_its_check_digit(alegra):
    made = alegra.company(nit="901482337", name="Hogar Andino S.A.S.")
    alegra.log_in(made)
    company = alegra.get("/company")
    assert company["name"] == "Hogar Andino S.A.S."
    assert company["identificationObject"] == {"type": "NIT", "number": "901482337", "dv": "2"}
    assert (company["applicationVersion"], company["regime"]) == ("colombia", "COMMON_REGIME")
    assert company["decimalPrecision"] == "2"


def test_wrong_token_missing_header_and_unknown_path_are_told_alike(alegra):
    answers = [
        requests.get(alegra.api + "/company", auth=(alegra.made["alegra_user"], "x"), timeout=5),
        requests.get(alegra.api + "/company", timeout=5),
        requests.get(
            alegra.api + "/company", headers={"Authorization": "Basic no-base64"}, timeout=5
        ),
        alegra.call("GET", "/no-such-thing"),
        alegra.call("GET", "/invoices/1/pdf"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert all(answer.json() == {"message": "Unauthorized"} for answer in answers)


def test_known_path_with_another_method_is_405(alegra):
    assert alegra.call("PUT", "/invoices").status_code == 405


WITH_ENTRIES = (
    "invoices",
    "remissions",
    "estimates",
    "contacts",
    "items",
    "item-categories",
    "variant-attributes",
    "warehouses",
    "bank-accounts",
    "number-templates",
    "cost-centers",
    "sellers",
    "taxes",
    "retentions",
    "price-lists",
    "terms",
    "categories",
    "users",
)
PERHAPS_EMPTY = (
    "custom-fields",
    "inventory-adjustments",
    "inventory-adjustments/numerations",
    "warehouse-transfers",
    "payments",
    "credit-notes",
    "webhooks/subscriptions",
    "currencies",
    "users/self",
)


def test_every_documented_list_and_its_first_entry_answer(alegra):
    alegra.invoice(status="open")
    alegra.remission()
    alegra.post("/estimates", alegra.document())
    for path in WITH_ENTRIES:
        rows = alegra.get(f"/{path}")
        assert rows, path
        assert alegra.get(f"/{path}/{rows[0]['id']}")["id"] == rows[0]["id"]
    for path in PERHAPS_EMPTY:
        alegra.get(f"/{path}")


def test_unknown_ids_are_404_in_the_second_envelope(alegra):
    answer = alegra.refused("GET", "/items/999999")
    assert answer.status_code == 404
    assert answer.json() == {"error": "El producto no existe", "code": 404}


def test_one_company_never_sees_another(alegra):
    invoice = alegra.invoice()
    alegra.log_in(alegra.company())
    assert alegra.get("/invoices") == []
    assert alegra.refused("GET", f"/invoices/{invoice['id']}").status_code == 404


def test_a_second_user_of_a_company_sees_the_same_books_and_signs_its_own_documents(alegra):
    alegra.invoice()
    other = alegra.company(nit=alegra.made["nit"], alegra_user="otra@example.com")
    alegra.log_in(other)
    assert len(alegra.get("/invoices")) == 1
    alegra.invoice()
    users = [alegra.made["alegra_user"], "otra@example.com"]
    assert [one["_made_by"] for one in alegra.ledger()["invoices"]] == users
    assert alegra.get("/users/self")["email"] == "otra@example.com"


def test_limit_is_counted_by_user_and_told_in_headers(alegra):
    alegra.switch(rate_limit={"per_minute": 3})
    other = alegra.company(nit=alegra.made["nit"], alegra_user="otra@example.com")
    alegra.log_in(other)
    answers = [alegra.call("GET", "/company") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [a.headers["X-Rate-Limit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert answers[-1].content == b""
    assert 1 <= int(answers[-1].headers["X-Rate-Limit-Reset"]) <= 60
    alegra.log_in(alegra.made)
    assert alegra.call("GET", "/company").status_code == 200


def test_limit_by_company_joins_its_users_and_headers_may_be_missing(alegra):
    alegra.switch(rate_limit={"per_minute": 1, "per": "company", "headers": False})
    other = alegra.company()
    more = alegra.company(nit=other["nit"], alegra_user="otra@example.com")
    alegra.log_in(other)
    first = alegra.call("GET", "/company")
    alegra.log_in(more)
    second = alegra.call("GET", "/company")
    assert (first.status_code, second.status_code) == (200, 429)
    assert not [name for name in second.headers if name.lower().startswith("x-rate")]


def test_plan_without_banks_or_warehouses_answers_402_with_907(alegra):
    made = alegra.company(plan_without=["banks", "warehouses"])
    alegra.log_in(made)
    for path in ("/bank-accounts", "/payments"):
        answer = alegra.refused("POST", path, {"name": "Banco", "type": "bank"})
        assert (answer.status_code, answer.json()["code"]) == (402, 907)
    assert len(alegra.get("/warehouses")) == 1
    answer = alegra.refused("POST", "/invoices", alegra.document(warehouse={"id": "2"}))
    assert (answer.status_code, answer.json()["code"]) == (402, 907)
    assert alegra.invoice()["warehouse"]["id"] == "1"


def test_what_was_answered_survives_a_restart(alegra: AlegraWorld):
    invoice = alegra.invoice(observations="Pedido 1 [MS1-AAAA]")
    alegra.server.stop()
    alegra.start()
    assert alegra.get(f"/invoices/{invoice['id']}")["observations"] == "Pedido 1 [MS1-AAAA]"
    assert alegra.invoice()["id"] != invoice["id"]
