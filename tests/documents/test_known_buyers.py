"""Who bought is not forgotten because a later body of the order says nothing of it."""

from __future__ import annotations

import pytest

from integrations.documents.correcting import correct
from tests.documents.asked_buyers import client, made_to
from tests.documents.changing import again

pytestmark = pytest.mark.django_db


EMPTY = [None, "", "0", "Sin datos", "N/A", "No aplica", "null", "-", "--", "No tiene", "ninguno",
         "52998***"]  # fmt: skip


@pytest.mark.parametrize("empty", EMPTY)
def test_what_says_nothing_erases_nobody(engine, inside, empty):
    order = engine.order(status=6, updated="2026-11-20T18:00:00Z")
    assert engine.invoices() == []
    told = dict.fromkeys(("full_name", "documentType", "documentNumber", "email"), empty)
    again(engine, order, customer=told)
    engine.run()
    assert client(engine)[:3] == ("Marta Elena Rojas Pinto", "CC", "52998117")


@pytest.mark.parametrize("name", ["M**** R****", "Consumidor Final", "Cliente"])
def test_a_name_of_nobody_replaces_no_name(engine, inside, name):
    order = engine.order(status=6, updated="2026-11-20T18:00:00Z")
    again(engine, order, customer={"full_name": name, "documentNumber": None})
    engine.run()
    assert client(engine)[:3] == ("Marta Elena Rojas Pinto", "CC", "52998117")


def test_a_covered_number_of_somebody_else_is_asked_about(engine, inside):
    order = engine.order(status=6, updated="2026-11-20T18:00:00Z")
    again(engine, order, customer={"full_name": None, "documentNumber": "10832****7"})
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"identity_wrong"}


def test_an_identification_that_a_new_name_left_behind_is_asked_about(engine, say):
    order = engine.order(status=6, updated="2026-11-20T18:00:00Z")
    lost = {"full_name": "Carlos Andrés Mesa", "documentType": None, "documentNumber": None}
    again(engine, order, customer=lost)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"buyer_lost"}
    assert say(order, "known") == 1
    engine.run()
    assert client(engine)[:3] == ("Carlos Andrés Mesa", "CC", "52998117")


def test_a_lost_buyer_may_go_without_identification(engine, say):
    order = engine.order(status=6, updated="2026-11-20T18:00:00Z")
    again(engine, order, customer={"full_name": "Carlos Mesa", "documentNumber": None})
    engine.run()
    say(order, "unidentified")
    engine.run()
    assert client(engine)[2] == "222222222222"


@pytest.mark.parametrize("name", ["Cliente", "Consumidor Final", "N/A", "-", "M* R*", "[redacted]"])
def test_a_number_without_a_name_is_asked_about(engine, cast, inside, name):
    order = made_to(engine, full_name=name)
    assert engine.invoices() == []
    assert engine.problems(order) == {"name_unusable"}
    correct(order, changes={"name": "Marta Rojas"}, by=cast.editor)
    engine.run()
    assert client(engine)[0] == "Marta Rojas"
