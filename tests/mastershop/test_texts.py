"""Texts that were damaged on their way are read as they were written, and correct ones stay."""

from __future__ import annotations

import pytest

from integrations.mastershop.parser import parse_order, parse_row
from integrations.mastershop.products import read_product
from integrations.mastershop.texts import as_arrived, repaired, repaired_body

WRITTEN = [
    "Gómez", "María Muñoz", "ÁLVAREZ", "Ñañez", "NÚÑEZ", "Itagüí", "Óscar", "Íngrid", "Úrsula",
    "CÓRDOBA", "Bogotá D.C.", "Café ®", "“Básica”", "Niño – rojo", "Ángel Peña", "🌸 Ana ❤️", "20 €",
]  # fmt: skip

CORRECT = [
    "Muñoz-Díaz", "O'Neill", "Ana María de la Torre Gil", "Conceição Simões", "JOÃO GONÇALVES",
    "Ângela Müller", "Zoë Brontë", "Distribuciones 2000 SAS", "Jiménez & Hijos Ltda.", "AT&T; R&D",
    "CAFÉ® 500 g", "CAFÉ™", "CAFÉ½", "BEBÉ°2", "MAMÁ¡", "NESTLÉ®", "TÉ—VERDE", "SEÑORÍA", "3 × 2",
    "Niño 1°", "¿Qué?", "ñ", "Camiseta “Básica”", "Termo 750 ml · Negro", "S&para B", "1 & 2;",
    "🌸",
]  # fmt: skip


def damaged(text: str, encoding: str, times: int) -> str:
    """UTF-8 read as another encoding; what Windows-1252 leaves open is read as Latin-1."""
    for _ in range(times):
        text = "".join(_read(byte, encoding) for byte in text.encode())
    return text


def _read(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("text", WRITTEN)
def test_a_text_read_in_another_encoding_comes_back(text, encoding, times):
    assert repaired(damaged(text, encoding, times)) == text


@pytest.mark.parametrize("text", CORRECT + WRITTEN)
def test_a_correct_text_stays_as_it_is(text):
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Jim&eacute;nez &amp; Hijos", "Jiménez & Hijos"),
        ("MU&NTILDE;OZ", "MUÑOZ"),
        ("O&#39;Neill", "O'Neill"),
        ("O&#x27;Neill", "O'Neill"),
        ("Mu&amp;ntilde;oz", "Muñoz"),
        ("Mu&Atilde;&plusmn;oz", "Muñoz"),
        ("Mu\u00adñoz\u200b", "Muñoz"),
        ("\ufeffAna", "Ana"),
    ],
)
def test_entities_and_marks_that_nobody_sees_go(told, meant):
    assert repaired(told) == meant


def test_a_letter_that_is_lost_stays_lost():
    assert repaired("G\ufffdmez") == "G\ufffdmez"
    assert repaired("GÃ¯Â¿Â½mez") == "G\ufffdmez"


def test_every_text_of_an_order_is_repaired_and_kept_as_it_arrived(event):
    event["customer"]["full_name"] = "MarÃ­a MuÃ±oz"
    event["shipping_address"]["city"] = "ItagÃ¼Ã­"
    event["shipping_address"]["address1"] = "Cra 1 &amp; 2"
    event["order_items"][0]["name"] = "Camiseta bÃ¡sica"
    event["additional_charge"] = {"EnvÃ­o": 15100}
    event["notes"] = ["Llamar a la seÃ±ora"]
    order = parse_order(event).order
    assert order.customer.name == "María Muñoz"
    assert order.ship_to.city == "Itagüí"
    assert order.lines[0].name == "Camiseta básica"
    assert order.extra_charges[0].name == "Envío"
    assert order.notes == ("Llamar a la señora",)
    assert order.arrived["María Muñoz"] == "MarÃ\u00ada MuÃ±oz".replace("\u00ad", "")
    assert as_arrived(order.ship_to.address, order.arrived).startswith("Cra 1 &amp; 2")
    assert as_arrived("Ana Ruiz", order.arrived) == ""


def test_rows_of_the_list_and_products_are_repaired_too():
    row = parse_row({"id_order": 1, "client_info": {"full_name": "JosÃ© MuÃ±oz"}})
    assert row.customer_name == "José Muñoz"
    assert read_product({"id_product": 1, "name": "Caf&eacute;"}).name == "Café"


def test_a_body_of_any_shape_is_read():
    deep: object = "Ã±"
    for _ in range(200):
        deep = [deep]
    assert repaired_body(deep)[1] == {}
    assert repaired_body({"a": None, "b": [1, 2.5, True]})[0] == {"a": None, "b": [1, 2.5, True]}
    assert len(repaired("Ã±" * 100_000)) <= 4000
