"""*Emitir* for one, many or all drafts: the plan's numbers, the yes, how far it is, the stop."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.connections.models import AlegraCompany, Credential, Integration, ReferenceEntry
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.bulk import worker
from integrations.sending.bulk.models import BulkRun
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db


# What a person changed in Alegra, as it is kept.
EDITED = {
    "changes": [
        {
            "what": "total", "name": "Total", "was": "$ 50.000", "now": "$ 50.100",
            "sentence": "el total era $ 50.000 y ahora es $ 50.100", "exactly": ["50000", "50100"],
        }
    ],
    "digest": "una-huella",
}  # fmt: skip


@pytest.fixture
def now():
    with clock.frozen(NOW) as frozen:
        yield frozen


@pytest.fixture
def shop(cast, now):
    return casting.make_integration(cast.organization)


@pytest.fixture
def draft(shop):
    """draft(total=…) → an order whose draft Alegra showed just now."""

    def make(total=100_000, state="created", order=None, **fields):
        order = make_order(shop, total=total, **(order or {}))
        fields.setdefault("alegra_id", str(order.pk))
        fields.setdefault("alegra_status", "draft")
        fields.setdefault("last_read_at", NOW)
        make_document(order, state, **fields)
        return order

    return make


@pytest.fixture
def portal(cast, login):
    return Portal(cast, login)


class Portal:
    def __init__(self, cast, login):
        self.slug, self.cast, self.login = cast.organization.slug, cast, login

    def url(self, name, *args):
        return reverse(name, args=[self.slug, *args])

    def get(self, url, role="editor"):
        response = self.login(self.cast.member(role)).get(url)
        assert response.status_code == 200, url
        return self.text(response)

    def post(self, url, role="editor", **data):
        return self.text(self.login(self.cast.member(role)).post(url, data, follow=True))

    def emit_all(self, query="", role="editor"):
        """Press the button of the list; the page after a worker has planned it."""
        self.post(self.url("history_emit") + query, role, todos="1")
        return self.worked_off(role)

    def worked_off(self, role="editor"):
        run = self.run()
        worker.work_off(run.pk)
        return self.get(self.url("history_run", run.pk), role)

    def run(self):
        with scope(self.cast.organization.pk):
            return BulkRun.objects.order_by("-pk").first()

    def yes(self, role="editor"):
        return self.post(self.url("history_run", self.run().pk), role)

    @staticmethod
    def text(response):
        page = response.content.decode().replace("\xa0", " ")
        return re.sub(r"\s+", " ", page)


def behind(portal, page, label, role="editor"):
    """How many orders the list shows behind the figure with this label, and the figure."""
    told = re.search(
        rf'<dt>(?:(?!</dt>).)*{re.escape(label)}(?:(?!</dt>).)*</dt><dd><a href="([^"]+)">(\d+) ',
        page,
    )
    assert told, f"{label!r} is not on the page"
    listed = portal.get(told[1].replace("&amp;", "&"), role)
    found = re.search(r'<b class="num">([\d.]+) pedidos?</b>', listed)
    return int(found[1]), int(told[2])


def documents(cast, **which):
    with scope(cast.organization.pk):
        return list(Document.objects.filter(**which).order_by("pk"))


# --- The plan ---------------------------------------------------------------------------------


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


# --- Yes, and what becomes of it ------------------------------------------------------------


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
    assert len(documents(cast, emit_since__isnull=False)) == 1
    assert f"la detuvo {cast.owner}" in page


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


# --- Many -----------------------------------------------------------------------------------


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
