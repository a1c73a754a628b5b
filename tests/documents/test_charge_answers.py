"""The name of a charge is asked about once, and its answer is valid for its own orders alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from integrations.audit.models import AuditEntry
from integrations.catalog.models import AlegraItem
from integrations.configuration.answers import answer, take_back
from integrations.configuration.questions import CHARGE_NAME, QUESTIONS
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.states import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(engine):
    """The engine with a product for charges, and what a person answers."""
    integration = engine.integration
    with scope(integration.organization_id):
        own, other = [
            item
            for item in AlegraItem.objects.order_by("pk")
            if item.can_be_invoiced and item.alegra_id != engine.items["11"] and item.taxes
        ][:2]
        settings = integration.document_settings
        settings.charges_enabled, settings.charges_item = True, own.alegra_id
        settings.save()

    def respond(name, value, item=None):
        picked = {"item": item.alegra_id, "name": item.name} if item else {}
        with scope(integration.organization_id):
            return answer(integration, QUESTIONS[CHARGE_NAME], name, value, picked=picked)

    def forget(name):
        with scope(integration.organization_id):
            take_back(integration, QUESTIONS[CHARGE_NAME], name, request=None)

    return SimpleNamespace(own=own, other=other, respond=respond, forget=forget)


def charged(engine, name="Empaque", amount=10_000, **changes):
    charges = [{"name": name, "amount": amount}]
    return engine.order(total=159_800 + amount, charges=charges, **changes)


def states(engine, orders) -> set[str]:
    with scope(engine.integration.organization_id):
        rows = Document.objects.filter(order__in=[order.pk for order in orders])
        return set(rows.values_list("state", flat=True))


def items_of(engine, order) -> list[str]:
    found = engine.document(order)
    invoice = next(row for row in engine.invoices() if str(row["id"]) == found.alegra_id)
    return [str(row["id"]) for row in invoice["items"]]


def test_a_name_is_asked_about_and_goes_as_the_product_that_was_chosen(engine, shop):
    order = charged(engine)
    engine.run()
    assert engine.problems(order) == {"charge_unknown"}
    assert shop.respond("empaque", "product", shop.other) == 1
    engine.run()
    assert items_of(engine, order) == [engine.items["11"], shop.other.alegra_id]
    again = charged(engine, "EMPÁQUE")
    engine.run()
    assert engine.document(again).state == State.CREATED, "asked once"


@pytest.mark.one_database
def test_two_hundred_orders_of_one_name_leave_and_fifty_of_another_stay(engine, shop):
    those = [charged(engine) for _each in range(200)]
    others = [charged(engine, "Moño") for _each in range(50)]
    for _turn in range(60):
        engine.run()
        if states(engine, those + others) == {State.BLOCKED}:
            break
    assert states(engine, those + others) == {State.BLOCKED}
    assert shop.respond("empaque", "own") == 200
    assert states(engine, those) == {State.PENDING}
    assert states(engine, others) == {State.BLOCKED}


def test_another_answer_changes_nothing_that_was_sent_and_all_that_waits(engine, shop):
    sent = charged(engine)
    engine.run()
    shop.respond("empaque", "own")
    engine.run()
    before = engine.invoices()
    waiting = charged(engine)
    shop.respond("empaque", "product", shop.other)
    engine.run()
    assert items_of(engine, sent)[-1] == shop.own.alegra_id
    assert items_of(engine, waiting)[-1] == shop.other.alegra_id
    assert before[0] in engine.invoices()


def test_an_order_that_the_first_answer_left_waiting_follows_the_second(engine, shop):
    order, bystander = charged(engine, amount=90_000), engine.order(total=300_000)
    engine.run()
    shop.respond("empaque", "tax")
    engine.run()
    assert engine.problems(order) == engine.problems(bystander) == {"total_mismatch"}
    shop.respond("empaque", "own")
    assert (engine.document(order).state, engine.document(bystander).state) == (
        State.PENDING,
        State.BLOCKED,
    )
    engine.run()
    assert engine.document(order).state == State.CREATED


def test_taken_back_it_is_asked_again_for_what_was_not_sent(engine, shop):
    sent = charged(engine)
    engine.run()
    shop.respond("empaque", "own")
    engine.run()
    waiting = charged(engine)
    shop.forget("empaque")
    engine.run()
    assert engine.problems(waiting) == {"charge_unknown"}
    assert engine.document(sent).state == State.CREATED
    assert len(engine.invoices()) == 1
    with scope(engine.integration.organization_id):
        entry = AuditEntry.objects.get(action="question.take_back")
    assert entry.before == {"question": CHARGE_NAME, "subject": "empaque", "value": "own"}


def test_a_chosen_product_that_cannot_be_invoiced_is_named_and_its_return_frees_the_order(
    engine, shop
):
    order = charged(engine)
    engine.run()
    with scope(engine.integration.organization_id):
        AlegraItem.objects.filter(pk=shop.other.pk).update(is_active=False)
    shop.respond("empaque", "product", shop.other)
    engine.run()
    assert engine.problems(order) == {"charge_product_unusable"}
    shop.respond("empaque", "own")
    engine.run()
    assert engine.document(order).state == State.CREATED


# --- What words say -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Cupón BIENVENIDA", "Descuento"])
@pytest.mark.parametrize("in_its_own_field", [False, True])
def test_a_coupon_among_the_charges_is_less_and_no_line(engine, shop, name, in_its_own_field):
    """Told once, or told again in the discount's own field."""
    order = engine.order(
        total=149_800,
        charges=[{"name": name, "amount": 10_000}],
        **({"discount": 10_000} if in_its_own_field else {}),
    )
    engine.run()
    assert items_of(engine, order) == [engine.items["11"]]
    assert engine.document(order).total == 149_800


def test_a_coupon_that_was_added_waits_instead_of_becoming_a_charge(engine, shop):
    order = charged(engine, "Cupón")
    engine.run()
    assert engine.problems(order) == {"total_mismatch"}


@pytest.mark.parametrize("name", ["Gift card", "Vale de la casa"])
def test_money_received_before_is_no_discount_and_no_line(engine, shop, name):
    order = engine.order(total=139_800, charges=[{"name": name, "amount": 20_000}])
    engine.run()
    if name != "Gift card":
        assert engine.problems(order) == {"charge_unknown"}
        shop.respond("valedelacasa", "received")
        engine.run()
    document = engine.document(order)
    assert document.state == State.CREATED
    assert document.total == 159_800
    assert document.built["received"][0]["amount"] == "20000"


@pytest.mark.parametrize(
    ("told", "total", "tax"),
    [
        ({"tip": 5_000}, 55_000, "7983.19"),
        ({"fees": [{"name": "Propina voluntaria", "amount": 5_000}]}, 55_000, "7983.19"),
        ({"charges": [{"name": "Donación Teletón", "amount": 2_000}]}, 52_000, "7983.19"),
        ({"tax_lines": [{"title": "IVA 19%", "price": 7_983.19}]}, 50_000, "7983.19"),
        ({"charges": [{"name": "IVA", "amount": 7_983}]}, 50_000, "7983.19"),
    ],
)
def test_wherever_it_is_told_only_goods_carry_iva(engine, shop, told, total, tax):
    line = {"id_product": 1, "id_variant": 11, "name": "Termo", "quantity": 1, "price": 50_000}
    order = engine.order(total=total, lines=[line], **told)
    engine.run()
    document = engine.document(order)
    assert (document.state, document.total) == (State.CREATED, total)
    assert str(document.tax) == tax
