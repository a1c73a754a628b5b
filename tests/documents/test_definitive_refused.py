"""A definitive invoice that Alegra or the DIAN refuses, from its order to the cure and on."""

from __future__ import annotations

import pytest

from integrations.catalog.models import AlegraItem
from integrations.catalog.tasks import read_again_what_orders_wait_for as read_items_again
from integrations.configuration.curing import release_cured
from integrations.configuration.references import refresh_company
from integrations.configuration.tasks import read_again_what_orders_wait_for as read_choices_again
from integrations.connections.models import Integration
from integrations.documents.stock_again import read_what_orders_wait_for as read_stock_again
from integrations.scoping.context import scope
from integrations.sending import trying
from integrations.timekeeping import clock
from tests.documents.emitting import short_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def definitive(build_engine):
    engine = build_engine(mode="definitive")
    with scope(engine.integration.organization_id):
        refresh_company(engine.integration.company, engine.integration.credential)
        engine.at.advance(minutes=1)
        yield engine


def emitted(engine, order):
    engine.run()
    for _ in range(4):
        engine.later(20)
    return engine.document(order)


def today_there(engine):
    """The simulated Alegra has the day of today, the portal that of its frozen clock."""
    engine.switch(stamp_old_date="accepted")


def test_a_definitive_invoice_of_a_product_without_unit_is_not_even_created(definitive):
    engine = definitive
    today_there(engine)
    item = engine.items["11"]
    engine.as_person("PUT", f"/items/{item}", {"inventory": {"unit": None}})
    AlegraItem.objects.filter(alegra_id=item).update(unit="")
    order = engine.order()
    emitted(engine, order)
    assert engine.problems(order) == {"item_without_unit"}
    assert engine.invoices() == []
    engine.as_person("PUT", f"/items/{item}", {"inventory": {"unit": "unit"}})
    read_items_again()
    assert emitted(engine, order).state == "issued"


def test_a_shortage_at_emission_is_cured_in_alegra_and_the_same_draft_emitted(definitive):
    engine = definitive
    today_there(engine)
    item = engine.items["11"]
    short_of(engine, item, 1)
    engine.switch(negative_stock="refused", stock_refusal="bare")
    order = engine.order()
    document = emitted(engine, order)
    assert engine.problems(order) == {"stock_missing"}
    assert document.state == "blocked"
    short_of(engine, item, 5)
    read_stock_again()
    document = emitted(engine, order)
    assert document.state == "issued"
    assert [row["id"] for row in engine.invoices()] == [document.alegra_id]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"maxInvoiceNumber": 1248}, "numbering_exhausted"),
        ({"endDate": "2026-11-01"}, "numbering_expired"),
    ],
)
def test_what_is_known_to_get_no_number_is_held_without_a_call(definitive, change, problem):
    engine, alegra = definitive, definitive.as_person
    today_there(engine)
    chosen = engine.integration.document_settings.number_template
    alegra("PUT", f"/number-templates/{chosen}", change)
    refresh_company(engine.integration.company, engine.integration.credential)
    order = engine.order()
    document = emitted(engine, order)
    assert engine.problems(order) == {problem}
    assert (document.state, bool(document.alegra_id)) == ("blocked", True)
    assert engine.calls("POST", "/invoices/stamp") == 0
    alegra("PUT", f"/number-templates/{chosen}", {"maxInvoiceNumber": 9999, "endDate": None})
    read_choices_again()
    document = emitted(engine, order)
    assert document.state == "issued"
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize("chosen", [True, False])
def test_a_numbering_whose_numbers_somebody_writes_is_held_without_a_call(definitive, chosen):
    engine, alegra = definitive, definitive.as_person
    today_there(engine)
    settings = engine.integration.document_settings
    template = settings.number_template
    if not chosen:
        settings.number_template = ""
        settings.save()
    alegra("PUT", f"/number-templates/{template}", {"autoincrement": False})
    refresh_company(engine.integration.company, engine.integration.credential)
    order = engine.order()
    emitted(engine, order)
    assert engine.problems(order) == {"numbering_manual"}
    assert engine.invoices() == []
    assert engine.calls("POST", "/invoices") == 0
    alegra("PUT", f"/number-templates/{template}", {"autoincrement": True})
    assert read_choices_again() == 1
    assert emitted(engine, order).state == "issued"


def test_a_draft_whose_numbering_became_one_by_hand_is_not_emitted(definitive):
    engine, alegra = definitive, definitive.as_person
    today_there(engine)
    engine.switch({"fault": "stamp_failed_with_draft"})
    order = engine.order()
    engine.run()
    called = engine.calls("POST", "/invoices/stamp")
    engine.switch()
    template = engine.integration.document_settings.number_template
    alegra("PUT", f"/number-templates/{template}", {"autoincrement": False})
    refresh_company(engine.integration.company, engine.integration.credential)
    engine.later(300)
    document = emitted(engine, order)
    assert (document.state, engine.problems(order)) == ("blocked", {"numbering_manual"})
    assert engine.calls("POST", "/invoices/stamp") == called


def test_the_preferred_numbering_is_held_where_it_is_inactive(definitive):
    """Alegra takes no other in its place, and nor do we."""
    engine, alegra = definitive, definitive.as_person
    today_there(engine)
    settings = engine.integration.document_settings
    template, settings.number_template = settings.number_template, ""
    settings.save()
    engine.switch({"fault": "stamp_failed_with_draft"})
    order = engine.order()
    engine.run()
    called = engine.calls("POST", "/invoices/stamp")
    engine.switch()
    alegra("PUT", f"/number-templates/{template}", {"status": "inactive"})
    refresh_company(engine.integration.company, engine.integration.credential)
    engine.later(300)
    emitted(engine, order)
    assert engine.problems(order) == {"reference_missing"}
    assert engine.calls("POST", "/invoices/stamp") == called


def test_an_exhausted_numbering_holds_until_a_person_chooses_the_new_one(definitive):
    engine, alegra = definitive, definitive.as_person
    today_there(engine)
    settings = engine.integration.document_settings
    alegra("PUT", f"/number-templates/{settings.number_template}", {"maxInvoiceNumber": 1248})
    new = {"name": "Nueva", "prefix": "NV", "documentType": "invoice", "isElectronic": True}
    made = alegra("POST", "/number-templates", {**new, "maxInvoiceNumber": 9, "isDefault": False})
    order = engine.order()
    emitted(engine, order)
    assert engine.problems(order) == {"numbering_exhausted"}
    assert len(engine.invoices()) == 1
    read_choices_again()
    emitted(engine, order)
    assert engine.problems(order) == {"numbering_exhausted"}
    refresh_company(engine.integration.company, engine.integration.credential)
    settings.number_template = str(made["id"])
    settings.save()
    assert release_cured(Integration.objects.get(pk=engine.integration.pk), settings, by="Ana")
    document = emitted(engine, order)
    assert (document.state, document.number) == ("issued", "NV1")
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize("shape", ["data", "invoices"])
@pytest.mark.parametrize(
    ("fault", "state", "problem"),
    [
        ({"fault": "stamp_refused", "body": "AEP1005: vencido"}, "blocked", "certificate"),
        ({"fault": "stamp_refused", "body": "Raro [AEP9999]"}, "blocked", "emission_refused"),
        ({"fault": "stamp_refused", "body": "AEP6015: régimen"}, "blocked", "buyer_data_missing"),
        ({"fault": "stamp_rejected"}, "rejected", "dian_rejected"),
    ],
)
def test_a_refused_emission_has_its_problem_whatever_the_answer_looks_like(
    definitive, fault, state, problem, shape
):
    engine = definitive
    today_there(engine)
    engine.switch(fault, stamp_answer=shape)
    order = engine.order()
    document = emitted(engine, order)
    assert (document.state, engine.problems(order)) == (state, {problem})
    assert engine.calls("POST", "/invoices/stamp") == 1
    for row in document.legal_words or []:
        assert row["code"] != "400"


def test_others_wait_while_the_certificate_is_no_good_and_leave_when_it_is(definitive):
    engine = definitive
    today_there(engine)
    engine.switch({"fault": "stamp_refused", "body": "AEP1005: vencido"})
    first = engine.order()
    emitted(engine, first)
    second = engine.order()
    emitted(engine, second)
    assert engine.problems(second) == {"certificate"}
    assert engine.calls("POST", "/invoices/stamp") == 1
    engine.switch()
    engine.at.advance(seconds=200)
    trying.try_due(clock.now())
    emitted(engine, first)
    assert {engine.document(order).state for order in (first, second)} == {"issued"}
