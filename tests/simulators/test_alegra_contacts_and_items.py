"""Contacts, items, bodegas and the movements between them."""

import pytest

from .alegra_world import today

ANA = {
    "nameObject": {"firstName": "Ana", "lastName": "Prueba"},
    "identificationObject": {"type": "CC", "number": "55443322"},
    "kindOfPerson": "PERSON_ENTITY",
    "regime": "SIMPLIFIED_REGIME",
    "email": "ana@example.com",
    "type": ["client"],
}


def test_contact_reads_with_a_joined_name_and_both_identifications(alegra):
    made = alegra.post("/contacts", ANA)
    assert made["name"] == "Ana Prueba"
    assert made["identification"] == "55443322"
    assert made["identificationObject"] == {"type": "CC", "number": "55443322"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identificationObject": {"number": "55443322"}}, 2035),
        ({"identificationObject": {"type": "CC", "number": "1020304050"}}, 2006),  # repeated
        ({"identificationObject": {"type": "CC", "number": "1", "dv": 7}}, 400),
        ({"identificationObject": {"type": "NIT", "number": "900559088", "dv": 3}}, 400),
        ({"kindOfPerson": "PERSON_NATURAL"}, 400),
        ({"kindOfPerson": None}, 2032),
        ({"address": {"address": "Cra 7 # 1-2"}}, 2112),
        ({"address": {"city": "Medellín"}}, 2112),
        ({"address": {"city": "Medellín", "department": "Caldas"}}, 2112),
        ({"address": {"city": "Medellín", "department": "Macondo"}}, 2112),
        ({"regime": "OTHER"}, 400),
        ({"nameObject": None}, 400),
    ],
)
def test_wrong_contacts_are_refused(alegra, change, code):
    answer = alegra.refused("POST", "/contacts", {**ANA, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_repeated_identification_is_allowed_when_asked_for(alegra):
    alegra.post("/contacts", ANA)
    alegra.post("/contacts", {**ANA, "ignoreRepeated": True})
    assert len(alegra.get("/contacts?identification=55443322")) == 2


@pytest.mark.parametrize("name", [{"name": "Ana"}, {"nameObject": {"firstName": "Ana"}}])
def test_a_person_needs_a_name_in_parts(alegra, name):
    body = {key: value for key, value in ANA.items() if key != "nameObject"} | name
    answer = alegra.refused("POST", "/contacts", body)
    assert answer.json()["message"] == "El campo nameObject es obligatorio"
    alegra.switch(person_name="any")
    assert alegra.post("/contacts", body)["name"] == "Ana"


def test_a_name_beside_its_parts_is_accepted(alegra):
    assert alegra.post("/contacts", {**ANA, "name": "Otra"})["name"] == "Ana Prueba"


def test_an_address_is_judged_by_its_department_only_where_the_facts_say_so(alegra):
    wrong = {**ANA, "address": {"city": "Medellín", "department": "Caldas"}}
    alegra.switch(department="free")
    key = alegra.post("/contacts", wrong)["id"]
    alegra.switch(department="checked")
    assert alegra.refused("PUT", f"/contacts/{key}", wrong).json()["code"] == 2112


def test_the_spellings_of_two_cities_are_in_dispute(alegra):
    alegra.switch(places=["Bogota D.C."])
    bogota = {"city": "Bogotá, D.C.", "department": "Bogotá, D.C."}
    assert alegra.refused("POST", "/contacts", {**ANA, "address": bogota}).json()["code"] == 2112
    accepted = {"city": "Bogota D.C.", "department": "Bogota, D.C."}
    assert alegra.post("/contacts", {**ANA, "address": accepted})["address"] == accepted


def test_a_repeated_identification_names_the_contact_that_has_it(alegra):
    key = alegra.post("/contacts", ANA)["id"]
    assert alegra.refused("POST", "/contacts", ANA).json()["contactId"] == key
    alegra.switch(repeated_contact="bare")
    assert "contactId" not in alegra.refused("POST", "/contacts", ANA).json()


def test_whether_dots_hide_a_repetition_is_a_fact(alegra):
    dotted = {**ANA, "identificationObject": {"type": "CC", "number": "55.443.322"}}
    alegra.post("/contacts", dotted)
    alegra.switch(repeated_counts_dots=True)
    assert alegra.refused("POST", "/contacts", ANA).json()["code"] == 2006
    alegra.switch(repeated_counts_dots=False)
    alegra.post("/contacts", ANA)


def test_contacts_have_a_limit_of_their_own_told_as_400(alegra):
    alegra.switch(contacts_per_minute=2)
    alegra.get("/contacts?limit=1")
    alegra.post("/contacts", ANA)
    answer = alegra.refused("GET", "/contacts/150")
    assert answer.status_code == 400
    assert answer.json() == {"code": 429, "message": "Too many requests"}
    assert alegra.call("GET", "/items").ok
    alegra.switch(contacts_per_minute=None)
    assert alegra.call("GET", "/contacts").ok


def test_nit_gets_its_check_digit(alegra):
    body = {
        "name": "Firma SAS",
        "identificationObject": {"type": "NIT", "number": "900559088"},
        "kindOfPerson": "LEGAL_ENTITY",
    }
    assert alegra.post("/contacts", body)["identificationObject"]["dv"] == "2"


def test_put_replaces_the_contact_or_merges_into_it(alegra):
    key = alegra.post("/contacts", ANA)["id"]
    alegra.switch(contact_put="merge")
    merged = alegra.call("PUT", f"/contacts/{key}", {"phonePrimary": "300"}).json()
    assert (merged["email"], merged["phonePrimary"]) == ("ana@example.com", "300")
    alegra.switch(contact_put="replace")
    replaced = alegra.call("PUT", f"/contacts/{key}", {"name": "Ana"}).json()
    assert (replaced["email"], replaced["identification"]) == (None, None)


def test_contact_with_documents_cannot_be_deleted(alegra):
    key = alegra.post("/contacts", ANA)["id"]
    alegra.invoice(client={"id": key})
    alegra.refused("DELETE", f"/contacts/{key}")


def test_final_consumer_is_there_once(alegra):
    found = alegra.get("/contacts?identification=222222222222")
    assert [one["name"] for one in found] == ["Consumidor Final"]


def test_item_stock_is_by_warehouse_and_cannot_be_written(alegra):
    item = alegra.get("/items/101")
    places = item["inventory"]["warehouses"]
    total = sum(place["availableQuantity"] for place in places)
    assert item["inventory"]["availableQuantity"] == total
    body = {"inventory": {"availableQuantity": 1, "unitCost": 5}}
    changed = alegra.call("PUT", "/items/101", body).json()
    assert changed["inventory"]["availableQuantity"] == total
    assert "inventory" not in alegra.get("/items?mode=simple&limit=1")[0]
    assert "inventory" not in alegra.get("/items?reference=ENV-01")[0]


def test_new_item_needs_a_unit_for_its_stock(alegra):
    body = {"name": "Nuevo", "price": 100, "inventory": {"initialQuantity": 5}}
    assert alegra.refused("POST", "/items", body).json()["code"] == 1039
    body["inventory"]["unit"] = "unit"
    made = alegra.post("/items", body)
    assert made["inventory"]["availableQuantity"] == 5
    assert made["price"][0]["price"] == 100


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "ENV-01"},
        {"inventory": {"unit": "unidad", "initialQuantity": 5}},
        {"price": [{"idPriceList": "77", "price": 100}]},
    ],
)
def test_what_life_refuses_of_an_item_is_refused(alegra, change):
    alegra.refused("POST", "/items", {"name": "Nuevo", "price": 100, **change})
    assert alegra.get("/items?name=Nuevo") == []
    made = alegra.post("/items", {"name": "Nuevo", "price": 100, "inventory": {"unit": "unit"}})
    alegra.refused("PUT", f"/items/{made['id']}", change)


def test_the_reference_of_a_deleted_item_is_free_again(alegra):
    body = {"name": "Nuevo", "price": 100, "reference": "NUE-1"}
    made = alegra.post("/items", body)
    alegra.refused("POST", "/items", body)
    # Its own is no repetition.
    assert alegra.call("PUT", f"/items/{made['id']}", {"reference": "NUE-1"}).ok
    alegra.call("DELETE", f"/items/{made['id']}")
    alegra.post("/items", body)


def test_a_bank_account_needs_its_opening_balance(alegra):
    body = {"name": "Nequi", "type": "bank"}
    alegra.refused("POST", "/bank-accounts", body)
    assert alegra.post("/bank-accounts", {**body, "initialBalance": 0})["name"] == "Nequi"


def test_the_address_of_a_warehouse_is_text(alegra):
    assert all(isinstance(one["address"], str) for one in alegra.get("/warehouses"))
    alegra.refused("POST", "/warehouses", {"name": "Nueva", "address": {"address": "Cl 1"}})
    assert alegra.post("/warehouses", {"name": "Nueva", "address": "Cl 1"})["address"] == "Cl 1"


def test_deleting_an_item_succeeds_with_a_key_named_error(alegra):
    made = alegra.post("/items", {"name": "Nuevo", "price": 100})
    answer = alegra.call("DELETE", f"/items/{made['id']}")
    assert answer.status_code == 200
    assert answer.json() == {"error": "El producto fue eliminado correctamente.", "code": 200}
    alegra.invoice()
    alegra.refused("DELETE", "/items/101")


def test_inactive_item_is_edited_only_while_activated(alegra):
    key = alegra.get("/items?status=inactive&limit=1")[0]["id"]
    alegra.refused("PUT", f"/items/{key}", {"name": "Otro"})
    assert alegra.call("PUT", f"/items/{key}", {"name": "Otro", "status": "active"}).ok


def test_adjustment_is_a_delta_with_both_signs(alegra):
    before = alegra.stock("101"), alegra.stock("102")
    body = {
        "date": today(),
        "warehouse": {"id": "1"},
        "observations": "Sincronización [MS1-SSSS]",
        "items": [
            {"id": "101", "type": "in", "quantity": 3, "unitCost": 100},
            {"id": "102", "type": "out", "quantity": 2, "unitCost": 100},
        ],
    }
    made = alegra.post("/inventory-adjustments", body)
    assert (alegra.stock("101"), alegra.stock("102")) == (before[0] + 3, before[1] - 2)
    assert alegra.ledger()["adjustments"][0]["_marker"] == "[MS1-SSSS]"
    found = alegra.get(f"/inventory-adjustments?date={today()}&warehouse_id=1")
    assert [one["id"] for one in found] == [made["id"]]
    alegra.call("DELETE", f"/inventory-adjustments/{made['id']}")
    assert (alegra.stock("101"), alegra.stock("102")) == before


def test_adjustment_lines_need_cost_type_and_inventory(alegra):
    service = alegra.get("/items?reference=ENV-01")[0]["id"]
    good = {"id": "101", "type": "in", "quantity": 1, "unitCost": 1}
    for change in ({"unitCost": None}, {"type": "set"}, {"quantity": 0}, {"id": service}):
        body = {"date": today(), "items": [{**good, **change}]}
        alegra.refused("POST", "/inventory-adjustments", body)


def test_transfer_keeps_the_total(alegra):
    before = alegra.stock("101", "1"), alegra.stock("101", "2")
    body = {
        "date": today(),
        "origin": {"id": "1"},
        "destination": {"id": "2"},
        "items": [{"id": "101", "quantity": 4}],
    }
    alegra.post("/warehouse-transfers", body)
    after = alegra.stock("101", "1"), alegra.stock("101", "2")
    assert after == (before[0] - 4, before[1] + 4)


def test_principal_warehouse_cannot_be_deleted(alegra):
    alegra.refused("DELETE", "/warehouses/1")
    made = alegra.post("/warehouses", {"name": "Nueva"})
    assert alegra.call("DELETE", f"/warehouses/{made['id']}").status_code == 200


def test_seed_has_what_a_set_up_needs(alegra):
    assert {one["name"] for one in alegra.get("/warehouses")} == {
        "Bodega Bogotá",
        "Bodega Medellín",
        "Bodega Cali",
    }
    assert "Billetera Mastershop" in {one["name"] for one in alegra.get("/bank-accounts")}
    templates = {one["prefix"]: one for one in alegra.get("/number-templates?documentType=invoice")}
    assert templates["FEHA"]["isElectronic"]
    assert templates["FEHA"]["isDefault"]
    assert templates["FEHA"]["endDate"] > today() > templates["FEHX"]["endDate"]
    assert not templates["FV"]["isElectronic"]
    rates = {(one["type"], one["percentage"]) for one in alegra.get("/taxes")}
    assert rates >= {("IVA", "19"), ("IVA", "5"), ("IVA", "0")}


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("identification", {"identification": "55443322"}),
        ("object", {"identificationObject": {"type": "CC", "number": "55443322"}}),
        ("name", {}),
    ],
)
def test_a_document_names_its_client_as_the_fact_says(alegra, form, keys):
    key = alegra.post("/contacts", ANA)["id"]
    alegra.switch(invoice_client=form, remission_client=form)
    for shown in (alegra.invoice(client={"id": key}), alegra.remission(client={"id": key})):
        told = {name: value for name, value in shown["client"].items() if name in
                ("identification", "identificationObject")}  # fmt: skip
        assert told == keys
        assert shown["client"]["name"] == "Ana Prueba"


def test_a_document_keeps_the_client_as_it_was_when_it_was_made(alegra):
    key = alegra.post("/contacts", ANA)["id"]
    made = alegra.invoice(client={"id": key})
    other = {**ANA, "identificationObject": {"type": "CC", "number": "66554433"}}
    assert alegra.call("PUT", f"/contacts/{key}", other).ok
    assert alegra.get(f"/invoices/{made['id']}")["client"]["identification"] == "55443322"
    assert alegra.invoice(client={"id": key})["client"]["identification"] == "66554433"


def test_an_inactive_or_deleted_contact_is_refused_in_documents(alegra):
    key = alegra.post("/contacts", ANA)["id"]
    assert alegra.call("PUT", f"/contacts/{key}", {**ANA, "status": "inactive"}).ok
    assert alegra.get(f"/contacts/{key}")["status"] == "inactive"
    body = alegra.document(client={"id": key})
    alegra.refused("POST", "/invoices", body)
    alegra.switch(inactive_contacts="accepted")
    made = alegra.post("/invoices", body)
    assert alegra.call("DELETE", f"/invoices/{made['id']}").ok
    assert alegra.call("DELETE", f"/contacts/{key}").ok
    assert alegra.refused("GET", f"/contacts/{key}").status_code == 404
    alegra.refused("POST", "/invoices", body)
