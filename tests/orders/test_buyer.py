from __future__ import annotations

import pytest

from integrations.orders.buyer import effective_buyer, received_buyer
from integrations.orders.models import OrderCorrection
from tests.orders.tellings import moment


@pytest.fixture
def correct(tell):
    order = tell().order

    def corrected(field, after, at="8 11:00"):
        OrderCorrection.objects.create(
            organization_id=order.organization_id,
            order=order,
            field=field,
            after=after,
            at=moment(at),
        )
        return effective_buyer(order)

    return corrected


def test_the_latest_correction_of_each_field_counts(correct):
    correct("doc_number", "1", at="8 12:00")
    correct("doc_number", "2", at="8 11:00")
    buyer = correct("name", "Luz Peña")
    assert (buyer.doc_number, buyer.name, buyer.doc_type) == ("1", "Luz Peña", "CC")
    assert buyer.corrected == {"doc_number", "name", "unidentified"}


def test_the_order_as_received_stays(correct, tell):
    correct("name", "Otra Persona")
    assert received_buyer(tell().order).name == "Luz Dary Peña Ávila"


def test_a_corrected_city_leaves_the_code_of_the_other_place_behind(correct):
    buyer = correct("city", "Cali")
    assert (buyer.city, buyer.dane_code) == ("Cali", "")


def test_of_unidentified_and_an_identification_the_later_counts(correct):
    assert correct("unidentified", "1", at="8 11:00").unidentified
    assert not correct("doc_number", "52998117", at="8 12:00").unidentified


def test_masked_shows_enough_to_recognise_and_no_more(correct):
    masked = correct("email", "luz@example.com").masked()
    assert (masked.doc_number, masked.phone) == ("***8117", "***0142")
    assert (masked.email, masked.address) == ("l***@example.com", "•••")
    assert "52998117" not in repr(correct("name", "x"))
