"""What a merchant is told while it is checked what a restored database has forgotten."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.connections.models import AlegraCompany
from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.scoping.context import scope
from integrations.sending.safe_start import checking
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _half_past_ten():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def noticed(shop):
    """A restore was noticed by one invoice; its order is not known."""
    with scope(shop.organization_id):
        checking.row_of(shop.company)
        found = Forgotten(
            company=shop.company, integration=shop, found_in="invoice", alegra_id="771",
            marker="[MS1-AAAAAAAAAAAAAAAA]", order_number="100245", number="FE318",
            date=NOW.date(), found_at=NOW, organization_id=shop.organization_id,
        )  # fmt: skip
        checking.begin(shop.company, [found], NOW)
    return shop


@pytest.fixture
def read(cast, login):
    def get(name, *args, role="viewer") -> str:
        answer = login(cast.member(role)).get(reverse(name, args=[cast.organization.slug, *args]))
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def end(shop) -> None:
    with scope(shop.organization_id):
        CompanyLook.objects.update(ended_at=NOW, next_at=None, looked_at=NOW)
        AlegraCompany.objects.update(checking_since=None)


def test_the_page_says_what_is_checked_and_what_was_found(noticed, read):
    page = read("restore_check", noticed.pk)
    assert "La base de datos volvió a una copia anterior" in page
    assert "<li>Facturas</li>" in page
    assert "1 que el portal había olvidado" in page
    assert "FE318" in page
    assert "pedido 100245" in page
    assert "No se envía nada mientras tanto" in page


def test_what_is_in_its_order_by_now_waits_no_more(noticed, read):
    with scope(noticed.organization_id):
        make_document(make_order(noticed), State.CREATED, alegra_id="771")
    end(noticed)
    page = read("restore_check", noticed.pk)
    assert "1 ya en su pedido" in page
    assert "FE318" not in page
    assert "Nada por comprobar" in page


def test_an_integration_that_nothing_befell_says_when_it_was_looked_at(shop, read):
    assert "Todavía no hizo falta mirar" in read("restore_check", shop.pk)
    with scope(shop.organization_id):
        CompanyLook.objects.create(company=shop.company, looked_at=NOW)
    page = read("restore_check", shop.pk)
    assert "Lo miramos por última vez" in page
    assert "Qué encontramos" not in page
    link = reverse("restore_check", args=[shop.organization.slug, shop.pk])
    assert link in read("integration", shop.pk)


def test_the_hold_is_told_wherever_holds_are(noticed, read):
    order = make_order(noticed)
    make_document(order, State.PENDING, next_attempt_at=NOW)
    told = "hasta ahora encontramos 1 documento que ya existía"
    assert told in read("attention")
    assert told in read("order", order.pk)
    link = reverse("restore_check", args=[noticed.organization.slug, noticed.pk])
    assert link in read("attention")
    assert link in read("integrations")
    assert link in read("integration", noticed.pk)
    end(noticed)
    assert told not in read("attention")
    assert link not in read("integrations")


@pytest.fixture
def beat(settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def one_round():
        before = len(mailoutbox)
        tell(clock.now())
        outbox.send_due()
        return [mail for mail in mailoutbox[before:] if mail.to == ["owner@example.com"]]

    return one_round


def test_its_beginning_and_its_end_are_mailed_once_each(noticed, beat):
    [mail] = beat()
    assert "volvió a una copia anterior" in mail.subject
    assert "1 factura hasta ahora" in mail.body
    assert reverse("restore_check", args=[noticed.organization.slug, noticed.pk]) in mail.body
    assert beat() == []
    end(noticed)
    [mail] = beat()
    assert "terminó la comprobación" in mail.subject
    assert "1 espera a que su pedido vuelva a llegar" in mail.body
    assert beat() == []


def test_staff_see_it_in_their_pages(noticed, cast, login):
    client = login(cast.staff)
    for name in ("companylook", "forgotten"):
        answer = client.get(reverse(f"admin:integrations_{name}_changelist"))
        assert answer.status_code == 200
    assert "FE318" in answer.content.decode()


def test_a_check_without_a_login_says_what_to_do(noticed, read):
    with scope(noticed.organization_id):
        CompanyLook.objects.update(error="NoLogin")
    page = read("restore_check", noticed.pk)
    assert "Conéctalo otra vez" in page
    assert "Alegra no respondió" not in page


def test_a_list_that_was_not_shown_is_not_said_to_be_known(noticed, read):
    end(noticed)
    with scope(noticed.organization_id):
        CompanyLook.objects.update(looked_at=None)
    page = read("restore_check", noticed.pk)
    assert "el portal conoce todo lo suyo" not in page
    assert "Alegra no mostró" in page
    end(noticed)
    assert "el portal conoce todo lo suyo" in read("restore_check", noticed.pk)
