"""An identification that cannot be the buyer's reaches no document until a person has looked."""

from __future__ import annotations

import pytest

from integrations.documents.correcting import correct
from integrations.documents.preview import preview
from integrations.orders.models import Order

pytestmark = pytest.mark.django_db


def own_nit(engine) -> dict[str, str]:
    return {"documentType": "NIT", "documentNumber": engine.integration.company.nit}


IMPLAUSIBLE = {
    "a company with a cédula": lambda _engine: {"full_name": "Variedades La Esquina S.A.S."},
    "a NIT with its digit": lambda _engine: {"documentNumber": "9005590882"},
    "a mobile": lambda _engine: {"documentNumber": "3124445566"},
    "the seller": own_nit,
    "too long": lambda _engine: {"documentNumber": "52998117000"},
    "words": lambda _engine: {"documentNumber": "por confirmar"},
}


@pytest.mark.parametrize("write", IMPLAUSIBLE.values(), ids=list(IMPLAUSIBLE))
def test_it_waits_and_leaves_once_corrected(engine, cast, inside, write):
    order = engine.order(customer=write(engine))
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) <= {"identity_ambiguous", "identity_wrong"}
    assert engine.document(order).state == "blocked"

    told = {"name": "Marta Rojas", "doc_type": "CC", "doc_number": "52998118"}
    correct(order, changes=told, by=cast.editor)
    engine.run()
    (invoice,) = engine.invoices()
    assert str(invoice["client"]["identification"]) == "52998118"


@pytest.mark.parametrize(
    "number", ["", "0", "1234", "99999999", "123456", "3105550142", "573105550142"]
)
def test_where_nothing_was_said_the_unidentified_buyer_goes_with_a_note(engine, inside, number):
    order = engine.order(customer={"documentNumber": number})
    engine.run()
    (invoice,) = engine.invoices()
    assert str(invoice["client"]["identification"]) == "222222222222"
    notes = engine.document(order).built["notes"]
    assert any("Cliente no identificado" in note for note in notes)


def test_a_doubtful_town_is_noted_in_the_preview_and_beside_the_document(engine, inside):
    place = {"country": "CO", "state": "Magdalena", "city": "Macondo", "address1": "Calle 1"}
    order = engine.order(shipping_address=place)
    found = Order.objects.select_related("integration__company", "document").get(pk=order.pk)
    assert any("lista del DANE" in note for note in preview(found).notes)
    engine.run()
    assert any("lista del DANE" in note for note in engine.document(order).built["notes"])


@pytest.mark.parametrize(
    ("told", "number", "kind"),
    [
        ("Cédula de extranjería", "423987", "CE"),
        ("Permiso por protección temporal", "5829134", "DIE"),
        ("Documento de identificación extranjero", "V12345678", "DIE"),
    ],
)
def test_a_type_is_known_by_its_whole_name(engine, inside, told, number, kind):
    order = engine.order(customer={"documentType": told, "documentNumber": number})
    engine.run()
    assert engine.problems(order) == set()
    (contact,) = [each for each in engine.ledger()["contacts"] if number in str(each)]
    assert contact["identificationObject"]["type"] == kind
