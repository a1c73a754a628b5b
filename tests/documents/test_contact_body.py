"""What a new buyer is created with: all that Alegra demands, nothing that it refuses."""

from __future__ import annotations

import pytest

from integrations.colombia import identity, names
from integrations.documents.contact_body import contact_body
from integrations.documents.facts import BuyerFact


def made(filler=".", **changes):
    given = {"name": "Ana Ruiz", "doc_type": "CC", "doc_number": "52998117"} | changes
    buyer = BuyerFact(**given)
    judged = identity.judge(buyer.doc_type, buyer.doc_number, phone=buyer.phone)
    name = names.split_name(buyer.name, is_company=judged.is_company)
    return contact_body(buyer, judged, name, filler=filler)


def test_a_buyer_of_one_word_gets_the_stated_filler_as_surname_and_a_note():
    made_of_one_word = made(name="Marta")
    assert made_of_one_word.body["nameObject"] == {"firstName": "Marta", "lastName": "."}
    assert "name" not in made_of_one_word.body
    assert any("apellido" in note and "«.»" in note for note in made_of_one_word.notes)
    assert made(name="Marta", filler="Sin Apellido").body["nameObject"]["lastName"] == (
        "Sin Apellido"
    )


def test_a_buyer_of_two_words_is_not_noted():
    assert made().notes == ()


def test_a_company_has_its_name_alone():
    body = made(name="Comercial X SAS", doc_type="NIT", doc_number="900559088").body
    assert body["name"] == "Comercial X SAS"
    assert "nameObject" not in body
    assert body["kindOfPerson"] == "LEGAL_ENTITY"


def test_an_address_goes_with_its_city_and_department_by_their_official_names():
    body = made(address="Cra 7 No 1 2", city="bogota", department="Cundinamarca").body
    assert body["address"] == {
        "address": "Cra 7 No 1 2",
        "city": "Bogotá, D.C.",
        "department": "Bogotá, D.C.",
        "country": "Colombia",
    }


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"city": "Medellín"},
        {"department": "Antioquia"},
        {"city": "Macondo", "department": "Magdalena"},
        {"city": "Medellín", "department": "Cundinamarca"},
    ],
)
def test_a_street_without_a_town_that_fits_is_left_out_whole(place):
    """Alegra refuses the contact for it (2112), not the address alone."""
    assert "address" not in made(address="Cra 7 No 1 2", **place).body
