"""*Revisión con Alegra*: what a merchant sees of it, and does there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.books import reading
from integrations.books.models import BooksAudit, BooksFinding
from integrations.notifications.outbox import send_due
from integrations.notifications.telling import tell
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.books.test_audit import plant
from tests.cast import make_integration
from tests.history.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(cast, login):
    return lambda role="editor": login(cast.member(role))


@pytest.fixture
def see(cast, client_of):
    def get(name="books", *args, role="editor") -> str:
        response = client_of(role).get(reverse(name, args=[cast.organization.slug, *args]))
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def post(cast, client_of):
    def send(name, *args, role="editor", **values) -> int:
        address = reverse(name, args=[cast.organization.slug, *args])
        return client_of(role).post(address, values).status_code

    return send


def finding_of(shop, **columns) -> BooksFinding:
    with scope(shop.organization_id):
        audit = BooksAudit.objects.create(
            company=shop.company, from_day=NOW.date(), to_day=NOW.date(), began_at=NOW,
            state="compared", ended_at=NOW, counted=1240, ours=1240, right=1238,
        )  # fmt: skip
        return BooksFinding.objects.create(
            **{
                "company": shop.company, "first_audit": audit, "last_audit": audit,
                "code": "wrong_total", "found_in": "invoice", "alegra_id": "71",
                "number": "FE71", "order_number": "100245", "exactly": "so", "first_at": NOW,
                "last_at": NOW, "params": {"found": "$ 2", "expected": "$ 1"}, **columns,
            }
        )  # fmt: skip


def test_a_comercio_without_anything_is_told_what_will_be_here(see):
    assert "Todavía no hay nada que comparar." in see()


def test_who_asks_sees_the_progress_and_the_end(shop, see, post):
    plant(shop, shop.many(40))
    shop.engine.at.advance(minutes=30)
    assert "Todavía no se ha revisado." in see()
    assert post("books_now", shop.company.pk) == 302
    reading.read_due(clock.now())
    page = see()
    assert "30 documentos de Alegra leídos" in page
    assert "Revisar ahora" not in page
    shop.read(BooksAudit.objects.get())
    page = see()
    assert "40 documentos del portal, 38 iguales." in page
    for words in (
        "Falta en Alegra", "Está dos veces en Alegra", "El total es otro",
        "Otro documento con un pedido tuyo",
    ):  # fmt: skip
        assert words in page
    assert page.count("Ver el pedido") == 4
    assert page.count("Abrir en Alegra") == 3


def test_por_atender_counts_them_and_the_menu_leads_there(cast, see):
    finding_of(make_integration(cast.organization))
    page = see("attention")
    assert "La revisión con Alegra encontró 1 diferencia" in page
    assert "Revisión con Alegra" in see("menu")


def test_a_difference_says_what_it_is_and_what_to_do(cast, see):
    finding_of(make_integration(cast.organization))
    page = see()
    assert "El total es otro: Factura FE71" in page
    assert "El del pedido 100245 vale $ 2 en Alegra; se hizo por $ 1." in page
    assert "una factura emitida, con una nota crédito" in page
    assert "1.240 documentos del portal, 1.238 iguales." in page


def test_está_bien_así_needs_a_reason_and_exactly_what_was_shown(cast, see, post):
    found = finding_of(make_integration(cast.organization))
    for values in ({"seen": "so"}, {"seen": "otra", "reason": "Lo acordamos"}):
        post("books_settle", found.pk, **values)
        with scope(cast.organization.pk):
            found.refresh_from_db()
        assert found.closed_at is None
    post("books_settle", found.pk, seen="so", reason="Lo acordamos", role="accountant")
    with scope(cast.organization.pk):
        found.refresh_from_db()
    assert (found.closed_how, found.reason) == ("settled", "Lo acordamos")
    assert "FE71" not in see()
    assert "Lo acordamos" in see("books_export")


def test_who_only_reads_sees_it_and_changes_nothing(cast, see, post):
    shop = make_integration(cast.organization)
    found = finding_of(shop)
    page = see(role="viewer")
    assert "FE71" in page
    assert "Está bien así</summary>" not in page
    assert "Revisar ahora" not in page
    assert post("books_settle", found.pk, seen="so", reason="x", role="viewer") == 403
    assert post("books_now", shop.company_id, role="viewer") == 403


def test_the_file_has_every_difference_and_no_formula(cast, see):
    finding_of(make_integration(cast.organization), number="=1+1", order_number="=2+2")
    lines = see("books_export").splitlines()
    assert len(lines) == 2
    assert "'=2+2" in lines[1]
    assert ";El total es otro;" in lines[1]


def test_another_comercios_differences_are_not_there(cast, see, post):
    found = finding_of(make_integration(cast.other))
    assert "FE71" not in see()
    assert "FE71" not in see("books_export")
    assert post("books_settle", found.pk, seen="so", reason="x") == 404


def test_what_is_new_is_mailed_once(cast, shop, mailoutbox, settings):
    plant(shop, shop.many(8))
    shop.audit()
    for _ in range(2):
        tell(clock.now())
        send_due()
    assert {mail.subject.partition(": ")[2] for mail in mailoutbox} == {
        "la revisión con Alegra encontró 4 diferencias"
    }
    told = len(mailoutbox)
    assert told == len({tuple(mail.to) for mail in mailoutbox})
    assert "Nombra el pedido" in mailoutbox[0].body
    shop.audit()
    tell(clock.now())
    send_due()
    assert len(mailoutbox) == told


def test_a_list_that_was_not_shown_is_named_and_nothing_is_called_equal(cast, see):
    found = finding_of(make_integration(cast.organization))
    with scope(cast.organization.pk):
        BooksFinding.objects.update(closed_at=NOW, closed_how="settled")
    assert "Todo igual" in see()
    with scope(cast.organization.pk):
        BooksAudit.objects.filter(pk=found.first_audit_id).update(left_out=["payment"])
    page = see()
    assert "esa no se comparó: pagos recibidos." in page
    assert "Revisada en parte" in page
    assert "Todo igual" not in page


def test_what_a_difference_says_stands_under_its_name(cast, see):
    finding_of(make_integration(cast.organization))
    # `term` is for a name and one text beside it.
    assert 'class="term"' not in see()
