"""A yes to the plan of *Emitir*: what is asked for, how far it is, the stop."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.connections.models import Integration
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending import causes
from integrations.sending.about import about
from integrations.sending.bulk.models import BulkRun
from integrations.sending.models import Cause
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.history.emitting.pages import EDITED, behind, documents

pytestmark = pytest.mark.django_db


def test_a_yes_asks_for_exactly_the_planned_ones(portal, draft, cast, now):
    goes = [draft().pk for _ in range(3)]
    draft(edited=EDITED)
    portal.emit_all()
    later = draft()
    portal.yes()
    page = portal.worked_off()
    asked = documents(cast, emit_since__isnull=False)
    assert [each.order_id for each in asked] == goes
    assert {each.emit_by for each in asked} == {str(cast.editor)}
    assert behind(portal, page, "En cola para emitirse") == (3, 3)
    assert later.pk not in goes
    with scope(cast.organization.pk):
        [entry] = AuditEntry.objects.filter(action__startswith="bulk.")
    assert (entry.action, entry.after["count"]) == ("bulk.emit", 3)
    assert entry.after["left_out"] == {"edited": 1}


def test_an_accountant_may_say_yes_and_a_viewer_may_not(portal, draft, cast, login):
    draft()
    portal.emit_all(role="accountant")
    url = portal.url("history_run", portal.run().pk)
    assert login(cast.viewer).post(url).status_code == 403
    assert "Emitir 1 factura" not in portal.get(url, "viewer")
    assert portal.run().started_at is None
    portal.yes("accountant")
    assert portal.run().by == str(cast.accountant)
    assert portal.run().started_at


def test_what_became_of_each_is_said_and_adds_up(portal, draft, cast, now):
    orders = [draft(10_000) for _ in range(6)]
    portal.emit_all()
    portal.yes()
    portal.worked_off()
    with scope(cast.organization.pk):
        mine = [Document.objects.filter(order=order) for order in orders]
        mine[0].update(state="issued", legal_state="accepted")
        mine[1].update(state="issued", legal_state="accepted_obs")
        mine[2].update(state="emitting", legal_state="waiting")
        mine[3].update(state="rejected", legal_state="rejected")
        mine[4].update(state="blocked")
    now.advance(seconds=timing().bulk_followed + 1)
    page = portal.worked_off()
    assert "5 de 6 listas" in page
    for label, count in {
        "Aceptadas por la DIAN": 2, "En la DIAN": 1, "Rechazadas por la DIAN": 1,
        "Por atender": 1, "En cola para emitirse": 1,
    }.items():  # fmt: skip
        assert behind(portal, page, label) == (count, count)
    with scope(cast.organization.pk):
        mine[5].update(emit_since=None)
    now.advance(seconds=timing().bulk_followed + 1)
    page = portal.worked_off()
    assert "Terminada" in page
    assert behind(portal, page, "Siguen como borrador") == (1, 1)


def test_what_changed_after_the_plan_is_not_asked_and_counted(portal, draft, cast):
    kept, returned = draft(), draft(30_000)
    portal.emit_all()
    with scope(cast.organization.pk):
        Order.objects.filter(pk=returned.pk).update(status="returned")
    portal.yes()
    page = portal.worked_off()
    assert "Cambiaron mientras tanto y no se emitieron" in page
    assert behind(portal, page, "Su pedido se devolvió") == (1, 1)
    assert [each.order_id for each in documents(cast, emit_since__isnull=False)] == [kept.pk]


def test_a_second_emit_all_while_one_runs_plans_nothing(portal, draft, cast):
    draft()
    draft()
    portal.emit_all()
    portal.yes()
    assert behind(portal, portal.emit_all(), "Ya se está emitiendo") == (2, 2)
    assert len(documents(cast, emit_since__isnull=False)) == 0  # the first is not worked off yet


def test_stopped_nothing_more_goes_and_what_waits_is_taken_back(portal, draft, cast, now):
    orders = [draft() for _ in range(4)]
    portal.emit_all()
    portal.yes()
    portal.worked_off()
    with scope(cast.organization.pk):
        Document.objects.filter(order=orders[0]).update(state="issued", legal_state="accepted")
    page = portal.post(portal.url("history_run_stop", portal.run().pk), "owner")
    assert "Detenida. Lo que ya salió" in page
    page = portal.worked_off()
    assert behind(portal, page, "Aceptadas por la DIAN") == (1, 1)
    assert behind(portal, page, "Detenidas: siguen como borrador") == (3, 3)
    # What stayed a draft is not counted as if it were ready.
    assert "1 de 4 alcanzaron a salir antes de detenerla." in page
    assert len(documents(cast, emit_since__isnull=False)) == 1
    assert f"la detuvo {cast.owner}" in page


def blocked_since(cast, order):
    """Its emission was refused: it waits for a cure, and would be emitted with it."""
    with scope(cast.organization.pk):
        document = Document.objects.get(order=order)
        assert document.transition(State.BLOCKED, now=clock.now(), why=Why.PROBLEM)
        causes.open_problems(document, [about(document, "gave_up")], now=clock.now())


def test_stopped_nothing_that_waits_for_a_cure_is_emitted_with_it(portal, draft, cast, now):
    orders = [draft() for _ in range(3)]
    portal.emit_all()
    portal.yes()
    portal.worked_off()
    blocked_since(cast, orders[0])
    now.advance(seconds=timing().bulk_followed + 1)
    assert "1 de 3 listas" in portal.worked_off()
    portal.post(portal.url("history_run_stop", portal.run().pk), "owner")
    # One more while it is being stopped.
    blocked_since(cast, orders[1])
    page = portal.worked_off()
    assert behind(portal, page, "Detenidas: siguen como borrador") == (3, 3)
    assert "0 de 3 alcanzaron a salir antes de detenerla." in page
    assert documents(cast, emit_since__isnull=False) == []
    assert len(documents(cast, state="blocked")) == 2
    with scope(cast.organization.pk):
        assert Cause.objects.open().count() == 2
        assert release("gave_up", orders[0].key, integration=orders[0].integration) == 1
        assert Document.objects.get(order=orders[0]).emit_since is None


def test_a_blocked_draft_says_that_its_cure_emits_it_and_whoever_may_emit_takes_it_back(
    portal, draft, cast, now
):
    order = draft(emit_since=now.now(), emit_by="Ana Pérez")
    blocked_since(cast, order)
    page = portal.get(portal.url("order", order.pk), "accountant")
    says = "Ana Pérez pidió emitirla: cuando esto se resuelva, sale sola para la DIAN."
    assert says in page
    assert "No emitirla" in page
    assert "No emitirla" not in portal.get(portal.url("order", order.pk), "viewer")
    page = portal.post(portal.url("order_do_not_emit", order.pk), "accountant")
    assert "Ya no se emite sola" in page
    assert says not in page
    assert "decidió no emitirla por ahora" in page
    [document] = documents(cast)
    assert (document.state, document.emit_since, document.emit_by) == ("blocked", None, "")
    assert "ya se resolvió" in portal.post(portal.url("order_do_not_emit", order.pk), "accountant")


def test_a_plan_that_nobody_confirmed_for_long_is_read_again(portal, draft, now):
    draft()
    portal.emit_all()
    now.advance(seconds=timing().bulk_plan_lives + 1)
    page = portal.get(portal.url("history_run", portal.run().pk))
    assert "Emitir 1 factura" not in page
    assert "Este plan se hizo hace rato" in page
    first = portal.run().pk
    portal.post(portal.url("history_run", first), **{"otra-vez": "1"})
    assert portal.run().pk != first
    assert portal.run().state == "reading"


def test_while_something_holds_the_page_says_what(portal, draft, cast):
    draft()
    portal.emit_all()
    portal.yes()
    portal.worked_off()
    with scope(cast.organization.pk):
        Integration.objects.update(paused_reason="staff")
    page = portal.get(portal.url("history_run", portal.run().pk))
    assert "En pausa por el equipo de soporte" in page


@pytest.mark.parametrize(
    ("state", "again"),
    [("reading", "2"), ("ready", None), ("running", "4"), ("stopping", "4"), ("ended", None)],
)
def test_a_page_that_changes_by_itself_is_asked_for_again(portal, draft, cast, login, state, again):
    draft()
    portal.emit_all()
    with scope(cast.organization.pk):
        BulkRun.objects.update(state=state)
    response = login(cast.editor).get(portal.url("history_run", portal.run().pk))
    assert response.headers.get("Refresh") == again


def test_the_runs_of_the_past_say_who_when_and_how_many(portal, draft, cast):
    assert "Todavía nadie ha emitido desde aquí." in portal.get(portal.url("history_runs"))
    draft(100_000)
    draft(71_300)
    portal.emit_all()
    assert "Todavía nadie" in portal.get(portal.url("history_runs"))
    portal.yes()
    portal.worked_off()
    page = portal.get(portal.url("history_runs"), "viewer")
    assert str(cast.editor) in page
    assert "2 de 2 facturas · $ 171.300" in page


def test_a_run_of_another_comercio_is_not_found(portal, draft, cast, login):
    draft()
    portal.emit_all()
    run = portal.run().pk
    client = login(cast.outsider)
    for name in ("history_run", "history_run_stop"):
        url = reverse(name, args=[cast.other.slug, run])
        assert client.post(url).status_code == 404
    listed = client.get(reverse("history", args=[cast.other.slug]), {"emision": run})
    assert "Esa emisión no existe en este comercio." in listed.content.decode()


@pytest.mark.parametrize("part", ["x", "1x", "999999999999999999999", "{run}.nada", "{run}..", "²"])
def test_a_part_that_nobody_wrote_shows_an_error_or_all_of_the_run(portal, draft, part):
    draft()
    portal.emit_all()
    page = portal.get(portal.url("history") + "?emision=" + part.format(run=portal.run().pk))
    assert ("Esa emisión no existe" in page) is (part != "{run}..")
