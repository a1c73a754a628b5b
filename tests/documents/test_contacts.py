"""The buyer's contact, as the simulated Alegra sees it: made once, found again, never guessed."""

from __future__ import annotations

import pytest

from integrations.documents import contact_index, contact_reads
from integrations.documents.models import IndexedContact
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing

TOO_MANY = {"code": 429, "message": "Too many requests"}


def refuse(method: str, times: int, **changes):
    return {
        "fault": "status",
        "method": method,
        "path": "/contacts",
        "times": times,
        "status": 400,
        "body": TOO_MANY,
    } | changes


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_rate_limit_told_as_400_makes_the_order_wait_and_nothing_else(engine, method):
    engine.switch(refuse(method, 2))
    order = engine.order()
    engine.run()
    assert engine.problems(order) == set()
    assert engine.document(order).state == "pending"
    for _ in range(4):
        engine.later(65)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_what_alegra_says_in_a_list_of_errors_is_what_the_merchant_reads(engine, cast):
    body = {"error": [{"code": "2099", "message": "El correo del cliente no es válido"}]}
    engine.switch(refuse("POST", 9, body=body))
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.state == "blocked"
    with scope(cast.organization.pk):
        problem = document.problems.get(closed_at=None)
    assert problem.params["message"] == "El correo del cliente no es válido"


def fill(engine) -> None:
    """The background has read all contacts of the company."""
    for _ in range(40):
        contact_reads.read_due()
        engine.at.advance(seconds=20)
        with scope(engine.integration.organization_id):
            if contact_index.is_complete(engine.integration.company):
                return
    raise AssertionError("the index was not filled")


def contact_calls(engine) -> list[tuple[str, str]]:
    below = "/api/v1"
    return [(how, path.removeprefix(below)) for how, path in engine.asked() if "/contacts" in path]


def store(engine, number: str, **changes) -> str:
    """Somebody made this contact in Alegra by hand. Returns its id."""
    body = {
        "nameObject": {"firstName": "Marta", "lastName": "Rojas"},
        "identificationObject": {"type": "CC", "number": number},
        "kindOfPerson": "PERSON_ENTITY",
        "regime": "SIMPLIFIED_REGIME",
        "type": ["client"],
    } | changes
    return str(engine.as_person("POST", "/contacts", body)["id"])


def buyer(number: str, **changes):
    return {"customer": {"documentNumber": number, "full_name": "Marta Rojas", **changes}}


def clients(engine) -> list[str]:
    return [str(row["client"]["id"]) for row in engine.invoices()]


def test_a_new_buyer_costs_one_call_once_all_contacts_are_known(engine):
    fill(engine)
    before = len(contact_calls(engine))
    order = engine.order(**buyer("52998117"))
    engine.run()
    assert engine.document(order).state == "created"
    assert contact_calls(engine)[before:] == [("POST", "/contacts")]


def test_a_buyer_who_is_in_alegra_costs_no_call_once_all_contacts_are_known(engine):
    ours = store(engine, "52998117")
    fill(engine)
    before = len(contact_calls(engine))
    engine.order(**buyer("52998117"))
    engine.order(**buyer("52998117"))
    engine.run()
    assert contact_calls(engine)[before:] == []
    assert clients(engine) == [ours, ours]


def test_a_contact_is_searched_for_before_it_is_made_while_not_all_are_known(engine):
    engine.order(**buyer("52998117"))
    engine.run()
    assert contact_calls(engine) == [("GET", "/contacts"), ("POST", "/contacts")]


@pytest.mark.parametrize("counts", [False, True])
@pytest.mark.parametrize("stored", ["52.998.117", "52 998 117", "52998117-4"])
def test_a_buyer_stored_with_dots_is_the_same_buyer(engine, counts, stored):
    engine.switch(repeated_counts_dots=counts)
    ours = store(engine, stored)
    fill(engine)
    engine.order(**buyer("52998117"))
    engine.run()
    assert clients(engine) == [ours]


@pytest.mark.parametrize(
    ("told", "then"),
    [("with_id", ("GET", "/contacts/{}")), ("bare", ("GET", "/contacts"))],
)
def test_who_was_made_by_hand_since_is_used_after_the_refusal(engine, told, then):
    engine.switch(repeated_contact=told)
    fill(engine)
    ours = store(engine, "52998117")
    before = len(contact_calls(engine))
    engine.order(**buyer("52998117"))
    engine.run()
    assert clients(engine) == [ours]
    assert contact_calls(engine)[before:] == [
        ("POST", "/contacts"),
        (then[0], then[1].format(ours)),
    ]


def test_a_repeated_buyer_whom_alegra_does_not_name_is_found_also_with_dots(engine):
    engine.switch(repeated_contact="bare", repeated_counts_dots=True)
    fill(engine)
    ours = store(engine, "52.998.117")
    engine.order(**buyer("52998117"))
    engine.run()
    assert clients(engine) == [ours]


def test_a_lost_answer_of_a_creation_is_searched_for_before_another_one_leaves(engine):
    fill(engine)
    lost = {"fault": "answer_lost_after_commit", "method": "POST", "path": "/contacts", "times": 1}
    engine.switch(lost)
    before = len(contact_calls(engine))
    order = engine.order(**buyer("52998117"))
    engine.run()
    engine.later(timing().back_off_cap)
    assert engine.document(order).state == "created"
    assert contact_calls(engine)[before:] == [("POST", "/contacts"), ("GET", "/contacts")]
    held = [row for row in engine.ledger()["contacts"] if row["identification"] == "52998117"]
    assert len(held) == 1


def test_all_pages_are_read_newest_first_and_never_again(engine):
    for number in range(52000100, 52000165):
        store(engine, str(number))
    fill(engine)
    assert len(contact_calls(engine)) - 65 == 3
    for _ in range(5):
        contact_reads.read_due()
        engine.at.advance(minutes=10)
    assert len(contact_calls(engine)) - 65 == 3
    with scope(engine.integration.organization_id):
        assert IndexedContact.objects.count() == len(engine.ledger()["contacts"])


def test_reading_all_contacts_takes_a_tenth_of_the_calls(engine):
    for number in range(52000100, 52000165):
        store(engine, str(number))
    began = len(contact_calls(engine))
    for _ in range(4):
        contact_reads.read_due()
        engine.at.advance(seconds=1)
    assert len(contact_calls(engine)) - began == 1


def test_the_index_holds_no_identification(engine):
    store(engine, "52998117")
    fill(engine)
    with scope(engine.integration.organization_id):
        assert not [row for row in IndexedContact.objects.values() if "52998117" in str(row)]


def test_the_unidentified_buyer_is_the_one_that_every_account_has(engine):
    fill(engine)
    before = len(contact_calls(engine))
    engine.order(**buyer("0"))
    engine.run()
    assert contact_calls(engine)[before:] == []
    assert {row["client"]["identification"] for row in engine.invoices()} == {"222222222222"}


# --- The address ----------------------------------------------------------------------------


def in_bogota(number: str):
    place = {"country": "CO", "state": "Cundinamarca", "city": "Bogota", "address1": "Calle 9"}
    return {**buyer(number), "shipping_address": place}


def test_the_spelling_of_a_city_that_alegra_takes_is_found_and_remembered(engine):
    engine.switch(places=["Bogota D.C.", "Bogota, D.C."])
    fill(engine)
    before = len(contact_calls(engine))
    engine.order(**in_bogota("52998117"))
    engine.run()
    assert contact_calls(engine)[before:] == [("POST", "/contacts")] * 3
    engine.order(**in_bogota("52998118"))
    engine.run()
    assert contact_calls(engine)[before:] == [("POST", "/contacts")] * 4
    made = [row for row in engine.ledger()["contacts"] if row["identification"].startswith("52998")]
    assert {row["address"]["city"] for row in made} == {"Bogota D.C."}
    assert len(engine.invoices()) == 2


def test_after_the_last_spelling_the_contact_goes_without_address_and_says_so(engine, cast):
    engine.switch(places=[])
    fill(engine)
    order = engine.order(**in_bogota("52998117"))
    engine.run()
    made = next(row for row in engine.ledger()["contacts"] if row["identification"] == "52998117")
    assert made["address"] is None
    assert engine.document(order).state == "created"
    with scope(cast.organization.pk):
        note = engine.document(order).steps.get(name="contact").note
    assert note == "Se creó en Alegra sin dirección: Alegra no aceptó la ciudad."
    before = len(contact_calls(engine))
    engine.order(**in_bogota("52998118"))
    engine.run()
    assert contact_calls(engine)[before:] == [("POST", "/contacts")]
