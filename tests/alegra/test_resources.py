"""Company, user, contacts, items, lists, adjustments and webhook subscriptions."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.alegra import (
    adjustments,
    bank_accounts,
    company,
    contacts,
    cost_centers,
    items,
    number_templates,
    price_lists,
    sellers,
    subscriptions,
    taxes,
    terms,
    users,
    warehouses,
)
from integrations.alegra.errors import OutcomeUnknown, Rejected, Unauthorized

COMPANY = {
    "id": 1,
    "name": "Tienda Ejemplo SAS",
    "identification": "900123456-7",
    "identificationObject": {"type": "NIT", "number": "900.123.456", "dv": 7},
    "regime": "COMMON_REGIME",
    "address": {"city": "Bogotá, D.C."},
    "currency": {"code": "COP"},
    "multicurrency": False,
    "decimalPrecision": "0",
    "applicationVersion": "Colombia",
    "timezone": "America/Bogota",
}


def test_the_company_is_read_with_plain_nit_and_precision(alegra, client):
    alegra.get("/company", json=COMPANY)
    read = company.read(client)
    assert (read.id, read.nit, read.dv, read.country) == ("1", "900123456", "7", "colombia")
    assert (read.precision, read.currency, read.city) == (0, "COP", "Bogotá, D.C.")
    assert read.multicurrency is False


def test_a_company_without_id_or_structured_number_is_still_read(alegra, client):
    plain = {"name": "Tienda", "identification": "900123456-7", "decimalPrecision": 4}
    alegra.get("/company", json=plain)
    read = company.read(client)
    assert (read.id, read.nit, read.dv, read.precision) == ("", "900123456", "7", 4)


def test_a_precision_nobody_tells_is_two(alegra, client):
    alegra.get("/company", json={"name": "Tienda"})
    assert company.read(client).precision == 2


def test_a_bad_token_is_unauthorized(alegra, client):
    alegra.get("/company", json={"message": "Unauthorized"}, status=401)
    with pytest.raises(Unauthorized):
        company.read(client)


def test_a_company_that_says_nothing_is_no_proof_of_a_credential(alegra, client):
    alegra.get("/company", json={})
    with pytest.raises(OutcomeUnknown):
        company.read(client)


def test_whoami_names_the_user(alegra, client):
    alegra.get(
        "/users/self",
        json={"id": "4", "name": "Ana", "lastName": "Ruiz", "email": "ana@ejemplo.test"},
    )
    user = users.whoami(client)
    assert (user.name, user.email) == ("Ana Ruiz", "ana@ejemplo.test")
    assert "Ana" not in repr(user)


def contact(number="1020304050", **changes):
    row = {
        "id": "154",
        "name": "Ana Ruiz",
        "nameObject": {"firstName": "Ana", "lastName": "Ruiz"},
        "identification": number,
        "identificationObject": {"type": "CC", "number": number, "dv": None},
        "email": "ana@ejemplo.test",
        "address": {"city": "Medellín", "department": "Antioquia"},
        "type": "client",
        "seller": None,
        "created_at": "2026-01-01",
    }
    return row | changes


def test_a_number_is_found_exactly_although_alegra_searches_for_parts(alegra, client):
    alegra.get("/contacts", json=[contact("11020304050"), contact("1020304050", id=7)])
    (found,) = contacts.find_by_number(client, "1.020.304.050")
    assert (found.id, found.number_type, found.types) == ("7", "CC", ("client",))
    assert alegra.calls[0].request.params["identification"] == "1020304050"
    assert "Ana" not in repr(found)


def test_a_number_held_twice_is_told_twice(alegra, client):
    alegra.get("/contacts", json=[contact(id="1"), contact(id="2")])
    assert len(contacts.find_by_number(client, "1020304050")) == 2


@pytest.mark.parametrize("number", ["", " ", ".-"])
def test_no_number_finds_nobody_and_asks_nothing(alegra, client, number):
    assert contacts.find_by_number(client, number) == []
    assert not alegra.calls


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("900.123.456-7", "900123456"),
        ("900 123 456 - 7", "900123456"),
        ("1020304050", "1020304050"),
        ("ab-12345", "AB12345"),
        ("9001234567", "9001234567"),
    ],
)
def test_numbers_are_compared_without_ornament(written, bare):
    assert contacts.bare(written) == bare


def test_a_contact_is_created(alegra, client):
    alegra.post("/contacts", json=contact(), status=201)
    assert contacts.create(client, {"nameObject": {"firstName": "Ana"}}).id == "154"


def test_an_update_sends_everything_back_with_the_changes_on_top(alegra, client):
    alegra.get("/contacts/154", json=contact())
    alegra.put("/contacts/154", json=contact(email="nueva@ejemplo.test"))
    changed = contacts.update(
        client, "154", {"email": "nueva@ejemplo.test", "address": {"city": "Envigado"}}
    )
    assert changed.email == "nueva@ejemplo.test"
    _, body = alegra.sent()
    assert body == {
        "nameObject": {"firstName": "Ana", "lastName": "Ruiz"},
        "identificationObject": {"type": "CC", "number": "1020304050", "dv": None},
        "email": "nueva@ejemplo.test",
        "address": {"city": "Envigado", "department": "Antioquia"},
        "type": "client",
        "seller": None,
    }


@pytest.mark.parametrize(
    ("row", "changes", "sent"),
    [
        ({"name": "Ana", "nameObject": {"firstName": "Ana"}}, {"name": "X SAS"}, {"name": "X SAS"}),
        ({"name": "X SAS", "nameObject": None}, {}, {"name": "X SAS"}),
        (
            {"name": "X SAS"},
            {"nameObject": {"firstName": "Ana"}},
            {"nameObject": {"firstName": "Ana"}},
        ),
        (
            {"name": "X"},
            {"name": "Y", "nameObject": {"firstName": "Ana"}},
            {"nameObject": {"firstName": "Ana"}},
        ),
    ],
)
def test_a_name_is_never_sent_in_both_forms(row, changes, sent):
    assert contacts.merge(row, changes) == sent


def test_a_contact_that_was_read_goes_back_whole_with_its_name_and_identification(alegra, client):
    alegra.put("/contacts/154", json=contact())
    told = contacts.from_row(contact())
    contacts.put(client, told, {"email": "nueva@ejemplo.test"})
    _, body = alegra.sent()
    assert body["name"] == contact()["name"]
    assert body["identificationObject"] == contact()["identificationObject"]
    assert body["email"] == "nueva@ejemplo.test"
    assert "id" not in body


@pytest.mark.parametrize("untold", ["name", "identificationObject"])
def test_without_its_name_or_identification_nothing_is_sent_back(alegra, client, untold):
    row = {**contact(), "nameObject": None, untold: None}
    with pytest.raises(Rejected):
        contacts.put(client, contacts.from_row(row), {"email": "nueva@ejemplo.test"})
    assert len(alegra.calls) == 0


def test_a_contact_that_cannot_be_read_is_not_overwritten(alegra, client):
    alegra.get("/contacts/154", status=500)
    with pytest.raises(OutcomeUnknown):
        contacts.update(client, "154", {"email": "x@ejemplo.test"})
    assert len(alegra.calls) == 1


ITEM = {
    "id": 881,
    "name": "Camiseta roja M",
    "reference": "CAM-ROJ-M",
    "status": "active",
    "type": "simple",
    "productKey": "53101602",
    "tax": [{"id": "3", "name": "IVA", "percentage": "19.00"}],
    "price": [
        {"idPriceList": "9", "type": "percentage", "price": "5"},
        {"idPriceList": "1", "type": "amount", "price": "42016.8100000000"},
    ],
    "customFields": [{"key": "barcode", "name": "Código de barras", "value": "7701234567890"}],
    "inventory": {
        "unit": "unit",
        "unitCost": "20000.0000000000",
        "warehouses": [
            {"id": 1, "availableQuantity": "9"},
            {"id": "2", "availableQuantity": "-1.5"},
        ],
    },
}


def test_an_item_is_read_with_stock_by_warehouse(alegra, client):
    alegra.get("/items/881", json=ITEM)
    item = items.read(client, "881")
    assert (item.id, item.reference, item.unit, item.product_key) == (
        "881",
        "CAM-ROJ-M",
        "unit",
        "53101602",
    )
    assert item.stock == {"1": Decimal(9), "2": Decimal("-1.5")}
    assert (item.unit_cost, item.price) == (Decimal(20000), Decimal("42016.81"))
    assert item.taxes[0].percentage == Decimal("19.00")
    assert (item.barcode, item.has_stock, item.is_variant_parent) == ("7701234567890", True, False)


def test_a_service_has_no_stock_which_is_not_zero():
    item = items.from_row({"id": "900", "type": "service", "price": 12000, "tax": []})
    assert (item.has_stock, item.stock, item.price) == (False, {}, Decimal(12000))
    assert items.from_row({"id": "1", "type": "variantParent"}).is_variant_parent


def test_a_page_of_items_tells_whether_it_is_the_last(alegra, client):
    rows = [ITEM | {"id": str(number)} for number in range(30)]
    alegra.get("/items", json={"metadata": {"total": 31}, "data": rows})
    page = items.page(client, query="cam")
    assert (len(page), page.total, page.is_last) == (30, 31, False)
    assert next(iter(page)).id == "0"
    sent = alegra.calls[0].request.params
    assert (sent["query"], sent["mode"], sent["limit"]) == ("cam", "advanced", "30")


def test_all_items_are_read_and_one_is_created(alegra, client):
    alegra.get("/items", json=[ITEM])
    alegra.post("/items", json=ITEM, status=201)
    assert [item.id for item in items.every(client, status="active")] == ["881"]
    assert items.create(client, {"name": "Envío"}).id == "881"


@pytest.mark.parametrize(
    ("module", "path", "row", "told"),
    [
        (sellers, "/sellers", {"identification": 5}, {}),
        (cost_centers, "/cost-centers", {"code": 12}, {"code": "12"}),
        (cost_centers, "/cost-centers", {}, {"code": ""}),
        (bank_accounts, "/bank-accounts", {"type": "cash"}, {"type": "cash"}),
        (warehouses, "/warehouses", {"isDefault": True}, {"is_default": True}),
        (warehouses, "/warehouses", {"isDefault": "false"}, {"is_default": False}),
        (taxes, "/taxes", {"percentage": "19.00"}, {"percentage": Decimal("19.00")}),
        (price_lists, "/price-lists", {"type": "amount"}, {"type": "amount"}),
        (terms, "/terms", {"days": "30"}, {"days": 30}),
    ],
)
def test_each_list_is_typed_and_keeps_its_inactive_rows(alegra, client, module, path, row, told):
    rows = [row | {"id": 3, "name": "A"}, row | {"id": "4", "name": "B", "status": "inactive"}]
    alegra.get(path, json=rows)
    first, second = module.every(client)
    assert (first.id, first.name, first.is_active) == ("3", "A", True)
    assert (second.id, second.is_active) == ("4", False)
    assert {key: getattr(first, key) for key in told} == told
    assert first.raw == rows[0]


def test_numberings_are_of_the_kind_asked_for(alegra, client):
    mine = {
        "id": "12",
        "name": "Electrónica",
        "prefix": "FE",
        "documentType": "invoice",
        "isElectronic": True,
        "isDefault": "true",
        "autoincrement": True,
        "status": "active",
        "nextInvoiceNumber": "318",
        "maxInvoiceNumber": 5000,
        "endDate": "2027-11-20",
    }
    alegra.get("/number-templates", json=[mine, mine | {"id": "13", "documentType": "creditNote"}])
    (found,) = number_templates.every(client, "invoice")
    assert (found.prefix, found.is_electronic, found.is_default) == ("FE", True, True)
    assert (found.next_number, found.max_number, found.end_date) == (318, 5000, date(2027, 11, 20))
    assert alegra.calls[0].request.params["documentType"] == "invoice"
    assert len(number_templates.every(client, None)) == 2
    assert "documentType" not in alegra.calls[1].request.params


def test_an_adjustment_is_created_read_and_looked_up_by_day_and_warehouse(alegra, client):
    row = {
        "id": "0199aa10-4c1e-7b52-9d3f-5e0c7a41b207",
        "number": "8",
        "date": "2026-11-20",
        "warehouse": {"id": 2},
        "observations": "Sincronización [MS1-K3VY5DQ2NAWLE7GU]",
        "items": [{"id": 881, "type": "in", "quantity": "3", "unitCost": "20000.0000000000"}],
    }
    alegra.post("/inventory-adjustments", json=row)
    others = [row | {"id": "2", "warehouse": {"id": "1"}}, row | {"id": "3", "date": "2026-11-19"}]
    alegra.get("/inventory-adjustments", json=[row, *others])
    alegra.get(f"/inventory-adjustments/{row['id']}", json=row)
    made = adjustments.create(client, {"date": "2026-11-20"})
    assert made.lines == (adjustments.Movement("881", "in", Decimal(3), Decimal(20000)),)
    assert list(adjustments.on_day(client, date(2026, 11, 20), "2")) == [made]
    assert alegra.calls[1].request.params["warehouse_id"] == "2"
    assert adjustments.read(client, made.id) == made


HOOK = "https://portal.example.com/hooks/alegra/abc"
BARE = "portal.example.com/hooks/alegra/abc"
PATH = "/webhooks/subscriptions"
SUBSCRIBED = {"message": "ok", "subscription": {"id": 9, "event": "edit-item", "url": BARE}}


def subscribe(client):
    return subscriptions.create(client, event="edit-item", url=HOOK)


def test_a_subscription_is_sent_without_scheme(alegra, client):
    alegra.post(PATH, json=SUBSCRIBED)
    made = subscribe(client)
    assert (made.id, made.event, made.url) == ("9", "edit-item", BARE)
    assert alegra.sent()[1] == {"event": "edit-item", "url": BARE}
    assert "abc" not in repr(made)


def test_a_refusal_that_speaks_of_the_scheme_is_answered_with_it_once(alegra, client):
    alegra.post(PATH, json={"message": "La url debe iniciar con https://"}, status=400)
    alegra.post(PATH, json=SUBSCRIBED)
    alegra.get(PATH, json={"subscriptions": []})
    assert subscribe(client).id == "9"
    assert alegra.sent()[1]["url"] == HOOK


def test_a_subscription_that_exists_is_a_success(alegra, client):
    alegra.post(PATH, json={"message": "Ya existe"}, status=400)
    alegra.get(PATH, json={"subscriptions": [{"id": "5", "event": "edit-item", "url": HOOK}]})
    assert subscribe(client).id == "5"


def test_any_other_refusal_stays_one(alegra, client):
    alegra.post(PATH, json={"message": "No respondió"}, status=400)
    alegra.get(PATH, json={"subscriptions": []})
    with pytest.raises(Rejected):
        subscribe(client)


def test_subscriptions_are_listed_and_deleted(alegra, client):
    alegra.get(PATH, json={"subscriptions": [SUBSCRIBED["subscription"]]})
    alegra.delete(f"{PATH}/9", json={"message": "ok"})
    assert [each.id for each in subscriptions.every(client)] == ["9"]
    subscriptions.delete(client, "9")
    assert alegra.sent()[0] == f"DELETE {PATH}/9"


def test_a_list_of_subscriptions_that_is_none_is_an_error(alegra, client):
    alegra.get(PATH, json={"message": "?"})
    with pytest.raises(OutcomeUnknown):
        subscriptions.every(client)
