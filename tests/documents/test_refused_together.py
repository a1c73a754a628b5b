"""A call for several drafts that Alegra refuses in words that name none of them: one of them is
meant, and the others are emitted all the same."""

from __future__ import annotations

import pytest

from integrations.alegra.client import AlegraClient
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending import trying
from integrations.sending.again import send_again
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests.documents.emitting import legal, living_by_the_clock, stamps, states

pytestmark = pytest.mark.django_db
STAMP = {"method": "POST", "path": "/invoices/stamp"}


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    engine = living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)
    with scope(engine.integration.organization_id):
        yield engine


def too_many_units(engine):
    """An order that asks for more than Alegra has."""
    line = {
        "id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo acero 750 ml",
        "variant_name": "Negro", "quantity": 90000, "price": 10,
    }  # fmt: skip
    return engine.order(lines=[line], total=900000)


def ten_with_a_bad_one(engine):
    engine.switch(negative_stock="refused")
    orders = [engine.order() for _ in range(4)]
    bad = too_many_units(engine)
    return bad, [*orders, *(engine.order() for _ in range(5))]


def settled(engine) -> None:
    for _ in range(10):
        engine.later(60)


def alone() -> int:
    return Document.objects.filter(emit_alone=True).count()


@pytest.mark.parametrize("shape", ["data", "invoices"])
@pytest.mark.parametrize("status", [400, 404])
def test_only_the_one_that_is_refused_alone_is_blocked(engine, status, shape):
    engine.switch(stamp_bad_one=status, stamp_answer=shape)
    bad, _good = ten_with_a_bad_one(engine)
    engine.run()
    assert states(engine) == {"issued": 9, "blocked": 1}
    assert engine.problems(bad) == {"stock_missing"}
    assert (stamps(engine), legal(engine)) == (1 + 10, 9)
    settled(engine)
    assert stamps(engine) == 1 + 10


def test_one_that_is_not_there_any_more_is_gone_and_the_others_go_on(engine, monkeypatch):
    exchange = AlegraClient._exchange
    orders = [engine.order() for _ in range(4)]

    def deleted_first(client, call, request):
        if call.path == STAMP["path"]:
            monkeypatch.setattr(AlegraClient, "_exchange", exchange)
            engine.as_person("DELETE", f"/invoices/{engine.document(orders[1]).alegra_id}")
        return exchange(client, call, request)

    engine.switch(stamp_bad_one=404)
    monkeypatch.setattr(AlegraClient, "_exchange", deleted_first)
    engine.run()
    assert states(engine) == {"issued": 3, "blocked": 1}
    assert engine.problems(orders[1]) == {"gone"}
    assert (stamps(engine), legal(engine)) == (1 + 3, 3)


@pytest.mark.parametrize("shape", ["data", "invoices"])
def test_one_that_is_named_as_missing_is_gone(engine, monkeypatch, shape):
    exchange = AlegraClient._exchange
    orders = [engine.order() for _ in range(3)]

    def deleted_first(client, call, request):
        if call.path == STAMP["path"]:
            monkeypatch.setattr(AlegraClient, "_exchange", exchange)
            engine.as_person("DELETE", f"/invoices/{engine.document(orders[1]).alegra_id}")
        return exchange(client, call, request)

    engine.switch(stamp_answer=shape)
    monkeypatch.setattr(AlegraClient, "_exchange", deleted_first)
    engine.run()
    assert states(engine) == {"issued": 2, "blocked": 1}
    assert engine.problems(orders[1]) == {"gone"}
    assert stamps(engine) == 1


def test_an_error_inside_a_success_is_read_twice_before_each_goes_alone(engine):
    """It may have happened all the same, so that nothing goes at once."""
    engine.switch(stamp_bad_one=200)
    bad, good = ten_with_a_bad_one(engine)
    engine.run()
    assert (states(engine), stamps(engine)) == ({"emitting": 10}, 1)
    for _ in range(30):
        engine.later(60)
        trying.try_due(clock.now())
    assert {engine.document(order).state for order in good} == {State.ISSUED}
    assert engine.document(bad).state == State.BLOCKED
    assert engine.problems(bad) == {"stock_missing"}
    assert (stamps(engine), legal(engine)) == (1 + 10, 9)


@pytest.mark.parametrize(
    ("error", "state", "problem"),
    [
        ({"code": "AEP1005", "message": "No se pudo emitir"}, State.BLOCKED, {"certificate"}),
        (
            {"code": "400", "message": "AEP6016: falta un dato"},
            State.BLOCKED,
            {"buyer_data_missing"},
        ),
        ("Regla: FAK24, Rechazo: no está en el RUT", State.REJECTED, {"dian_rejected"}),
        ("AEP2011: ya fue enviado", State.EMITTING, set()),
        ("No hay más", State.BLOCKED, {"limit"}),
    ],
)
def test_an_error_inside_a_success_means_what_the_same_words_mean_in_a_refusal(
    engine, error, state, problem
):
    engine.switch({**STAMP, "fault": "status", "status": 200, "body": {"error": error}, "times": 1})
    order = engine.order()
    engine.run()
    assert (engine.document(order).state, engine.problems(order)) == (State.EMITTING, set())
    settled(engine)
    assert (engine.document(order).state, engine.problems(order)) == (state, problem)
    assert stamps(engine) == 1


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (400, {"code": 400, "message": "AEP1005: El certificado está vencido"}, "certificate"),
        (400, {"code": 400, "message": "Alcanzaste el límite de facturas del mes"}, "limit"),
        (403, {"code": 403, "message": "No tienes permiso para emitir"}, "forbidden"),
        (200, {"error": "Tu suscripción está vencida"}, "limit"),
    ],
)
def test_what_is_refused_to_the_whole_account_is_asked_for_no_more_than_once_alone(
    engine, status, body, problem
):
    engine.switch({**STAMP, "fault": "status", "status": status, "body": body})
    orders = [engine.order() for _ in range(10)]
    engine.run()
    settled(engine)
    assert states(engine) == {"blocked": 10}
    assert {code for order in orders for code in engine.problems(order)} == {problem}
    assert stamps(engine) <= 2
    engine.switch()
    for _ in range(20):
        trying.try_due(clock.now())
        engine.later(60)
    assert states(engine) == {"issued": 10}


@pytest.mark.parametrize("words", ["EPR503: La DIAN no respondió", "AEP2011: ya fue enviado"])
def test_what_the_dian_did_not_answer_or_has_already_sends_nobody_alone(engine, words):
    body = {"code": 400, "message": words}
    engine.switch({**STAMP, "fault": "status", "status": 400, "body": body, "times": 1})
    for _ in range(3):
        engine.order()
    engine.run()
    assert (stamps(engine), alone()) == (1, 0)


def test_one_that_was_refused_alone_never_holds_others_again(engine, cast):
    engine.switch(stamp_bad_one=400)
    bad, _good = ten_with_a_bad_one(engine)
    engine.run()
    before = stamps(engine)
    assert send_again(engine.document(bad), by=cast.editor)
    for _ in range(3):
        engine.order()
    settled(engine)
    assert states(engine) == {"issued": 12, "blocked": 1}
    assert stamps(engine) - before == 2
