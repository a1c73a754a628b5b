"""A contact that we knew and that serves no more is found or made anew, without anybody."""

from __future__ import annotations

import pytest

from integrations.documents.models import BuyerContact
from integrations.documents.same_person import answer_about
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing
from tests.documents.test_another_client import BUYER, SOMEBODY, api, live, number_of, renumber
from tests.documents.test_contacts import contact_calls, fill, store

pytestmark = pytest.mark.django_db
MARTA = {"firstName": "Marta", "lastName": "Rojas"}


@pytest.fixture
def known(engine):
    engine.order()
    engine.run()
    engine.at.advance(seconds=5)
    return engine


def contact_id(engine) -> str:
    with scope(engine.integration.organization_id):
        return BuyerContact.objects.get(number=BUYER).alegra_id


def as_it_is(engine, key: str, **changes):
    """Somebody edits the contact in Alegra."""
    proof = {"identificationObject": {"type": "CC", "number": BUYER}}
    name = {"nameObject": {"firstName": "Marta", "lastName": "Rojas"}}
    api(engine, "PUT", f"/contacts/{key}", {**SOMEBODY, **proof, **name, **changes})


def contact_of(engine, invoice) -> dict:
    key = str(invoice["client"]["id"])
    return next(row for row in engine.ledger()["contacts"] if str(row["id"]) == key)


@pytest.mark.parametrize("complete", [False, True])
def test_a_deleted_contact_is_made_again(known, complete):
    if complete:
        fill(known)
    key = contact_id(known)
    for row in known.invoices():
        api(known, "DELETE", f"/invoices/{row['id']}")
    api(known, "DELETE", f"/contacts/{key}")
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    assert number_of(invoice) == BUYER
    assert str(invoice["client"]["id"]) != key
    assert known.document(order).state == "created"


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("told", ["with_id", "bare"])
def test_the_only_contact_of_a_number_is_made_active_again(known, complete, told):
    if complete:
        fill(known)
    known.switch(repeated_contact=told)
    key = contact_id(known)
    as_it_is(known, key, status="inactive", observations="Cliente de la feria", email="f@e.test")
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    assert str(invoice["client"]["id"]) == key
    contact = contact_of(known, invoice)
    assert contact["status"] == "active"
    # What people wrote is still there.
    assert (contact["observations"], contact["name"]) == ("Cliente de la feria", "Marta Rojas")
    assert contact["identification"] == BUYER
    assert known.document(order).state == "created"


@pytest.mark.parametrize("complete", [False, True])
def test_where_the_older_of_two_is_inactive_the_other_one_is_used(known, complete):
    newer = store(known, BUYER, ignoreRepeated=True)
    if complete:
        fill(known)
    key = contact_id(known)
    as_it_is(known, key, status="inactive")
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    assert str(invoice["client"]["id"]) == newer
    assert known.calls("PUT", "/contacts") == 1  # the test's own


def test_a_contact_that_became_inactive_and_somebody_else_is_left_alone(known):
    key = renumber(known, "1", status="inactive")
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    assert number_of(invoice) == BUYER
    assert str(invoice["client"]["id"]) != key


def test_a_refusal_for_another_reason_costs_one_reading_and_keeps_the_contact(known):
    key = contact_id(known)
    known.switch({"fault": "status", "method": "POST", "path": "/invoices", "status": 400,
                  "body": {"message": "No se puede"}})  # fmt: skip
    order = known.order()
    known.run()
    assert known.problems(order) == {"rejected"}
    assert contact_id(known) == key
    posts = known.calls("POST", "/invoices")
    known.later(60)
    assert known.calls("POST", "/invoices") == posts


def test_the_unidentified_buyers_contact_is_never_made_active(engine):
    (generic,) = api(engine, "GET", "/contacts?identification=222222222222")
    body = {"name": generic["name"], "identificationObject": generic["identificationObject"]}
    api(engine, "PUT", f"/contacts/{generic['id']}", {**body, "status": "inactive"})
    puts = engine.calls("PUT", "/contacts")
    order = engine.order(customer={"documentNumber": ""})
    engine.run()
    assert engine.problems(order) == {"rejected"}
    assert engine.calls("PUT", "/contacts") == puts


@pytest.fixture
def remissions(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    engine.at.advance(seconds=timing().contact_seen + 1)
    return engine


def client_of(engine, order) -> dict:
    marker = engine.document(order).marker
    (row,) = [row for row in engine.remissions() if row["_marker"] == marker]
    return contact_of(engine, row)


@pytest.mark.parametrize("form", ["identification", "object", "name"])
def test_before_a_remission_a_contact_seen_long_ago_is_read(remissions, form):
    remissions.switch(remission_client=form)
    other = renumber(remissions)
    order = remissions.order()
    remissions.run()
    client = client_of(remissions, order)
    assert (client["identification"], remissions.document(order).state) == (BUYER, "created")
    assert str(client["id"]) != other


def test_a_contact_that_is_still_the_buyer_costs_a_remission_one_reading_a_day(remissions):
    before = len(contact_calls(remissions))
    remissions.order()
    remissions.run()
    key = contact_id(remissions)
    assert contact_calls(remissions)[before:] == [("GET", f"/contacts/{key}")]
    remissions.order()
    remissions.run()
    assert len(contact_calls(remissions)) == before + 1


def test_an_inactive_contact_of_a_remission_is_made_active_before_it(remissions):
    key = contact_id(remissions)
    as_it_is(remissions, key, status="inactive")
    order = remissions.order()
    remissions.run()
    assert str(client_of(remissions, order)["id"]) == key
    assert remissions.calls("POST", "/remissions") == 2


def test_a_reading_that_fails_forgets_nobody(remissions):
    """A person said that this record is the buyer: nothing else would find it again."""
    key = contact_id(remissions)
    renumber(remissions, "41555666", name="Marta Rojas", nameObject=MARTA)
    with scope(remissions.integration.organization_id):
        row = BuyerContact.objects.get(number=BUYER)
        row.same_as = [answer_about(key, "41555666")]
        row.save()
    path = f"/contacts/{key}"
    fault = {"fault": "status", "method": "GET", "path": path, "status": 503, "times": 1}
    remissions.switch(fault)
    order = remissions.order()
    remissions.run()
    assert contact_id(remissions) == key
    remissions.later(120)
    assert str(client_of(remissions, order)["id"]) == key


def test_a_contact_that_only_the_index_knows_is_read_before_a_remission(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    key = store(engine, BUYER)
    fill(engine)
    proof = {"identificationObject": {"type": "CC", "number": "41555666"}}
    api(engine, "PUT", f"/contacts/{key}", {**SOMEBODY, **proof})
    order = engine.order()
    engine.run()
    client = client_of(engine, order)
    assert client["identification"] == BUYER
