"""Refused events are counted to the last one, named, mailed once, corrected and made good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.connections.source_account import SourceAccount
from integrations.intake import refusals, refused, slowing
from integrations.intake.models import RefusedEvents
from integrations.intake.pull import due_integrations, pull
from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.intake.conftest import NOW, make_integration
from tests.intake.test_pull import details, lists, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _letters_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def keyed(keyed, settings):
    settings.TIMING_DIVISOR = 1000.0  # no waiting between calls and tries
    return keyed


@pytest.fixture
def mails(at, mailoutbox):
    """mails(minutes=2): what the worker mails to the owner by then."""

    def sent(**later):
        at.advance(**later)
        before = len(mailoutbox)
        tell(clock.now())
        outbox.send_due()
        return [mail for mail in mailoutbox[before:] if mail.to == ["owner@example.com"]]

    return sent


@pytest.fixture
def page(cast, integration, login):
    def shown(name="left_out", role="editor"):
        args = [cast.organization.slug]
        if name in ("left_out", "integration"):
            args.append(integration.pk)
        return login(cast.member(role)).get(reverse(name, args=args)).content.decode()

    return shown


@pytest.fixture
def press(cast, integration, login):
    def pressed(action, role="editor"):
        address = reverse("left_out", args=[cast.organization.slug, integration.pk])
        return login(cast.member(role)).post(address, {"action": action}, follow=True)

    return pressed


def refuse(post, integration, event, count=5):
    for _each in range(count):
        assert post(integration, event(), secret="otro secreto").status_code == 401
        # Not all in one moment: their sender is not put off.
        slowing.forget()


def open_rows(integration) -> list[RefusedEvents]:
    with scope(integration.organization_id):
        return list(RefusedEvents.objects.filter(closed_at=None))


# --- Counted -------------------------------------------------------------------------------
def test_each_reason_is_counted_apart(integration, post, event):
    refuse(post, integration, event)
    post(integration, event(), **{"X-Mastershop-Signature": None})
    post(integration, b"<html>")
    post(integration, "año".encode("latin-1"))
    post(integration, event(id_business=999))
    post(integration, b" " * (256 * 1024 + 1))
    [row] = open_rows(integration)
    assert row.by_reason == {
        "signature": 5, "unsigned": 1, "unreadable": 2, "other_business": 1, "too_large": 1,
    }  # fmt: skip
    assert (row.business, row.first_at, row.last_at) == ("999", NOW, NOW)


def test_the_tail_of_a_burst_is_counted_too(integration, post, event, at, monkeypatch):
    armed = []

    class Timer:
        def __init__(self, seconds, then):
            armed.append((seconds, then))

        def start(self):
            pass

    monkeypatch.setattr(refusals, "_between_writes", lambda: 30.0)
    monkeypatch.setattr(refusals.threading, "Timer", Timer)
    refusals.forget()
    refuse(post, integration, event, count=3)
    at.advance(seconds=5)
    refuse(post, integration, event, count=3)
    [row] = open_rows(integration)
    assert row.total == 1
    # No further event comes: the clock alone brings the rest.
    [(seconds, _then)] = armed
    assert seconds == 30.0
    refusals.flush()
    [row] = open_rows(integration)
    assert (row.total, row.first_at) == (6, NOW)
    assert row.last_at == NOW + timedelta(seconds=5)


def test_of_a_refused_body_nothing_of_the_buyer_is_kept(integration, post, event, rows, page):
    post(integration, event(id_business=999, external_order_id="#T-1044"))
    post(integration, b"Luz Dary <luz.pena@example.com>")
    for stored in rows(OrderEvent):
        for private in ("Luz Dary", "luz.pena", "52998117"):
            assert private not in stored.body
    # Still enough to find the order in MasterShop.
    text = page()
    assert "#T-1044" in text
    assert "174.900" in text


def test_who_posts_rubbish_fills_no_table(integration, post, event, rows, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_KEPT", 5)
    for number in range(12):
        post(integration, f"basura {number}".encode())
        post(integration, event(id_business=900 + number))
    assert len(rows(OrderEvent)) == 5
    [row] = open_rows(integration)
    assert row.by_reason == {"unreadable": 12, "other_business": 12}


def test_the_same_body_counts_once_its_business_is_the_integrations(integration, post, event, rows):
    post(integration, event(id_business=999))
    with scope(integration.organization_id):
        SourceAccount.objects.update(business_id="999")
    assert post(integration, event(id_business=999)).status_code == 200
    [stored] = rows(OrderEvent)
    assert "Luz Dary" in stored.body
    assert stored.verdict == "waiting"


# --- Told ----------------------------------------------------------------------------------
def test_por_atender_the_integration_and_a_mail_name_it_with_number_and_cure(
    integration, post, event, page, mails
):
    refuse(post, integration, event)
    post(integration, event(), **{"X-Mastershop-Signature": None})
    words = "No recibimos 6 eventos de MasterShop: 5 con una firma que no coincide y 1 sin firma"
    for name in ("attention", "integration", "integrations", "left_out"):
        assert words in page(name), name
    assert "Nada por atender" not in page("attention")
    assert "Guarda el de MasterShop en Credenciales" in page("attention")
    assert mails() == []
    [mail] = mails(minutes=2)
    assert words in mail.subject
    assert words in mail.body
    assert "Guarda el de MasterShop en Credenciales" in mail.body
    assert "eventos-sin-pedido/#rechazados" in mail.body
    assert mails(minutes=10) == []


def test_many_are_one_mail_another_reason_is_another_and_then_one_a_day(
    integration, post, event, mails, at
):
    refuse(post, integration, event, count=20)
    assert len(mails(minutes=2)) == 1
    refuse(post, integration, event, count=20)
    assert mails(minutes=30) == []
    post(integration, event(id_business=999))
    [mail] = mails(minutes=2)
    assert "Son del negocio 999 y esta integración es del 7331" in mail.body
    at.advance(minutes=1)
    refuse(post, integration, event, count=20)
    assert len(mails(days=1)) == 1
    # None came since.
    assert mails(days=1) == []


def test_who_posts_rubbish_between_good_events_fills_no_mailbox(
    keyed, post, event, mails, press, source, at
):
    lists(source)
    total = 0
    for _hour in range(12):
        refuse(post, keyed, event, count=2)
        at.advance(minutes=1)
        post(keyed, event())
        at.advance(minutes=10)
        press("fetch")
        pull(keyed.pk)
        at.advance(minutes=10)
        refused.close_due(clock.now())
        total += len(mails(minutes=5))
    # The opening and the end once; what opened again within the day is not mailed anew.
    assert total <= 2


def test_a_flood_by_who_only_sets_up_is_not_mailed(cast, at, post, event, mails):
    fresh = make_integration(cast.organization, state="setup", business_id="5")
    refuse(post, fresh, event)
    assert mails(minutes=5) == []


def test_the_other_comercio_hears_nothing(cast, integration, post, event, login):
    refuse(post, integration, event)
    make_integration(cast.other)
    address = reverse("attention", args=[cast.other.slug])
    text = login(cast.outsider).get(address).content.decode()
    assert "No recibimos" not in text


# --- Made good -----------------------------------------------------------------------------
def test_the_orders_of_that_time_are_fetched_and_the_cause_closes_by_itself(
    keyed, post, event, source, page, press, at, rows, mails
):
    refuse(post, keyed, event)
    assert len(mails(minutes=2)) == 1
    assert "Leemos en MasterShop los pedidos creados desde el" in page()
    lists(source, row())
    details(source, json=event())

    body = press("fetch").content.decode()
    assert "Leyendo MasterShop" in body
    assert keyed.pk in due_integrations(now=clock.now())
    # Pressed twice, it is one.
    assert "Ya los estamos trayendo" in press("fetch").content.decode()
    assert pull(keyed.pk)
    assert [order.number for order in rows(Order)] == ["904417"]
    text = page()
    assert "trajimos 1" in text
    assert "Leyendo MasterShop" not in text

    # Not corrected yet: nothing good came since.
    at.advance(minutes=10)
    refused.close_due(clock.now())
    assert len(open_rows(keyed)) == 1
    post(keyed, event(7))
    assert "Después llegaron otros bien" in page()
    assert "Guarda el de MasterShop en Credenciales" in page("attention")
    refused.close_due(clock.now())
    assert open_rows(keyed) == []
    assert "No recibimos" not in page("attention")
    [over] = mails(minutes=1)
    assert "vuelve a recibir los eventos" in over.subject
    assert "1 pedido" in over.body
    assert mails(hours=1) == []


def test_a_reading_before_the_last_refusal_does_not_end_it(keyed, post, event, source, press, at):
    lists(source)
    refuse(post, keyed, event)
    press("fetch")
    pull(keyed.pk)
    at.advance(minutes=5)
    refuse(post, keyed, event)
    at.advance(minutes=5)
    post(keyed, event())
    at.advance(minutes=5)
    refused.close_due(clock.now())
    assert len(open_rows(keyed)) == 1
    press("fetch")
    pull(keyed.pk)
    refused.close_due(clock.now())
    assert open_rows(keyed) == []


def test_the_whole_reading_of_the_night_ends_it_as_well(keyed, post, event, source, at):
    lists(source)
    refuse(post, keyed, event)
    at.advance(minutes=5)
    post(keyed, event())
    at.advance(days=1)
    pull(keyed.pk)
    refused.close_due(clock.now())
    assert open_rows(keyed) == []


def test_the_list_is_read_from_two_months_before_the_first_refusal(
    keyed, post, event, source, press, at
):
    refuse(post, keyed, event)
    at.advance(days=10)
    lists(source)
    press("fetch")
    pull(keyed.pk)
    firsts = sorted(call.request.body.decode()[:40] for call in source.calls)
    assert "2026-09-0" in firsts[0]


def test_a_failure_of_mastershop_is_said_and_tried_again(
    keyed, post, event, source, press, page, at
):
    refuse(post, keyed, event)
    source.post("https://prod.api.mastershop.com/api/orders/list", status=503)
    press("fetch")
    assert not pull(keyed.pk)
    assert "MasterShop no respondió" in page()
    source.reset()
    lists(source)
    at.advance(minutes=6)
    assert pull(keyed.pk)
    assert "Revisamos" in page()


def test_without_a_key_the_page_says_what_is_needed_and_a_person_may_close_it(
    integration, post, event, page, press
):
    refuse(post, integration, event)
    assert "Guardar la llave" in page()
    assert "Traer los pedidos de ese tiempo</button>" not in page()
    assert "Guarda primero la llave" in press("fetch").content.decode()
    assert press("close", role="viewer").status_code == 403
    assert len(open_rows(integration)) == 1
    press("close")
    assert open_rows(integration) == []
    assert "La última vez se rechazaron 5 eventos" in page()
