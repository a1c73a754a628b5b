"""What may be shown of a buyer, and what never survives."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.colombia.masking import (
    mask_address,
    mask_email,
    mask_name,
    mask_number,
    mask_payload,
    mask_phone,
    mask_text,
)


def test_single_values_keep_just_enough_to_be_recognised():
    assert mask_number("1020303456") == "***3456"
    assert mask_number("3456") == "***"
    assert mask_number(None) == ""
    assert mask_phone("+57 310 555 0142") == "***0142"
    assert mask_phone(3105550142) == "***0142"
    assert mask_email("maria@ejemplo.test") == "m***@ejemplo.test"
    assert mask_email("nonsense") == "***"
    assert mask_name("Ana Ruiz") == "A•••• R••••"
    assert mask_address("Carrera 43 No 20 15") == "•••"
    assert mask_address("") == ""


INVOICE = {
    "date": "2026-11-20",
    "client": {
        "id": "154",
        "name": "Ana Canaria",
        "identification": "1020304050",
        "identificationObject": {"type": "CC", "number": "1020304050"},
        "phonePrimary": "3105550142",
        "mobile": 3105550142,
        "email": "canaria@ejemplo.test",
        "address": {
            "address": "Carrera 43 No 20 15",
            "description": "casa azul",
            "city": "Medellín",
            "department": "Antioquia",
        },
    },
    "anotation": "Entregar en Carrera 43 No 20 15",
    "observations": "Pedido 100245 · WEB-881 [MS1-7QK2M4XBTRCZHD6N]",
    "items": [{"id": "881", "name": "Camiseta", "price": 42016.81, "quantity": 2}],
    "seller": {"id": "3", "name": "Vendedor"},
    "numberTemplate": {"id": "12", "fullNumber": "FE318", "number": "318"},
    "total": "112000.0100000000",
    "stamp": {"cufe": "ab" * 48, "barCodeContent": "NumFac: FE318 DocAdq: 1020304050"},
}


def test_an_invoice_keeps_its_trade_and_loses_its_buyer():
    masked = mask_payload(INVOICE)
    text = json.dumps(masked, ensure_ascii=False)
    for canary in ("Canaria", "1020304050", "3105550142", "canaria", "Carrera", "azul"):
        assert canary not in text
    assert masked["client"]["identificationObject"] == {"type": "CC", "number": "***4050"}
    assert masked["client"]["address"]["city"] == "Medellín"
    assert masked["client"]["id"] == "154"
    for kept in ("date", "observations", "items", "seller", "numberTemplate", "total"):
        assert masked[kept] == INVOICE[kept]
    assert masked["stamp"]["cufe"] == INVOICE["stamp"]["cufe"]


def test_the_payload_itself_is_not_changed():
    before = copy.deepcopy(INVOICE)
    mask_payload(INVOICE)
    assert before == INVOICE


def test_an_order_keeps_its_trade_and_loses_its_buyer():
    masked = mask_payload(
        {
            "id_order": 100245,
            "external_order_id": "100245881",
            "customer": {
                "full_name": "Marta Canaria",
                "phone": 3105550142,
                "documentType": "CC",
                "documentNumber": "1020304050",
                "default_address": {"address1": "Calle 1", "address2": "Apto 302", "city": "Cali"},
            },
            "shipping_address": {
                "full_name": "Marta Canaria",
                "company": "Canaria",
                "cityDaneCode": "76001000",
                "address1": "Calle 1",
            },
            "order_items": [{"name": "Termo", "sku": "1234567", "price": 49900}],
        }
    )
    text = json.dumps(masked, ensure_ascii=False)
    for canary in ("Canaria", "3105550142", "1020304050", "Calle 1", "Apto"):
        assert canary not in text
    assert masked["external_order_id"] == "100245881"
    assert masked["shipping_address"]["cityDaneCode"] == "76001000"
    assert masked["order_items"] == [{"name": "Termo", "sku": "1234567", "price": 49900}]
    assert masked["customer"]["documentType"] == "CC"


def test_a_contact_answered_on_its_own_is_masked():
    masked = mask_payload(
        [{"id": "9", "name": "Ana Canaria", "identification": "1020304050", "type": ["client"]}]
    )
    assert masked == [
        {"id": "9", "name": "A•••• C••••", "identification": "***4050", "type": ["client"]}
    ]


def test_secrets_leave_nothing_behind():
    masked = mask_payload(
        {"Authorization": "Basic abc", "apiToken": "t0k3n", "secret": {"a": "hidden"}, "n": None}
    )
    assert masked == {"Authorization": "•••", "apiToken": "•••", "secret": {"a": "•••"}, "n": None}


def test_an_error_that_echoes_the_payload_is_masked_inside():
    echo = json.dumps({"client": {"name": "Ana Canaria"}})
    assert "Canaria" not in json.dumps(mask_payload({"message": echo}))
    masked = mask_payload({"message": "El cliente 1020304050 no existe", "code": 2035})
    assert masked == {"message": "El cliente ***4050 no existe", "code": 2035}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("correo canaria@ejemplo.test inválido", "correo c***@ejemplo.test inválido"),
        ("tel 3105550142.", "tel ***0142."),
        ("tel +57 310 555 01 42", "tel +***0142"),
        ("tel 573105550142", "tel ***0142"),
        ("fijo (601)5550142", "fijo ***0142"),
        ("+57 (315) 708-4926", "+57 ***4926"),
        ("código 1008 (400) y 12", "código 1008 (400) y 12"),
        ("cédula 1.020.304.050", "cédula ***4050"),
        ("cédula 1'020.304.050", "cédula ***4050"),
        ("cédula 1\u2019020\u2019304\u2019050", "cédula ***4050"),
        ("tel 310\u00a0555\u00a001\u00a042", "tel ***0142"),
        ("tel 310\u2011555\u20130142", "tel ***0142"),
        ("tel 310\u200b555\u202f0142", "tel ***0142"),
        ("entre '12', '345' y '6'", "entre '12', '345' y '6'"),
        ("to\U000f0000ken=abc123", "token=•••"),
        ("NIT 900092385-9", "NIT ***3859"),
        ("El total es $ 1.149.900 y no $ 149900", "El total es $ 1.149.900 y no $ 149900"),
        ("112000.01 en vez de 112000.00", "112000.01 en vez de 112000.00"),
        ("Pedido [MS1-7QK2M4XBTRCZHD6N]", "Pedido [MS1-7QK2M4XBTRCZHD6N]"),
        ("código 9228", "código 9228"),
        ("Authorization: Basic YWJj=", "Authorization: Basic •••"),
        ('"token": "abc123"', '"token": "•••"'),
        ("", ""),
    ],
)
def test_free_texts_are_scrubbed(text, expected):
    assert mask_text(text) == expected


def test_known_values_are_removed_wherever_they_stand():
    text = "El cliente ANA CANARIA de Calle 1 ya existe"
    assert (
        mask_text(text, known=["Ana Canaria", "Calle 1", ""]) == "El cliente ••• de ••• ya existe"
    )


PERSONAL = {
    "identification": "10203{n}",
    "documentNumber": "10203{n}",
    "email": "canary{n}@ejemplo.test",
    "phonePrimary": "31055{n}",
    "mobile": "31055{n}",
    "full_name": "Canary{n} Ruiz",
    "first_name": "Canary{n}",
    "address1": "Calle {n}",
    "anotation": "Calle {n}",
    "api_token": "tk{n}",
}


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(PERSONAL)),
    st.integers(10_000, 99_999),
    st.lists(st.sampled_from(["client", "customer", "items", "data", "list"]), max_size=4),
)
def test_a_canary_never_survives_wherever_it_is_nested(key, n, path):
    canary = PERSONAL[key].format(n=n)
    value = {key: canary}
    for step in path:
        value = [value] if step == "list" else {step: value}
    assert canary not in json.dumps(mask_payload(value), ensure_ascii=False)


@settings(max_examples=200)
@given(
    st.one_of(
        st.integers(3_000_000_000, 3_999_999_999).map(str),
        st.integers(573_000_000_000, 573_999_999_999).map(str),
        st.integers(6_010_000_000, 6_089_999_999).map(str),
        st.integers(100_000, 1_999_999_999).map(str),
        st.from_regex(r"[a-z]{2,12}@[a-z]{3,10}\.test", fullmatch=True),
    ),
    st.sampled_from(["", "error: ", "(", '"', "x=", "El número ", "\n", "a"]),
    st.sampled_from(["", ".", ",", ")", '"', " no es válido", "\n", "a", "; 45"]),
)
def test_a_canary_never_survives_in_a_free_text(canary, before, after):
    assert canary not in mask_text(f"{before}{canary}{after}")
