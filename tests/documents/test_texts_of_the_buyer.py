"""The buyer's texts on the contact that Alegra gets: repaired, cut, left out, or asked about."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.documents.contact_following import follow_due
from integrations.documents.correcting import correct

pytestmark = pytest.mark.django_db


def client_of(engine, invoice: dict[str, Any]) -> dict[str, Any]:
    contacts = {str(each["id"]): each for each in engine.ledger()["contacts"]}
    return contacts[str(invoice["client"]["id"])]


def sent(engine, **changes: Any) -> tuple[dict[str, Any], list[str]]:
    """(The contact of the only invoice, the notes beside the document.)"""
    order = engine.order(**changes)
    engine.run()
    assert engine.problems(order) == set()
    (invoice,) = engine.invoices()
    return client_of(engine, invoice), engine.document(order).built["notes"]


def says(notes: list[str], text: str) -> bool:
    return any(text in note for note in notes)


@pytest.mark.parametrize(
    ("told", "cut"),
    [
        ("Laura Gómez (recibe Don Julio portería)", "entre paréntesis"),
        ("Laura Gómez - llamar antes 3105550142", "una indicación"),
        ("Laura Gómez 2do piso", "dirección"),
        ("Laura Gómez cc 52998117", "identificación"),
        ("PEDIDO URGENTE Laura Gómez 🌸", "emojis"),
    ],
)
def test_what_is_no_name_is_cut_and_said(engine, inside, told, cut):
    contact, notes = sent(engine, customer={"full_name": told})
    assert contact["name"] == "Laura Gómez"
    assert says(notes, cut)
    assert not any(says(notes, told) for told in ("Julio", "52998117"))


def test_damaged_texts_reach_alegra_as_they_were_written(engine, inside):
    contact, _notes = sent(
        engine,
        customer={"full_name": "MarÃ­a MuÃ±oz"},
        shipping_address={
            "country": "CO", "state": "Antioquia", "city": "MedellÃ­n", "address1": "Cra 1 &amp; 2",
        },
    )  # fmt: skip
    assert contact["name"] == "María Muñoz"
    assert contact["address"]["city"] == "Medellín"
    assert contact["address"]["address"] == "Cra 1 & 2"


@pytest.mark.parametrize(
    "name", ["G?mez Laura", "Laura Gómez / Pedro Ruiz", "Laura Gómez - Bogotá", "Portería"]
)
def test_a_name_that_nobody_can_tell_waits_and_leaves_once_written(engine, cast, inside, name):
    order = engine.order(customer={"full_name": name})
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"name_unusable"}
    correct(order, changes={"name": "Laura Gómez"}, by=cast.editor)
    engine.run()
    (invoice,) = engine.invoices()
    assert client_of(engine, invoice)["name"] == "Laura Gómez"


def test_a_name_that_is_right_as_it_arrived_goes_once_somebody_says_so(engine, cast, inside):
    order = engine.order(customer={"full_name": "José Portero"})
    engine.run()
    assert engine.problems(order) == {"name_unusable"}
    correct(order, changes={}, confirmed=frozenset({"name"}), by=cast.editor)
    engine.run()
    (invoice,) = engine.invoices()
    assert client_of(engine, invoice)["name"] == "José Portero"


def test_another_identification_in_the_name_is_asked_about(engine, inside):
    order = engine.order(customer={"full_name": "Laura Gómez cc 1020304050"})
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"name_unusable"}


def test_the_only_identification_standing_in_the_name_is_asked_about(engine, inside):
    told = {"full_name": "Laura Gómez cc 1020304050", "documentNumber": ""}
    order = engine.order(customer=told)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"identity_ambiguous"}


@pytest.mark.parametrize(
    ("told", "goes", "note"),
    [
        ("ana@example.com", "ana@example.com", ""),
        ("ana@example.com.", "ana@example.com", "correo"),
        ("ana@example.com; luis@example.com", "ana@example.com", "va la primera"),
        ("ana.ruiz.@gmail.com", None, "El correo no va"),
        ("llamar antes", None, "El correo no va"),
        # Only says that there is none.
        ("no tiene", None, ""),
    ],
)
def test_an_email_never_stops_the_document_and_is_spoken_of(engine, inside, told, goes, note):
    contact, notes = sent(engine, customer={"email": told})
    assert contact["email"] == goes
    assert says(notes, note) if note else not says(notes, "correo")


def test_a_telephone_and_an_address_that_cannot_go_are_spoken_of(engine, inside):
    contact, notes = sent(
        engine,
        customer={"phone": "5550142"},
        shipping_address={
            "country": "CO", "state": "Antioquia", "city": "Medellín", "address1": "Cl\ufffd 3",
        },
    )  # fmt: skip
    assert contact["phonePrimary"] is None
    assert contact["address"]["city"] == "Medellín"
    assert "address" not in contact["address"]
    assert says(notes, "El teléfono no va")
    assert says(notes, "La dirección no va")


@pytest.mark.parametrize("how", ["named", "bare"])
@pytest.mark.parametrize(
    ("what", "field", "word"),
    [
        ("email", "email", "el correo"),
        ("phone", "phonePrimary", "el teléfono"),
        ("address", "address", "la dirección"),
    ],
)
def test_a_contact_refused_for_what_it_can_do_without_is_made_without(
    engine, inside, what, field, word, how
):
    engine.switch(contact_refuses=[what], contact_refusal=how)
    contact, notes = sent(engine)
    assert contact[field] is None
    assert says(notes, f"sin {word}") or (how == "bare" and says(notes, word))
    assert engine.calls("POST", "/contacts") == 2
    if how == "named":
        others = {"email", "phonePrimary", "address"} - {field}
        assert all(contact[other] for other in others)


def test_a_contact_refused_twice_is_a_problem_and_is_sent_no_third_time(engine, inside):
    engine.switch(
        {"fault": "status", "method": "POST", "path": "/contacts", "times": 9, "status": 400,
         "body": {"code": 400, "message": "El correo no es válido"}}
    )  # fmt: skip
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "blocked"
    assert engine.calls("POST", "/contacts") == 2


def test_telephone_and_address_that_a_person_wrote_go(engine, cast, inside):
    order = engine.order(customer={"full_name": "G?mez", "phone": "55", "email": "x"})
    engine.run()
    told = {
        "name": "Laura Gómez", "phone": "604 555 0142", "address": "Calle 9", "email": "l@x.co",
    }  # fmt: skip
    correct(order, changes=told, by=cast.editor)
    engine.run()
    (invoice,) = engine.invoices()
    contact = client_of(engine, invoice)
    assert contact["phonePrimary"] == "6045550142"
    assert contact["address"]["address"] == "Calle 9"
    assert contact["email"] == "l@x.co"


def test_a_known_contact_follows_all_that_alegra_takes(engine, inside):
    sent(engine)
    engine.switch(contact_refuses=["email"])
    engine.order(customer={"email": "otra@example.com", "phone": "3115550143"})
    engine.run()
    for _ in range(6):
        engine.later(60)
        follow_due()
    contact = client_of(engine, engine.invoices()[0])
    assert contact["email"] == "marta.rojas@example.com"
    assert contact["phonePrimary"] == "3115550143"
