"""What Alegra does not allow for now holds the others with one cause, and heals by itself."""

from __future__ import annotations

import pytest

from integrations.attention import retrying
from integrations.documents import acts
from integrations.documents.models import DocumentProblem
from integrations.scoping.context import scope
from integrations.sending import release, trying
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db

USED_UP = "Has alcanzado el límite de documentos de tu plan para este mes."
PLAN = {"status": 402, "body": {"code": 907, "message": "Tu plan no incluye facturas"}}
MONTH = {"status": 400, "body": {"code": 4010, "message": USED_UP}}
PERMISSION = {"status": 403, "body": {"code": 403, "message": "No tiene permisos para crear"}}
INSIDE_A_200 = {
    "status": 200,
    "body": {"error": {"code": 402, "message": "Tu suscripción ha vencido. Renueva tu plan."}},
}


def refusing(path: str = "/invoices", **answer):
    return {"fault": "status", "method": "POST", "path": path, **answer}


def pass_time(engine, seconds: float) -> None:
    """As the beat does: what is due is tried, and then the engine runs."""
    engine.at.advance(seconds=seconds)
    trying.try_due(clock.now())
    engine.later(0)


def causes(engine) -> list[Cause]:
    with scope(engine.integration.organization_id):
        return list(Cause.objects.order_by("pk"))


def why(engine, order) -> str:
    with scope(engine.integration.organization_id):
        (problem,) = DocumentProblem.objects.filter(order=order, closed_at=None)
        return sentence(problem.code, problem.params)


def retry(engine, order, cast) -> None:
    with scope(engine.integration.organization_id):
        acts.retry(engine.document(order), by=cast.editor)


def another_buyer(number: int) -> dict:
    return {"customer": {"documentNumber": f"5299{number:04d}", "full_name": f"Ana Ruiz {number}"}}


@pytest.mark.parametrize(
    ("answer", "code"), [(PLAN, "plan"), (MONTH, "limit"), (PERMISSION, "forbidden")]
)
def test_the_first_refusal_stops_the_trying_and_the_others_wait_with_it(engine, answer, code):
    engine.switch(refusing(**answer))
    orders = [engine.order() for _ in range(5)]
    engine.run(3)
    assert {engine.document(order).state for order in orders} == {"blocked"}
    assert [set(engine.problems(order)) for order in orders] == [{code}] * 5
    assert engine.calls("POST", "/invoices") == 1
    (cause,) = causes(engine)
    assert (cause.code, cause.open_count) == (code, 5)
    assert answer["body"]["message"].rstrip(".") in why(engine, orders[-1])


@pytest.mark.parametrize("answer", [PLAN, MONTH, PERMISSION])
def test_what_alegra_allows_again_lets_all_of_them_leave_by_itself(engine, answer):
    engine.switch(refusing(**answer))
    orders = [engine.order() for _ in range(4)]
    engine.run(2)
    # Still refused: one more try, and the cause keeps its age.
    pass_time(engine, timing().order_tried_every + 1)
    assert engine.calls("POST", "/invoices") == 2
    (cause,) = causes(engine)
    assert (cause.state, cause.open_count) == ("open", 4)

    engine.switch()
    pass_time(engine, timing().order_tried_every + 1)
    engine.run()
    assert {engine.document(order).state for order in orders} == {"created"}
    assert len(engine.invoices()) == 4
    assert [each.state for each in causes(engine)] == ["solved"]


@pytest.mark.one_database
def test_one_order_is_tried_every_two_minutes_in_the_first_hour_and_then_every_fifteen(engine):
    engine.switch(refusing(**PLAN))
    for _ in range(3):
        engine.order()
    engine.run()
    for _ in range(60):
        pass_time(engine, 60)
    in_the_hour = engine.calls("POST", "/invoices")
    assert 28 <= in_the_hour <= 32
    for _ in range(60):
        pass_time(engine, 60)
    assert 3 <= engine.calls("POST", "/invoices") - in_the_hour <= 5
    (cause,) = causes(engine)
    assert (cause.state, cause.open_count) == ("open", 3)


def test_a_permission_for_contacts_holds_only_who_needs_a_new_one(engine):
    known = engine.order()
    engine.run()
    assert engine.document(known).state == "created"
    engine.switch(refusing("/contacts", **PERMISSION))
    new = [engine.order(**another_buyer(number)) for number in range(3)]
    same = engine.order()
    engine.run(3)
    assert engine.document(same).state == "created"
    assert {engine.document(order).state for order in new} == {"blocked"}
    assert engine.calls("POST", "/contacts") == 2
    assert "no tiene permiso para crear contactos" in why(engine, new[0])

    engine.switch()
    pass_time(engine, timing().order_tried_every + 1)
    engine.run()
    assert {engine.document(order).state for order in new} == {"created"}


def test_who_alone_is_refused_holds_the_others_no_longer(engine):
    """The word of a limit in a refusal that concerns one order alone."""
    bad = engine.order(**another_buyer(1))
    engine.switch(refusing(times=1, **MONTH))
    engine.run()
    good = [engine.order() for _ in range(3)]
    engine.run()
    assert engine.problems(bad) == {"limit"}
    assert engine.problems(good[0]) == {"limit"}
    # Another one is tried, and passes; the first of those that leave with it is the bad one.
    engine.switch(refusing(times=1, after=1, **MONTH))
    pass_time(engine, timing().order_tried_every + 1)
    engine.run()
    assert engine.document(good[0]).state == "created"
    assert engine.problems(bad) == {"rejected"}
    assert USED_UP.rstrip(".") in why(engine, bad)
    later = engine.order()
    engine.run()
    assert engine.document(later).state == "created"


def test_retrying_one_by_hand_tries_it_and_frees_the_others(engine, cast):
    engine.switch(refusing(**PLAN))
    orders = [engine.order() for _ in range(3)]
    engine.run()
    retry(engine, orders[2], cast)
    engine.run()
    assert engine.calls("POST", "/invoices") == 2
    assert {engine.document(order).state for order in orders} == {"blocked"}

    engine.switch()
    retry(engine, orders[2], cast)
    engine.run()
    assert {engine.document(order).state for order in orders} == {"created"}


def test_probar_otra_vez_tries_one_now(engine, cast):
    engine.switch(refusing(**PLAN))
    orders = [engine.order() for _ in range(3)]
    engine.run()
    (cause,) = causes(engine)
    engine.switch()
    with scope(cast.organization.pk):
        assert retrying.try_now(cause, by=cast.editor, request=None)
        # One is under way: no second one beside it.
        assert not retrying.try_now(Cause.objects.get(), by=cast.editor, request=None)
    engine.run(2)
    assert {engine.document(order).state for order in orders} == {"created"}


# --- An error told inside a success ----------------------------------------------------------


def test_a_success_that_tells_an_error_is_a_refusal_after_the_first_look(engine):
    engine.switch(refusing(**INSIDE_A_200))
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "unconfirmed"
    engine.later(timing().first_look_up + 1)
    assert engine.document(order).state == "blocked"
    assert engine.problems(order) == {"plan"}
    assert "Tu suscripción ha vencido" in why(engine, order)
    assert engine.calls("POST", "/invoices") == 1


def test_it_is_never_sent_again_before_the_second_look(engine, cast):
    engine.switch(refusing(**INSIDE_A_200))
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up + 1)
    engine.switch()
    retry(engine, order, cast)
    engine.later(1)
    engine.later(timing().between_look_ups - 10)
    assert engine.calls("POST", "/invoices") == 1
    looks = engine.calls("GET", "/invoices")
    engine.later(15)
    assert engine.calls("GET", "/invoices") > looks
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize("hurry", ["a person", "a pause that ended"])
def test_nobody_brings_the_second_look_forward(engine, cast, hurry):
    engine.switch(refusing(**INSIDE_A_200))
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up + 1)
    engine.switch()
    retry(engine, order, cast)
    engine.later(5)
    if hurry == "a person":
        retry(engine, order, cast)
    else:
        with scope(engine.integration.organization_id):
            release.wake(engine.integration)
    engine.later(1)
    assert engine.calls("POST", "/invoices") == 1
    engine.later(timing().between_look_ups)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_document_that_was_made_all_the_same_is_found_and_never_doubled(engine):
    engine.switch(
        {"fault": "status_after_commit", "method": "POST", "path": "/invoices", **INSIDE_A_200}
    )
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up + 1)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": 402, "message": "Tu suscripción ha vencido"}},
        {"code": 402, "message": "Tu suscripción ha vencido"},
        {"code": "907", "error": "Tu suscripción ha vencido"},
        {"errors": [{"code": 402, "message": "Tu suscripción ha vencido"}]},
        {"success": False, "mensaje": "Tu suscripción ha vencido"},
        {"message": "Tu suscripción ha vencido"},
    ],
    ids=str,
)
def test_however_it_is_told_it_is_named_and_heals_by_itself(engine, body):
    engine.switch(refusing(status=200, body=body))
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up + 1)
    assert "Tu suscripción ha vencido" in why(engine, order)
    other = engine.order()
    engine.run()
    assert engine.document(other).state == "blocked"

    engine.switch()
    for _ in range(3):
        pass_time(engine, timing().order_tried_every + 1)
        engine.run()
    assert {engine.document(each).state for each in (order, other)} == {"created"}
    assert len(engine.invoices()) == 2


def test_a_contact_refused_inside_a_success_is_looked_for_before_it_is_made(engine):
    answer = {"status": 201, "body": {"error": "Sin permiso para crear clientes", "code": 403}}
    engine.switch({"fault": "status_after_commit", "method": "POST", "path": "/contacts",
                   "times": 1, **answer})  # fmt: skip
    order = engine.order()
    engine.run()
    assert "Sin permiso para crear clientes" in why(engine, order)
    pass_time(engine, timing().order_tried_every + 1)
    engine.run()
    assert engine.document(order).state == "created"
    found = [row for row in engine.ledger()["contacts"] if "52998117" in str(row)]
    assert len(found) == 1


def test_nothing_of_the_buyer_is_quoted(engine):
    told = "El plan venció: Marta Elena Rojas Pinto, CC 52998117, marta.rojas@example.com"
    engine.switch(refusing(status=402, body={"message": told}))
    order = engine.order()
    engine.run()
    said = why(engine, order)
    assert "El plan venció" in said
    for private in ("Marta", "Rojas", "52998117", "marta.rojas"):
        assert private not in said


def test_alegras_reason_stands_beside_a_failure_that_passes(engine):
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/contacts", "status": 503,
         "body": {"message": "Estamos en mantenimiento hasta las 6 p. m."}},
    )  # fmt: skip
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.state == "pending"
    assert "mantenimiento" in document.last_said
    with scope(engine.integration.organization_id):
        notes = " ".join(document.steps.values_list("note", flat=True))
    assert "Alegra dijo: «Estamos en mantenimiento" in notes
