from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integrations.mastershop.orders import Address, Charge, Line
from integrations.mastershop.parser import business_of, parse_order, parse_row


def codes(parsed):
    return [problem.code for problem in parsed.problems]


def test_an_event_becomes_an_order_without_problems(event):
    parsed = parse_order(event)
    order = parsed.order
    assert parsed.problems == ()
    assert (order.order_id, order.external_id, order.business_id) == (
        "904417",
        "WEB-20881",
        "7331",
    )
    assert (order.status, order.status_id, order.status_raw) == ("delivered", 8, "Entregada")
    assert (order.payment_family, order.payment_raw) == ("cod", "cod")
    assert order.payment_gateway == "Contraentrega"
    assert order.created_at == datetime(2026, 11, 3, 14, 5, 12, tzinfo=UTC)
    assert order.updated_at == datetime(2026, 11, 7, 19, 41, 55, tzinfo=UTC)
    assert order.customer.name == "Luz Dary Peña Ávila"
    assert (order.customer.doc_type, order.customer.doc_number) == ("CC", "52998117")
    assert order.ship_to == Address(
        "Carrera 43 No 20 15 Apto 302", "Medellín", "Antioquia", "05001000", "CO"
    )
    assert order.lines == (
        Line(
            "118203",
            "430771",
            "TERMO-750-NEG",
            "Termo acero 750 ml",
            "Negro",
            Decimal(2),
            Decimal(79900),
        ),
    )
    assert order.extra_charges == (Charge("Envío", Decimal(15100)),)
    assert (order.discount, order.total) == (Decimal(0), Decimal(174900))
    assert (order.currency, order.country) == ("COP", "CO")
    assert (order.warehouse_id, order.warehouse_name) == ("61", "Bodega Fontibón")
    assert order.tracking.code == "70001234567"
    assert (order.is_test, order.notes, order.tags) == (
        False,
        ("Llamar antes de entregar",),
        ("whatsapp",),
    )


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def in_camel_case(body):
    if isinstance(body, dict):
        return {camel(name): in_camel_case(content) for name, content in body.items()}
    if isinstance(body, list):
        return [in_camel_case(entry) for entry in body]
    return body


@pytest.mark.parametrize(
    "wrap",
    [
        lambda body: body,
        lambda body: {"data": body},
        lambda body: {"results": [body]},
        lambda body: {"data": {"results": [body]}},
        lambda body: [body],
        lambda body: {"order": body},
        in_camel_case,
        lambda body: {"results": [in_camel_case(body)]},
    ],
)
def test_the_detail_is_read_in_every_case_and_wrapping(event, wrap):
    assert parse_order(wrap(event)) == parse_order(event)


def test_an_event_name_outside_the_order_is_kept(event):
    name = event.pop("eventName")
    assert parse_order({"eventName": name, "data": event}).order.event_name == name


def test_what_an_envelope_says_of_itself_is_not_said_of_the_order(event):
    around = {"status": "success", "Total": 1, "items": [], "message": "OK"}
    assert parse_order({**around, "data": event}) == parse_order(event)


@pytest.mark.parametrize("status", ["success", 200, 1, True])
def test_a_partial_body_in_an_envelope_tells_no_status_and_no_total(status):
    body = {"id_order": "904417", "carrier_novelty": {"description": "Dirección errada"}}
    order = parse_order({"status": status, "total": 1, "data": body}).order
    assert order.told == frozenset()


def test_two_orders_where_one_is_expected_are_refused(event):
    parsed = parse_order({"results": [event, event]})
    assert parsed.order is None
    assert codes(parsed) == ["several_orders"]


@pytest.mark.parametrize("number", [None, "", 0, "0", -1, True, [], "Sin datos", 10**400, "9" * 70])
def test_without_a_usable_number_there_is_no_order(event, number):
    event["id_order"] = number
    parsed = parse_order(event)
    assert parsed.order is None
    expected = ("order_number_missing", "El pedido no trae un número utilizable.")
    if number == "9" * 70:
        long = "El número del pedido tiene más de 64 signos: no es un número de MasterShop."
        expected = ("order_number_too_long", long)
    assert [(one.code, one.sentence_es) for one in parsed.problems] == [expected]


def test_the_number_of_the_status_decides_over_its_label(event):
    event |= {"id_status": 9, "confirmation_status_name": "Entregada"}
    assert parse_order(event).order.status == "cancelled"


def test_the_label_speaks_where_no_number_is_told(event):
    del event["id_status"]
    assert parse_order(event).order.status == "delivered"


@pytest.mark.parametrize("told", [99, "raro", 7.5])
def test_an_unknown_status_is_named_but_blocks_nothing(event, told):
    event["id_status"] = told
    parsed = parse_order(event)
    assert parsed.order.status == "unknown"
    assert codes(parsed) == ["status_unknown"]
    assert not parsed.blocking


def test_the_number_of_an_unknown_status_is_kept(event):
    event["id_status"] = 99
    assert parse_order(event).order.status_id == 99


def test_status_seven_is_known_to_have_no_meaning(event):
    event["id_status"] = 7
    parsed = parse_order(event)
    assert (parsed.order.status, parsed.order.status_id) == ("unknown", 7)
    assert parsed.problems == ()


def test_an_incident_is_a_sub_state_of_in_transit(event):
    event |= {"id_status": 6, "carrier_novelty": {"description": "No estaba", "code": "12"}}
    assert parse_order(event).order.substatus == "incident"


@pytest.mark.parametrize("told", [None, {}, "", {"description": None, "code": None}])
def test_an_empty_incident_is_none(event, told):
    event |= {"id_status": 6, "carrier_novelty": told, "eventName": "Pedido En Tránsito"}
    assert parse_order(event).order.substatus == ""


def test_a_delivered_order_has_no_sub_state(event):
    event["carrier_novelty"] = {"description": "No estaba"}
    assert parse_order(event).order.substatus == ""


def test_sin_datos_is_nothing(event):
    event["shipping_address"] |= {"city": "Sin datos", "address1": "sin datos", "address2": None}
    event["customer"]["email"] = "Sin datos"
    order = parse_order(event).order
    assert order.customer.email == ""
    assert order.ship_to.city == "Cali"
    assert order.ship_to.address == "Calle 1 No 2 3"


def test_the_two_addresses_are_never_mixed(event):
    event["shipping_address"]["address1"] = None
    event["shipping_address"]["address2"] = None
    assert parse_order(event).order.ship_to.city == "Medellín"
    assert parse_order(event).order.ship_to.address == ""


def test_numbers_where_texts_belong_are_read(event):
    event["customer"] |= {"phone": 573105550142, "documentNumber": 52998117}
    customer = parse_order(event).order.customer
    assert (customer.phone, customer.doc_number) == ("573105550142", "52998117")


def test_a_document_is_left_as_written_for_others_to_judge(event):
    event["customer"] |= {"documentType": "C.C", "documentNumber": "0"}
    customer = parse_order(event).order.customer
    assert (customer.doc_type, customer.doc_number) == ("C.C", "0")


def test_the_company_field_of_the_address_is_kept(event):
    event["shipping_address"]["company"] = "1.020.333.444"
    assert parse_order(event).order.customer.company == "1.020.333.444"


def test_first_and_last_name_make_the_name(event):
    del event["customer"]["full_name"]
    assert parse_order(event).order.customer.name == "Luz Dary Peña Ávila"


def test_without_country_and_currency_an_order_is_colombian(event):
    del event["shipping_address"]["country"]
    del event["order_transaction"]["currency"]
    order = parse_order(event).order
    assert (order.country, order.currency) == ("CO", "COP")


def test_another_country_and_currency_are_kept(event):
    event["shipping_address"]["country"] = "Perú"
    event["order_transaction"]["currency"] = "pen"
    order = parse_order(event).order
    assert (order.country, order.currency) == ("PE", "PEN")


def test_a_link_with_another_scheme_is_dropped(event):
    event["order_logistics"]["url_tracking"] = "javascript:alert(1)"
    assert parse_order(event).order.tracking.url == ""


def test_an_unreadable_date_is_named_but_blocks_nothing(event):
    event["date_update_order"] = "ayer"
    parsed = parse_order(event)
    assert parsed.order.updated_at is None
    assert codes(parsed) == ["date_unreadable"]
    assert not parsed.blocking


def test_a_gateway_name_is_prepaid_and_kept(event):
    event["order_transaction"]["payment_method"] = "Mercado Pago"
    order = parse_order(event).order
    assert (order.payment_family, order.payment_raw) == ("prepaid", "Mercado Pago")


def test_a_missing_payment_method_is_named(event):
    del event["order_transaction"]["payment_method"]
    assert codes(parse_order(event)) == ["payment_method_missing"]


def test_the_bodega_may_be_a_bare_number_or_absent(event):
    event["warehouse"] = 62
    assert parse_order(event).order.warehouse_id == "62"
    del event["warehouse"]
    assert parse_order(event).order.warehouse_id == ""


def test_the_business_of_a_delivery_is_found_also_inside_a_wrapping(event):
    assert business_of(event) == "7331"
    assert business_of({"data": {"idOrder": 1, "idBusiness": "7331"}}) == "7331"
    assert business_of({"business": {"idBusiness": 7331}}) == "7331"


@pytest.mark.parametrize("body", [None, [], {}, "7331", {"id_business": None}])
def test_a_delivery_that_names_no_business_has_none(body):
    assert business_of(body) == ""


ROW = {
    "idOrder": 904417,
    "externalOrderId": "WEB-20881",
    "orderStatus": "En Tránsito",
    "statusParent": "En tránsito",
    "paymentMethod": "transfer",
    "totalOrder": 174900,
    "totalProvider": 80000,
    "currency": "COP",
    "createdAt": "2026-11-03T14:05:12Z",
    "carrierName": "Coordinadora",
    "carrierTrackingCode": "70001234567",
    "clientInfo": {"fullName": "Luz Dary Peña", "phone": 3105550142, "city": "Medellín"},
    "items": [{"name": "Termo acero 750 ml"}],
}


def test_a_row_of_the_list_tells_what_is_needed_to_discover_an_order():
    row = parse_row(ROW)
    assert (row.order_id, row.external_id, row.status, row.status_id) == (
        "904417",
        "WEB-20881",
        "in_transit",
        6,
    )
    assert (row.payment_family, row.payment_raw) == ("prepaid", "transfer")
    assert row.total == Decimal(174900)
    assert row.created_at == datetime(2026, 11, 3, 14, 5, 12, tzinfo=UTC)
    assert row.updated_at is None
    assert (row.customer_name, row.customer_phone) == ("Luz Dary Peña", "3105550142")


@pytest.mark.parametrize("row", [None, 3, [], {}, {"idOrder": None}, "x"])
def test_a_row_without_a_number_is_none(row):
    assert parse_row(row) is None


def test_the_type_of_a_document_is_read_whole(event):
    event["customer"]["documentType"] = "Cédula de extranjería"
    assert parse_order(event).order.customer.doc_type == "Cédula de extranjería"


def test_several_emails_and_notes_as_objects_are_read(event):
    event["customer"]["email"] = ["ana@ejemplo.test", "luz@ejemplo.test"]
    event["notes"] = [{"text": "Pagó 30.000 con bono", "author": "Ana"}]
    order = parse_order(event).order
    assert order.customer.email == "ana@ejemplo.test; luz@ejemplo.test"
    assert order.notes == ("Pagó 30.000 con bono",)


@pytest.mark.parametrize("name", ["null null", "undefined undefined", "None None"])
def test_a_name_of_two_placeholders_is_none(event, name):
    event["customer"]["full_name"] = name
    event["customer"].pop("first_name", None), event["customer"].pop("last_name", None)
    event["shipping_address"].pop("full_name", None)
    assert parse_order(event).order.customer.name == ""
