from decimal import Decimal

import pytest

from integrations.mastershop.products import read_product

ENTRY = {
    "idProduct": 118203,
    "name": "Termo acero 750 ml",
    "description": "Doble pared",
    "basePrice": 31000,
    "suggestedPrice": "79.900",
    "stockTotal": 40,
    "urlImageProduct": "https://img.example.com/termo.jpg",
    "prodFormatName": "Hogar, Muebles, Cocina",
    "nameState": "Activo",
    "productOwner": {"idBusiness": 9001, "publicName": "Importadora Demo"},
    "variation": [
        {"idVariant": 430771, "name": "Negro", "sku": "TERMO-NEG", "price": 79900, "stock": 25},
        {"idVariant": 430772, "name": "Azul", "sku": None, "price": 79900, "isEnable": 0},
    ],
}


def test_a_product_of_the_catalogue_is_read():
    product = read_product(ENTRY)
    assert (product.id, product.owner_business) == ("118203", "9001")
    assert (product.base_price, product.suggested_price) == (Decimal(31000), Decimal(79900))
    black, blue = product.variants
    assert (black.id, black.sku, black.stock, black.is_enabled) == (
        "430771",
        "TERMO-NEG",
        Decimal(25),
        True,
    )
    assert (blue.sku, blue.stock, blue.is_enabled) == ("", None, False)


def test_the_market_names_its_variations_otherwise():
    entry = dict(ENTRY)
    entry["variants"] = entry.pop("variation")
    assert read_product(entry) == read_product(ENTRY)


def test_a_simple_product_has_one_default_variation():
    entry = ENTRY | {"variation": [{"idVariant": 5, "name": "Default Variant"}]}
    product = read_product(entry)
    assert product.only_variant.is_default
    assert product.only_variant.id == "5"


def test_with_several_variations_there_is_a_choice():
    assert read_product(ENTRY).only_variant is None


@pytest.mark.parametrize("entry", [None, [], {}, {"idProduct": None}, {"idProduct": 0}])
def test_without_an_id_there_is_no_product(entry):
    assert read_product(entry) is None


def test_variations_without_an_id_are_left_out():
    entry = ENTRY | {"variation": [{"name": "Negro"}, None, {"idVariant": 7}]}
    assert [variant.id for variant in read_product(entry).variants] == ["7"]
