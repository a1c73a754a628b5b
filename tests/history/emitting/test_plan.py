"""*Emitir* for one, many or all drafts: who may, what the plan says, what it leaves out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import AlegraCompany, Credential, Integration, ReferenceEntry
from integrations.scoping.context import scope
from integrations.sending.bulk import worker
from tests import cast as casting
from tests.history.emitting.pages import EDITED, behind
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db


def test_the_list_offers_to_emit_its_drafts(portal, draft):
    draft()
    draft()
    assert "Emitir 2 borradores…" in portal.get(portal.url("history"))


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("editor", True), ("accountant", True),
                                           ("viewer", False)])  # fmt: skip
def test_it_offers_it_to_who_may(portal, draft, role, may):
    order = draft()
    assert ("borrador…" in portal.get(portal.url("history"), role)) is may
    assert ("Emitir…" in portal.get(portal.url("order", order.pk), role)) is may


def test_the_plan_says_how_many_for_how_much(portal, draft):
    draft(100_000)
    draft(71_300)
    page = portal.emit_all()
    assert "Emitir 2 facturas por $ 171.300" in page
    assert behind(portal, page, "Se emiten") == (2, 2)


def test_one_invoice_is_one(portal, draft):
    order = draft(174_900)
    portal.post(portal.url("order_emit", order.pk))
    assert "Emitir 1 factura por $ 174.900" in portal.worked_off()


LEFT_OUT = {
    "edited": ({"edited": EDITED}, {}, "Alguien cambió el borrador en Alegra"),
    "emitted": ({"alegra_status": "open"}, {}, "Ya está emitida, o en la DIAN"),
    "void": ({"alegra_status": "void"}, {}, "Su borrador está anulado en Alegra"),
    "returned": ({}, {"status": "returned"}, "Su pedido se devolvió"),
    "cancelled": ({}, {"status": "cancelled"}, "Su pedido se canceló"),
    "blocked": ({"state": "blocked"}, {}, "Está por atender"),
    "asked": ({"emit_since": NOW}, {}, "Ya se está emitiendo"),
}


@pytest.mark.parametrize("why", LEFT_OUT)
def test_what_is_left_out_is_said_with_its_reason_and_adds_up(portal, draft, why):
    fields, order, label = LEFT_OUT[why]
    draft(100_000)
    for _ in range(2):
        draft(50_000, order=order, **fields)
    page = portal.emit_all()
    assert "Emitir 1 factura por $ 100.000" in page
    assert behind(portal, page, label) == (2, 2)
    assert behind(portal, page, "No se emiten") == (2, 2)
    assert behind(portal, page, "Elegidas") == (3, 3)
    assert "2 facturas</a> · $ 100.000" in page


def test_a_deleted_draft_is_named_so(portal, draft):
    draft()
    gone = draft(state="blocked")
    make_problem(gone, "gone", params={"order": gone.number, "called": "la factura"})
    page = portal.emit_all()
    assert behind(portal, page, "Su borrador ya no está en Alegra") == (1, 1)


HELD = {
    "books": (AlegraCompany, {"books_closed_until": NOW.date()}, "Los libros están cerrados"),
    "off": (Integration, {"state": "off"}, "Su integración está apagada"),
    "staff": (Integration, {"paused_reason": "staff"}, "Su integración está en pausa"),
    "token": (Credential, {"state": "paused"}, "Alegra no acepta el token de su integración"),
}


@pytest.mark.parametrize("why", HELD)
def test_what_an_integration_holds_is_left_out(portal, draft, cast, why):
    draft()
    model, columns, label = HELD[why]
    with scope(cast.organization.pk):
        model.objects.update(**columns)
    page = portal.emit_all()
    assert behind(portal, page, label) == (1, 1)
    assert "Ninguno de los elegidos se puede emitir" in page


@pytest.mark.parametrize(
    ("facts", "goes"),
    [
        ({}, True),
        ({"end_date": "2026-11-20"}, False),
        ({"next_number": 11, "max_number": 10}, False),
        ({"is_active": False}, False),
    ],
)
def test_a_numbering_that_gives_no_more_leaves_its_drafts_out(portal, draft, shop, facts, goes):
    draft(settings_snapshot={"number_template": "7"})
    active = facts.pop("is_active", True)
    with scope(shop.organization_id):
        ReferenceEntry.objects.create(
            company=shop.company, kind="number_template", alegra_id="7", name="FE",
            data={"is_electronic": True, "prefix": "FE", **facts}, is_active=active,
            fetched_at=NOW,
        )  # fmt: skip
    page = portal.emit_all()
    assert ("Emitir 1 factura" in page) is goes
    assert ("Su numeración no puede dar números" in page) is not goes


def test_only_what_the_filters_find_is_chosen(portal, draft):
    draft(100_000)
    draft(20_000)
    assert "Emitir 1 factura por $ 100.000" in portal.emit_all("?minimo=50000")


def test_only_the_ticked_ones_are_chosen(portal, draft):
    first, second, _third = draft(1000), draft(2000), draft(4000)
    listed = portal.get(portal.url("history"))
    assert listed.count('name="pedido"') == 3
    portal.post(portal.url("history_emit"), pedido=[first.pk, second.pk])
    assert "Emitir 2 facturas por $ 3.000" in portal.worked_off()


def test_a_draft_that_something_speaks_against_has_no_box(portal, draft):
    changed = draft()
    make_problem(
        changed, "reversed_after",
        params={"order": changed.number, "happened": "se devolvió", "stays": "sigue"},
    )  # fmt: skip
    assert 'name="pedido"' not in portal.get(portal.url("history"))


def test_invoices_and_remissions_are_emitted_apart(portal, draft, shop):
    draft()
    make_document(make_order(shop), "awaiting_approval", kind="remission")
    listed = portal.get(portal.url("history"))
    assert "Emitir las remisiones…" in listed
    assert "Emitir las facturas…" in listed
    assert "Emitir las facturas…" not in portal.get(portal.url("history"), "viewer")
    # Who may only emit invoices has no box for a remission.
    assert portal.get(portal.url("history"), "accountant").count('name="pedido"') == 1


def test_an_order_of_somebody_else_cannot_be_chosen(portal, cast, draft, login):
    theirs = make_order(casting.make_integration(cast.other))
    response = login(cast.editor).post(portal.url("history_emit"), {"pedido": [theirs.pk]})
    assert response.status_code == 404


def test_where_nothing_is_a_draft_that_is_said(portal, shop):
    order = make_order(shop)
    page = portal.post(portal.url("history_emit"), pedido=[order.pk])
    assert "no hay ningún borrador de factura" in page


@pytest.mark.parametrize("count", [3, 40])
def test_plan_and_page_ask_as_much_for_many_as_for_few(portal, draft, cast, login, count):
    for n in range(count):
        draft(state="blocked" if n % 3 == 0 else "created")
    client = login(cast.editor)
    with CaptureQueriesContext(connection) as choosing:
        client.post(portal.url("history_emit"), {"todos": "1"})
    with CaptureQueriesContext(connection) as planning:
        worker.work_off(portal.run().pk)
    with CaptureQueriesContext(connection) as showing:
        client.get(portal.url("history_run", portal.run().pk))
    assert len(choosing) <= 14
    assert len(planning) <= 24
    assert len(showing) <= 14
    assert portal.run().count == count - len(range(0, count, 3))
