import pytest

from integrations.mastershop import payment_methods


@pytest.mark.parametrize(
    "raw",
    [
        "cod",
        "COD",
        " Cod ",
        "Contraentrega",
        "contra entrega",
        "CONTRA-ENTREGA",
        "Pago  contra entrega",
        "Pago al recibir",
        "pago en destino",
        "Cash on Delivery",
        "cash_on_delivery",
        "collect on delivery",
    ],
)
def test_names_of_payment_on_delivery(raw):
    assert payment_methods.family(raw) == "cod"


@pytest.mark.parametrize(
    "raw",
    ["transfer", "prepaid", "pia", "bank", "Mercado Pago", "Wompi", "codensa", "", None, 7, {}],
)
def test_every_other_name_is_prepaid(raw):
    assert payment_methods.family(raw) == "prepaid"


def test_a_name_is_normalised_for_looking_it_up():
    assert payment_methods.normalise("  Mercado   Pago ") == "mercado pago"
    assert payment_methods.normalise(None) == ""


def test_both_families_have_the_label_the_sellers_know():
    assert payment_methods.LABELS == {"cod": "Contra Entrega", "prepaid": "Pago Anticipado"}
