import pytest

from integrations.mastershop import payment_methods

COD, PREPAID, UNKNOWN = "cod", "prepaid", "unknown"

# One spelling a line, as shops and gateways write them.
SPELLINGS = [
    ("cod", COD),
    ("COD", COD),
    (" Cod ", COD),
    ("C.O.D.", COD),
    ("c.o.d", COD),
    ("Cash on Delivery (COD)", COD),
    ("cash_on_delivery", COD),
    ("collect on delivery", COD),
    ("cashondelivery", COD),
    ("Contraentrega", COD),
    ("contra entrega", COD),
    ("CONTRA-ENTREGA", COD),
    ("Pago  contra entrega", COD),
    ("Contraentrega - Coordinadora", COD),
    ("Pago contra-entrega (Nequi o efectivo)", COD),
    ("contra reembolso", COD),
    ("Contrareembolso", COD),
    ("Pago al recibir", COD),
    ("págo en destino", COD),
    ("transfer", PREPAID),
    ("Transferencia bancaria", PREPAID),
    ("prepaid", PREPAID),
    ("pia", PREPAID),
    ("bank", PREPAID),
    ("Tarjeta de crédito", PREPAID),
    ("Credit Card", PREPAID),
    ("PSE", PREPAID),
    ("Mercado Pago", PREPAID),
    ("mercadopago_checkout_pro", PREPAID),
    ("Wompi - Nequi", PREPAID),
    ("PayU Latam", PREPAID),
    ("Pago Anticipado", PREPAID),
    ("Addi", UNKNOWN),
    ("codensa", UNKNOWN),
    ("Código QR", UNKNOWN),
    ("Cód. 4521", UNKNOWN),
    ("sin contraentrega", UNKNOWN),
    ("No es pago contra entrega", UNKNOWN),
    ("utopia", UNKNOWN),
    ("Discard", UNKNOWN),
    ("manual", UNKNOWN),
]


@pytest.mark.parametrize(("raw", "family"), SPELLINGS)
def test_the_family_of_a_spelling(raw, family):
    assert payment_methods.family(raw) == family


@pytest.mark.parametrize("raw", ["", None, 7, {}, [], "  ", "sin datos", True])
def test_what_says_nothing_belongs_to_no_family(raw):
    assert payment_methods.family(raw) == UNKNOWN


@pytest.mark.parametrize(
    ("method", "event", "gateway", "family"),
    [
        ("cod", "Pedido En Tránsito (Pago Anticipado)", "Wompi", COD),
        ("Addi", "Pedido En Tránsito (Contra Entrega)", "Contraentrega", UNKNOWN),
        (None, "Pedido En Tránsito (Contra Entrega)", "Wompi", COD),
        (None, "PEDIDO EN TRANSITO (PAGO ANTICIPADO)", "Contraentrega", PREPAID),
        ("", "Pedido En Tránsito", "Contraentrega", COD),
        (None, "Pedido En Tránsito", "COD", COD),
        (None, "Pedido En Tránsito", "Wompi", UNKNOWN),
        (None, "Pago anticipado", "", UNKNOWN),
        (None, None, None, UNKNOWN),
    ],
)
def test_only_where_the_method_is_absent_do_the_event_and_then_the_gateway_speak(
    method, event, gateway, family
):
    assert payment_methods.told_family(method, event_name=event, gateway=gateway) == family


def test_a_name_is_normalised_for_looking_it_up():
    assert payment_methods.normalise("  Mercado   Pago ") == "mercado pago"
    assert payment_methods.normalise(None) == ""


def test_both_families_have_the_label_the_sellers_know():
    assert payment_methods.LABELS == {"cod": "Contra Entrega", "prepaid": "Pago Anticipado"}
