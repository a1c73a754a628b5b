"""A document never stays with another person: what Alegra tells of its client is compared.

All is seen in the far side's ledger: exactly one live document for an order, made out to its
buyer, or a question and nothing touched.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.alegra import invoices
from integrations.documents import acts
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import BuyerContact, Document
from integrations.documents.steps import remove
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db

BUYER = "52998117"
SOMEBODY = {
    "nameObject": {"firstName": "Otra", "lastName": "Persona"},
    "kindOfPerson": "PERSON_ENTITY",
    "regime": "SIMPLIFIED_REGIME",
    "type": ["client"],
}


def api(engine, method: str, path: str, body=None):
    return engine.as_person(method, path, body)


def renumber(engine, number: str = "41555666", **more) -> str:
    """The contact that we know becomes somebody else in Alegra; its id there."""
    with scope(engine.integration.organization_id):
        key = BuyerContact.objects.get(number=BUYER).alegra_id
    proof = {"identificationObject": {"type": "CC", "number": number}}
    api(engine, "PUT", f"/contacts/{key}", {**SOMEBODY, **proof, **more})
    return key


@pytest.fixture
def known(engine):
    """An order of the same buyer was documented before."""
    engine.order()
    engine.run()
    return engine


def live(engine, order) -> list[dict]:
    marker = engine.document(order).marker
    return [row for row in engine.invoices() if row["_marker"] == marker]


def number_of(invoice) -> str:
    return str(invoice["client"]["identification"])


def test_a_draft_for_somebody_else_is_made_again_for_the_buyer(known):
    other = renumber(known)
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    assert number_of(invoice) == BUYER
    assert str(invoice["client"]["id"]) != other
    document = known.document(order)
    assert (document.state, document.alegra_id) == ("created", str(invoice["id"]))
    # The one before was right when it was made, and stays.
    assert len(known.invoices()) == 2
    assert known.steps(order)["remove"] == "done"


def test_the_next_order_of_that_buyer_is_right_at_once(known):
    renumber(known)
    known.order()
    known.run()
    deleted = known.calls("DELETE", "/invoices/")
    order = known.order()
    known.run()
    assert number_of(*live(known, order)) == BUYER
    assert known.calls("DELETE", "/invoices/") == deleted


def test_it_is_read_before_it_is_deleted_and_looked_for_before_it_is_made_again(known):
    renumber(known)
    before = len(known.asked())
    known.order()
    known.run()
    asked = [
        (method, path.removeprefix("/api/v1").rpartition("/")[0] or path.removeprefix("/api/v1"))
        for method, path in known.asked()[before:]
        if "invoices" in path
    ]
    assert asked == [
        ("POST", "/invoices"),
        ("GET", "/invoices"),
        ("DELETE", "/invoices"),
        ("GET", "/invoices"),
        ("POST", "/invoices"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "answer_lost_after_commit"},
        {"fault": "status_after_commit", "status": 502},
        {"fault": "reset_before_commit"},
        {"fault": "status", "status": 429},
        {"fault": "status", "status": 503},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('status', '')}",
)
def test_a_deletion_without_an_answer_leaves_one_document_in_the_end(known, fault):
    known.switch({**fault, "method": "DELETE", "path": "/invoices", "times": 1})
    renumber(known)
    order = known.order()
    known.run()
    posts = known.calls("POST", "/invoices")
    assert known.document(order).state == "unconfirmed"
    for _ in range(3):
        known.later(timing().back_off_base * 3)
    (invoice,) = live(known, order)
    assert number_of(invoice) == BUYER
    assert known.document(order).state == "created"
    assert known.calls("POST", "/invoices") == posts + 1


def test_a_deletion_that_fails_leaves_no_step_that_seems_to_go_on(known):
    renumber(known)
    known.switch({"fault": "status", "status": 503, "method": "DELETE", "path": "/invoices",
                  "times": 1})  # fmt: skip
    order = known.order()
    known.run()
    assert known.steps(order)["verify"] == "failed"


@pytest.mark.parametrize("where", ["make_again", "remove"])
def test_a_worker_killed_around_the_deletion_leaves_one_document_in_the_end(
    known, monkeypatch, where
):
    def die(*_args):
        raise KeyboardInterrupt

    target = "make_again" if where == "make_again" else "invoices.delete"
    renumber(known)
    order = known.order()
    with monkeypatch.context() as patch:
        patch.setattr(f"integrations.documents.steps.remove.{target}", die)
        with pytest.raises(KeyboardInterrupt):
            known.run()
    assert len(live(known, order)) == (0 if where == "make_again" else 1)
    known.later(timing().lease + 1)
    known.later(timing().slot_lease + 1)
    (invoice,) = live(known, order)
    assert number_of(invoice) == BUYER
    assert known.document(order).state == "created"


def test_a_deleted_draft_that_lists_still_show_is_not_taken_for_it(known, monkeypatch):
    """Whoever adopts it reads it first, and makes it again."""
    renumber(known)
    order = known.order()
    stale = {}
    real = remove.make_again

    def keep_showing(turn, document):
        stale.setdefault("id", document.alegra_id)
        return real(turn, document)

    monkeypatch.setattr(remove, "make_again", keep_showing)
    invoice = FAR_SIDES["invoice"]
    candidates = invoice.candidates

    def stale_list(client, day):
        if stale.pop("once", True) and "id" in stale:
            stale["once"] = False
            document = known.document(order)
            row = {"id": stale["id"], "observations": document.marker, "total": document.total}
            return [invoices.from_row(row)]
        return candidates(client, day)

    monkeypatch.setattr(invoice, "candidates", stale_list)
    known.run()
    for _ in range(3):
        known.later(timing().back_off_base + 1)
    assert number_of(*live(known, order)) == BUYER
    assert known.document(order).state == "created"


def edits():
    return [
        {"observations": "Ojo: entregar en la portería"},
        {"dueDate": "2027-01-31"},
        {"client": {"id": "151"}},
    ]


@pytest.mark.parametrize("edit", edits(), ids=lambda edit: next(iter(edit)))
def test_an_edited_draft_is_never_deleted_but_asked_about(known, edit):
    renumber(known)
    known.switch({"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices",
                  "times": 1})  # fmt: skip
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    marker = known.document(order).marker
    if "observations" in edit:
        edit = {"observations": f"{edit['observations']} {marker}"}
    api(known, "PUT", f"/invoices/{invoice['id']}", edit)
    known.later(timing().first_look_up + 1)
    assert known.problems(order) == {"client_differs"}
    assert [row["id"] for row in live(known, order)] == [invoice["id"]]
    assert known.calls("DELETE", "/invoices") == 0


def test_a_draft_that_somebody_emitted_is_asked_about(known):
    renumber(known)
    known.switch({"fault": "status", "status": 503, "method": "DELETE", "path": "/invoices",
                  "times": 1})  # fmt: skip
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    api(known, "PUT", f"/invoices/{invoice['id']}", {"status": "open"})
    for _ in range(3):
        known.later(timing().back_off_base * 3)
    assert known.problems(order) == {"client_differs", "open_unstamped"}
    assert [row["id"] for row in live(known, order)] == [invoice["id"]]


def test_one_that_is_refused_to_be_deleted_is_asked_about(known):
    renumber(known)
    known.switch({"fault": "status", "status": 400, "method": "DELETE", "path": "/invoices",
                  "body": {"message": "No es un borrador"}})  # fmt: skip
    order = known.order()
    known.run()
    assert known.problems(order) == {"client_differs"}
    assert len(live(known, order)) == 1


def test_a_row_deletes_one_draft_and_never_another(known):
    renumber(known)
    order = known.order()
    with scope(known.integration.organization_id):
        Document.objects.filter(order_id=order.pk).update(removed_id="one-before")
    known.run()
    assert known.problems(order) == {"client_differs"}
    assert known.calls("DELETE", "/invoices") == 0


def test_while_writing_is_held_nothing_is_deleted(known):
    renumber(known)
    known.switch({"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices",
                  "times": 1})  # fmt: skip
    order = known.order()
    known.run()
    with scope(known.integration.organization_id):
        known.integration.state = "off"
        known.integration.save()
    known.later(timing().first_look_up + 1)
    known.later(timing().held_draft + 1)
    assert known.calls("DELETE", "/invoices") == 0
    with scope(known.integration.organization_id):
        known.integration.state = "on"
        known.integration.save()
    known.later(timing().held_draft + 1)
    assert number_of(*live(known, order)) == BUYER


def test_a_remission_for_somebody_else_is_a_question(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    renumber(engine)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"client_differs"}
    assert len(engine.remissions()) == 2
    with scope(engine.integration.organization_id):
        problem = engine.document(order).problems.get(closed_at=None)
    # Nothing of the buyer is in what is mailed.
    assert "41555666" not in str(problem.params)
    assert BUYER not in str(problem.params)


def say_same(engine, cast, login, order):
    page = login(cast.editor).get(reverse("order", args=[cast.organization.slug, order.pk]))
    address = reverse("order_same_buyer", args=[cast.organization.slug, order.pk])
    assert address in page.content.decode()
    answer = login(cast.editor).post(address, follow=True).content.decode()
    assert "Guardado. Ese contacto de Alegra es el del comprador." in answer


def test_a_person_may_say_that_it_is_the_same_buyer_and_is_not_asked_again(
    build_engine, cast, login
):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    key = renumber(engine)
    order = engine.order()
    engine.run()
    say_same(engine, cast, login, order)
    engine.run()
    assert engine.document(order).state == "created"
    again = engine.order()
    engine.run()
    assert engine.document(again).state == "created"
    assert str(engine.remissions()[-1]["client"]["id"]) == key
    # Once more another number: what was said does not count for it.
    renumber(engine, "41777888")
    third = engine.order()
    engine.run()
    assert engine.problems(third) == {"client_differs"}


def test_where_alegra_tells_no_number_another_client_can_be_said_to_be_the_same(known, cast, login):
    known.switch({"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices",
                  "times": 1}, invoice_client="name")  # fmt: skip
    order = known.order()
    known.run()
    (invoice,) = live(known, order)
    api(known, "PUT", f"/invoices/{invoice['id']}", {"client": {"id": "151"}})
    known.later(timing().first_look_up + 1)
    assert known.problems(order) == {"client_differs"}
    say_same(known, cast, login, order)
    known.run()
    assert known.document(order).state == "created"


def test_a_client_that_was_mended_in_alegra_is_read_again(build_engine, cast):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    key = renumber(engine)
    order = engine.order()
    engine.run()
    buyer = {"nameObject": {"firstName": "Marta Elena", "lastName": "Rojas Pinto"}}
    made = api(engine, "POST", "/contacts", {
        **SOMEBODY, **buyer, "identificationObject": {"type": "CC", "number": BUYER}})  # fmt: skip
    assert str(made["id"]) != key
    api(engine, "PUT", f"/remissions/{engine.document(order).alegra_id}",
        {"client": {"id": made["id"]}})  # fmt: skip
    with scope(cast.organization.pk):
        acts.retry(engine.document(order), by=cast.editor)
    engine.run()
    assert engine.document(order).state == "created"


@pytest.mark.parametrize("stored", ["52.998.117", " 52 998 117 "])
def test_another_writing_of_the_number_is_the_same_buyer(known, stored):
    renumber(known, stored, nameObject={"firstName": "Marta", "lastName": "Rojas"})
    order = known.order()
    known.run()
    assert known.document(order).state == "created"
    assert known.calls("DELETE", "/invoices") == 0


@pytest.mark.parametrize("form", ["object", "name"])
def test_however_an_invoice_names_its_client_it_is_the_buyers(known, form):
    known.switch(invoice_client=form)
    # An answer without the number is followed by a reading where we saw the contact long ago.
    known.at.advance(seconds=timing().contact_seen + 1)
    renumber(known)
    order = known.order()
    known.run()
    known.switch(invoice_client="identification")
    assert number_of(*live(known, order)) == BUYER
