"""The name of a charge says what kind of amount it is, or nothing, and then it is asked."""

from __future__ import annotations

import pytest

from integrations.mastershop.charge_names import key, told_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, "own") for name in (
            "Envío", "ENVIO", "Costo de envío", "Flete nacional", "Domicilio", "Shipping",
            "Recaudo", "Comisión por recaudo", "Seguro de mercancía", "Sobreflete",
            "Envío (IVA incluido)", "Flete sin IVA", "Envio + IVA", "Cargo adicional",
            "Otros cargos", "Recargo contraentrega", "Delivery fee", "handling_fee", "Guía",
        )),
        *((name, "discount") for name in (
            "Descuento", "Dto. 10 %", "DCTO CLIENTE", "Cupón BIENVENIDA", "Coupon", "Promoción",
            "Descuento envío", "Descuento IVA", "discount_code",
        )),
        *((name, "tax") for name in (
            "IVA", "IVA 5%", "I.V.A. 19%", "iva_19", "Impuesto", "Impuestos", "INC", "INC 8 %",
            "Impoconsumo", "Impuesto al consumo", "Tax", "IVA envío",
        )),
        *((name, "third_party") for name in (
            "Propina", "Propina voluntaria", "Tip", "tips", "Donación Teletón", "DONACION",
            "Teletón", "Aporte voluntario", "Redondeo solidario", "Propinas 10%",
        )),
        *((name, "unknown") for name in (
            "", "Empaque de regalo", "Ajuste", "Envío y propina", "Seguro e IVA", "Redondeo",
            "Instalación", "Privado", "Increíble", "Recibo",
        )),
    ],
)  # fmt: skip
def test_well_known_words_decide_and_others_do_not(name, kind):
    assert told_kind(name) == kind


def test_names_that_differ_in_accents_capitals_spaces_and_signs_are_one():
    assert {key(name) for name in ("Envío", "ENVIO", " e n v i o ", "Envío.", "en-vío")} == {
        "envio"
    }
    assert key("Envío 1") != key("Envío 2")
