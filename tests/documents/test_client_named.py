"""A contact that we know and that keeps its number, but is somebody else by name or kind."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents import acts
from integrations.documents.models import BuyerContact
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing
from tests.documents.test_another_client import BUYER, SOMEBODY, api, live, renumber, say_same
from tests.documents.test_contacts import fill

pytestmark = pytest.mark.django_db

OSCAR = {"nameObject": {"firstName": "Óscar", "lastName": "Duarte Peña"}}
SHOP = {
    "name": "Ferretería El Tornillo SAS",
    "nameObject": None,
    "kindOfPerson": "LEGAL_ENTITY",
}
# A company with one of the buyer's own names.
FAMILY = {"name": "Inversiones Rojas SAS", "nameObject": None, "kindOfPerson": "LEGAL_ENTITY"}
MARTA = {"nameObject": {"firstName": "Marta Elena", "lastName": "Rojas Pinto"}}


@pytest.fixture(params=["searched", "indexed"])
def known(request, engine):
    """An order of the same buyer was documented before."""
    if request.param == "indexed":
        fill(engine)
    engine.order()
    engine.run()
    return engine


def page_of(client, cast, order) -> str:
    return client.get(reverse("order", args=[cast.organization.slug, order.pk])).content.decode()


@pytest.mark.parametrize("other", [OSCAR, SHOP, FAMILY], ids=["oscar", "shop", "family"])
def test_a_known_contact_that_became_somebody_else_is_asked_about(known, cast, login, other):
    renumber(known, BUYER, **other)
    order = known.order()
    known.run()
    assert known.problems(order) == {"client_differs"}
    assert known.document(order).state == "blocked"
    page = page_of(login(cast.editor), cast, order)
    assert "a nombre de otro comprador" in page
    assert "Cuadra al peso" not in page
    assert "cuando quieras" not in page
    # The draft stays as it is, and nobody is named in what is mailed.
    (invoice,) = live(known, order)
    assert str(invoice["id"]) == known.document(order).alegra_id
    assert known.calls("DELETE", "/invoices") == 0
    with scope(known.integration.organization_id):
        told = str(known.document(order).problems.get(closed_at=None).params)
    for word in ("Óscar", "Duarte", "Tornillo", "Rojas", "Marta", BUYER):
        assert word not in told


@pytest.mark.parametrize(
    ("other", "code"),
    [(OSCAR, "contact_other_name"), (SHOP, "contact_other_kind"), (FAMILY, "contact_other_kind")],
    ids=["oscar", "shop", "family"],
)
def test_the_next_order_of_that_buyer_asks_before_it_is_sent(known, other, code):
    renumber(known, BUYER, **other)
    known.order()
    known.run()
    sent = known.calls("POST", "/invoices")
    order = known.order()
    known.run()
    assert known.problems(order) == {code}
    assert known.calls("POST", "/invoices") == sent
    assert known.calls("POST", "/contacts") == 1


@pytest.mark.parametrize("other", [OSCAR, SHOP, FAMILY], ids=["oscar", "shop", "family"])
def test_the_same_buyer_is_said_once_and_sends_nothing_again(known, cast, login, other):
    key = renumber(known, BUYER, **other)
    orders = [known.order(), known.order()]
    known.run()
    assert known.problems(orders[0]) == {"client_differs"}
    say_same(known, cast, login, orders[0])
    sent = known.calls("POST", "/invoices")
    before = live(known, orders[0])
    known.run()
    assert known.document(orders[0]).state == "created"
    assert live(known, orders[0]) == before
    later = known.order()
    known.run()
    assert known.document(later).state == "created"
    assert str(live(known, later)[0]["client"]["id"]) == key
    # The first one was not sent again; the second one may have waited before it was sent.
    assert known.calls("POST", "/invoices") <= sent + 2
    assert len(live(known, orders[0])) == 1


def test_read_again_before_it_is_mended_it_is_asked_about_again(known, cast):
    key = renumber(known, BUYER, **OSCAR)
    order = known.order()
    known.run()
    # Whoever is asked before the sending has read the contact meanwhile.
    known.order()
    known.run()
    with scope(cast.organization.pk):
        acts.retry(known.document(order), by=cast.editor)
    known.run()
    assert known.problems(order) == {"client_differs"}
    proof = {"identificationObject": {"type": "CC", "number": BUYER}}
    api(known, "PUT", f"/contacts/{key}", {**SOMEBODY, **MARTA, **proof})
    # The document shows its client as it was chosen: it is chosen again.
    invoice = known.document(order).alegra_id
    api(known, "PUT", f"/invoices/{invoice}", {"client": {"id": key}})
    with scope(cast.organization.pk):
        acts.retry(known.document(order), by=cast.editor)
    known.run()
    assert known.problems(order) == set()
    assert known.document(order).state == "created"
    assert len(live(known, order)) == 1


def test_one_whose_answer_was_lost_is_asked_about_too(known):
    renumber(known, BUYER, **OSCAR)
    known.switch(
        {"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices", "times": 1}
    )
    order = known.order()
    known.run()
    known.later(timing().first_look_up + 1)
    assert known.problems(order) == {"client_differs"}
    assert len(live(known, order)) == 1


def test_a_remission_is_asked_about_too(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    renumber(engine, BUYER, **OSCAR)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"client_differs"}


@pytest.mark.parametrize(
    "same",
    [
        {"nameObject": {"firstName": "Martha", "lastName": "Rojas"}},
        {"nameObject": {"firstName": "ROJAS PINTO", "lastName": "MARTA ELENA"}},
        {"nameObject": {"firstName": "X", "lastName": "."}},
    ],
    ids=["spelling", "order", "nothing"],
)
@pytest.mark.parametrize("form", ["identification", "object", "name"])
def test_another_spelling_of_the_buyer_is_no_question(known, same, form):
    known.switch(invoice_client=form)
    key = renumber(known, BUYER, **same)
    order = known.order()
    known.run()
    assert known.document(order).state == "created"
    with scope(known.integration.organization_id):
        assert BuyerContact.objects.get(number=BUYER).alegra_id == key


@pytest.mark.parametrize("form", ["object", "name"])
def test_however_the_answer_tells_the_name_somebody_else_is_asked_about(known, form):
    known.switch(invoice_client=form)
    renumber(known, BUYER, **OSCAR)
    order = known.order()
    known.run()
    assert known.problems(order) == {"client_differs"}


def test_a_person_for_a_company_is_asked_about(engine):
    customer = {"documentType": "NIT", "documentNumber": "900559088-2",
                "full_name": "Comercial Rojas SAS"}  # fmt: skip
    engine.order(customer=customer)
    engine.run()
    with scope(engine.integration.organization_id):
        key = BuyerContact.objects.get().alegra_id
    proof = {"identificationObject": {"type": "NIT", "number": "900559088"}}
    person = {"nameObject": {"firstName": "Juan Carlos", "lastName": "Rojas"}}
    api(engine, "PUT", f"/contacts/{key}", {**SOMEBODY, **person, **proof})
    order = engine.order(customer=customer)
    engine.run()
    assert engine.problems(order) == {"client_differs"}


def test_the_unidentified_buyer_is_never_compared(engine):
    nobody = {"customer": {"documentNumber": ""}}
    engine.order(**nobody)
    engine.run()
    order = engine.order(**nobody)
    engine.run()
    assert engine.document(order).state == "created"
