"""A contact's e-mail, telephone and address follow its newest order, and nothing else does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents.contact_details import changes
from integrations.documents.contact_following import MOST_TRIES, follow_due
from integrations.documents.models import BuyerContact, Document
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing
from tests.cast import make_integration
from tests.documents.test_another_client import BUYER, api
from tests.documents.test_contacts import contact_calls, store

pytestmark = pytest.mark.django_db

MOVED = {
    "customer": {"email": "nueva@example.com", "phone": "3209998877"},
    "shipping_address": {
        "country": "CO",
        "state": "Cundinamarca",
        "city": "Soacha",
        "address1": "Calle 1 # 2-3",
    },
}


def contact(engine) -> dict:
    (found,) = [row for row in engine.ledger()["contacts"] if row["identification"] == BUYER]
    return found


def follow(engine) -> list[tuple[str, str]]:
    """The background runs; the calls it made."""
    before = len(contact_calls(engine))
    follow_due()
    return contact_calls(engine)[before:]


@pytest.fixture
def known(engine):
    engine.order()
    engine.run()
    return engine


def test_a_contact_that_was_just_made_costs_no_further_call(known):
    assert follow(known) == []
    known.order()
    known.run()
    assert follow(known) == []


def test_what_changed_in_the_order_is_written_after_the_document(known):
    before = contact(known)
    order = known.order(**MOVED)
    known.run()
    assert known.document(order).state == "created"
    assert contact(known) == before
    calls = follow(known)
    assert calls == [("GET", f"/contacts/{before['id']}"), ("PUT", f"/contacts/{before['id']}")]
    after = contact(known)
    assert (after["email"], after["phonePrimary"]) == ("nueva@example.com", "3209998877")
    assert after["address"]["address"] == "Calle 1 # 2-3"
    assert (after["address"]["city"], after["address"]["department"]) == (
        "Soacha",
        "Cundinamarca",
    )
    # The number that it had stays reachable.
    assert after["phoneSecondary"] == before["phonePrimary"]
    for name in ("name", "identificationObject", "kindOfPerson", "regime", "type"):
        assert after[name] == before[name]
    assert follow(known) == []


def test_what_people_wrote_is_not_lost(known):
    held = contact(known)
    api(known, "PUT", f"/contacts/{held['id']}", {
        "name": held["name"], "identificationObject": held["identificationObject"],
        "kindOfPerson": "PERSON_ENTITY", "regime": "COMMON_REGIME", "type": ["client", "provider"],
        "email": held["email"], "phonePrimary": "6041234567", "phoneSecondary": "6047654321",
        "observations": "Cliente de la feria", "statementAttached": True,
        "address": {**held["address"], "zipCode": "050001"},
        "internalContacts": [{"name": "Portería"}]})  # fmt: skip
    known.order(customer={"email": "nueva@example.com"})
    known.run()
    follow(known)
    after = contact(known)
    assert after["email"] == "nueva@example.com"
    assert after["address"]["zipCode"] == "050001"
    assert after["regime"] == "COMMON_REGIME"
    assert sorted(after["type"]) == ["client", "provider"]
    assert (after["observations"], after["statementAttached"]) == ("Cliente de la feria", True)
    assert after["internalContacts"] == [{"name": "Portería"}]
    assert after["phoneSecondary"] == "6047654321"


@pytest.mark.parametrize("put", ["replace", "merge"])
def test_both_ways_in_which_alegra_may_take_a_put_keep_the_rest(known, put):
    known.switch(contact_put=put)
    before = contact(known)
    known.order(**MOVED)
    known.run()
    follow(known)
    after = contact(known)
    assert after["email"] == "nueva@example.com"
    assert after["identificationObject"] == before["identificationObject"]


def test_an_order_that_says_less_takes_nothing_away(known):
    before = contact(known)
    known.order(customer={"email": "", "phone": ""}, shipping_address={"country": "CO"})
    known.run()
    follow(known)
    after = contact(known)
    for name in ("email", "phonePrimary", "mobile", "address"):
        assert after[name] == before[name]


def test_a_contact_that_was_found_is_read_and_written_only_where_it_differs(engine):
    store(engine, BUYER, nameObject={"firstName": "Marta Elena", "lastName": "Rojas Pinto"},
          email="MARTA.ROJAS@example.com", mobile="310 555 0142",
          address={"address": "carrera 43 no 20 15", "city": "Medellín",
                   "department": "Antioquia"})  # fmt: skip
    engine.order()
    engine.run()
    assert [method for method, _path in follow(engine)] == ["GET"]
    engine.order()
    engine.run()
    assert follow(engine) == []


def test_the_unidentified_buyers_contact_is_never_written(engine):
    for email in ("una@example.com", "otra@example.com"):
        engine.order(customer={"documentNumber": "", "email": email})
        engine.run()
        assert follow(engine) == []


def test_documents_that_are_to_leave_go_first(known):
    known.order(**MOVED)
    known.run()
    known.order()
    assert follow(known) == []
    known.run()
    known.at.advance(seconds=timing().sweep_every + 1)
    assert [method for method, _path in follow(known)][:1] == ["GET"]


def test_documents_that_cannot_leave_keep_no_contact_waiting(known, cast):
    """Another integration of the same login is off for good, with documents in its queue."""
    with scope(known.integration.organization_id):
        order = known.order(**MOVED)
        known.run()
        off = make_integration(
            cast.organization, "invoice", "draft", company=known.integration.company,
            credential=known.integration.credential, state="off",
        )  # fmt: skip
        waiting = known.order()
        Document.objects.filter(order=waiting).update(integration=off)
    assert known.document(order).state == "created"
    assert [method for method, _path in follow(known)] == ["GET", "PUT"]


def test_while_writing_is_held_no_contact_is_written(known):
    known.order(**MOVED)
    known.run()
    with scope(known.integration.organization_id):
        known.integration.state = "off"
        known.integration.save()
    assert follow(known) == []
    with scope(known.integration.organization_id):
        known.integration.state = "on"
        known.integration.save()
    known.at.advance(seconds=timing().held_draft + 1)
    assert [method for method, _path in follow(known)] == ["GET", "PUT"]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "status", "status": 400, "body": {"message": "No"}},
        {"fault": "status", "status": 403, "body": {"message": "Sin permiso"}},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('status', '')}",
)
def test_a_refusal_is_a_note_and_never_touches_the_document(known, cast, login, fault):
    known.switch({**fault, "method": "PUT", "path": "/contacts"})
    order = known.order(**MOVED)
    known.run()
    follow(known)
    document = known.document(order)
    assert (document.state, known.problems(order)) == ("created", set())
    assert known.steps(order)["details"] == "failed"
    url = reverse("order", args=[cast.organization.slug, order.pk])
    page = login(cast.viewer).get(url).content.decode()
    assert "No se pudieron actualizar sus datos en Alegra. El documento está bien." in page
    # Not again by itself; the buyer's next order tries it once more.
    known.at.advance(seconds=3600)
    assert follow(known) == []
    known.switch()
    known.order(**MOVED)
    known.run()
    follow(known)
    assert contact(known)["email"] == "nueva@example.com"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"fault": "status", "status": 500, "method": "PUT"}, id="500"),
        pytest.param({"fault": "status", "status": 503, "method": "GET"}, id="503-read"),
        pytest.param({"fault": "reset_before_commit", "method": "PUT"}, id="reset"),
        pytest.param({"fault": "answer_lost_after_commit", "method": "PUT"}, id="answer-lost"),
    ],
)
def test_what_alegra_did_not_answer_is_tried_again_by_itself(known, cast, login, fault):
    known.switch({**fault, "path": "/contacts/", "times": 2})
    order = known.order(**MOVED)
    known.run()
    sent = len(known.invoices())
    follow(known)
    document = known.document(order)
    assert (document.state, known.problems(order)) == ("created", set())
    assert known.steps(order)["details"] == "waiting"
    url = reverse("order", args=[cast.organization.slug, order.pk])
    page = login(cast.viewer).get(url).content.decode()
    assert "lo intentamos otra vez. El documento está bien." in page
    for _ in range(4):
        known.at.advance(seconds=2 * timing().back_off_base)
        follow(known)
    assert known.steps(order)["details"] == "done"
    assert contact(known)["email"] == "nueva@example.com"
    assert len(known.invoices()) == sent
    # Done once, and then left alone.
    known.at.advance(days=1)
    assert follow(known) == []


def test_what_was_written_although_the_answer_was_lost_is_not_written_again(known):
    lost = {"fault": "answer_lost_after_commit", "method": "PUT", "path": "/contacts/", "times": 1}
    known.switch(lost)
    known.order(**MOVED)
    known.run()
    follow(known)
    known.at.advance(seconds=2 * timing().back_off_base)
    assert [method for method, _path in follow(known)] == ["GET"]


def test_an_alegra_that_never_answers_is_left_alone_in_the_end(known):
    known.switch({"fault": "status", "status": 500, "method": "PUT", "path": "/contacts/"})
    order = known.order(**MOVED)
    known.run()
    tries = 0
    for _ in range(MOST_TRIES + 3):
        tries += bool(follow(known))
        known.at.advance(seconds=timing().back_off_cap + 1)
    assert tries == MOST_TRIES
    assert known.steps(order)["details"] == "failed"
    assert known.document(order).state == "created"


def test_a_rate_limit_only_postpones_it(known):
    known.switch({"fault": "status", "status": 429, "method": "GET", "path": "/contacts/",
                  "times": 1})  # fmt: skip
    order = known.order(**MOVED)
    known.run()
    follow(known)
    assert known.steps(order)["details"] == "waiting"
    known.at.advance(seconds=timing().rate_limit_wait + 5)
    follow(known)
    assert known.steps(order)["details"] == "done"
    assert contact(known)["email"] == "nueva@example.com"


def test_an_address_that_alegra_refuses_is_left_out_and_the_rest_is_written(known):
    known.switch({"fault": "status", "status": 400, "method": "PUT", "path": "/contacts",
                  "times": 1, "body": {"code": 2112, "message": "Departamento"}})  # fmt: skip
    order = known.order(**MOVED)
    known.run()
    follow(known)
    assert contact(known)["email"] == "nueva@example.com"
    assert contact(known)["address"]["city"] == "Medellín"
    assert known.steps(order)["details"] == "done"


def test_a_contact_that_is_somebody_else_by_now_is_not_touched(known):
    order = known.order(**MOVED)
    known.run()
    key = contact(known)["id"]
    api(
        known,
        "PUT",
        f"/contacts/{key}",
        {"name": "Otra Persona", "identificationObject": {"type": "CC", "number": "41555666"}},
    )
    follow(known)
    assert [row["email"] for row in known.ledger()["contacts"] if row["id"] == key] == [None]
    assert known.steps(order)["details"] == "skipped"


def test_nothing_of_the_buyer_is_kept_in_clear(known):
    known.order(**MOVED)
    known.run()
    follow(known)
    with scope(known.integration.organization_id):
        row = BuyerContact.objects.get(number=BUYER)
    assert len(row.details) == 64
    assert row.details_due_at is None


@pytest.mark.parametrize(
    ("held", "wanted", "made"),
    [
        ({"email": "Ana@X.co"}, {"email": "ana@x.co"}, {}),
        ({"email": "otra@x.co"}, {}, {}),
        (
            {"phonePrimary": "+57 300 111 2233"},
            {"phonePrimary": "3001112233", "mobile": "3001112233"},
            {},
        ),
        (
            {"phonePrimary": "3001112233", "mobile": "3001112233"},
            {"phonePrimary": "3109998877", "mobile": "3109998877"},
            {
                "phonePrimary": "3109998877",
                "mobile": "3109998877",
                "phoneSecondary": "3001112233",
            },
        ),
        (
            {"phonePrimary": "6041234567", "mobile": "3001112233", "phoneSecondary": "1"},
            {"phonePrimary": "3109998877", "mobile": "3109998877"},
            {"phonePrimary": "3109998877"},
        ),
        (
            {"address": {"address": "A", "city": "Medellín", "department": "Antioquia",
                         "zipCode": "1"}},
            {"address": {"address": "B", "city": "Envigado", "department": "Antioquia"}},
            {"address": {"address": "B", "city": "Envigado", "department": "Antioquia",
                         "zipCode": None}},
        ),
        ({"address": "Calle 1"}, {"address": {"city": "Envigado", "department": "Antioquia"}}, {}),
    ],
)  # fmt: skip
def test_only_what_differs_is_changed(held, wanted, made):
    assert changes(held, wanted) == made
