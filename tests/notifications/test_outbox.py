"""A mail is written before it is sent, sent once, and tried again when the server refuses."""

from __future__ import annotations

import threading
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from integrations.notifications import outbox
from integrations.notifications.letters import Letter
from integrations.notifications.models import MailLog
from integrations.scoping.context import scope
from integrations.timekeeping import clock

LETTER = Letter("Prueba", "Hola.\n", "<p>Hola.</p>")


def write(organization, *to):
    with scope(organization.pk):
        return outbox.write_mails(
            kind=MailLog.Kind.TEST, letter=LETTER, to=to or ["ana@example.com"], now=clock.now()
        )


class Server(EmailBackend):
    """Refuses as often as a test says, then accepts."""

    refusals: list[Exception] = []
    unreachable: list[Exception] = []

    def open(self):
        if Server.unreachable:
            raise Server.unreachable.pop(0)

    def send_messages(self, messages):
        if Server.refusals:
            raise Server.refusals.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_outbox.Server"
    Server.refusals, Server.unreachable = [], []
    return Server


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_later_and_later(at, cast, server, mailoutbox, rows):
    refusal = SMTPRecipientsRefused({"ana@example.com": (451, b"come back, ana@example.com")})
    server.refusals = [refusal, refusal]
    write(cast.organization)
    assert outbox.send_due() == 0
    (row,) = rows()
    assert (row.tries, row.error) == (1, "SMTPRecipientsRefused 451")
    assert outbox.send_due() == 0  # a minute has not passed
    assert rows()[0].tries == 1
    at.advance(minutes=1)
    assert outbox.send_due() == 0
    at.advance(minutes=4)
    assert outbox.send_due() == 0  # five minutes now
    assert rows()[0].tries == 2
    at.advance(minutes=1)
    assert outbox.send_due() == 1
    (row,) = rows()
    assert row.sent_at == clock.now()
    assert row.error == row.text == row.html == ""
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_after_a_day_it_is_given_up_and_says_why(at, cast, server, rows):
    server.refusals = [SMTPServerDisconnected("gone")] * 50
    write(cast.organization)
    for _ in range(40):
        outbox.send_due()
        at.advance(hours=1)
    (row,) = rows()
    assert row.sent_at is None
    assert row.next_attempt_at is None
    assert row.error == "SMTPServerDisconnected"
    assert 6 <= row.tries <= 12


@pytest.mark.django_db
def test_an_unreachable_server_costs_one_mail_a_try_and_not_all(at, cast, server, rows):
    server.unreachable = [ConnectionRefusedError()]
    write(cast.organization, "ana@example.com", "beto@example.com", "cata@example.com")
    outbox.send_due()
    assert sorted(row.tries for row in rows()) == [0, 0, 1]
    assert outbox.send_due() == 2


@pytest.mark.django_db
def test_one_bad_mail_does_not_keep_the_others(at, cast, server, mailoutbox):
    server.refusals = [ValueError("whatever")]
    write(cast.organization, "ana@example.com", "beto@example.com")
    assert outbox.send_due() == 1
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_sender_that_died_leaves_the_mail_to_the_next_under_the_same_name(
    at, cast, mailoutbox, rows
):
    (row,) = write(cast.organization)
    with scope(cast.organization.pk):
        first = outbox.message_of(outbox.claim(row.pk, now=clock.now())).message()
    # It dies here. Nobody touches the row while it may still be alive.
    at.advance(minutes=3)
    assert outbox.send_due() == 0
    at.advance(minutes=2)
    assert outbox.send_due() == 1
    again = mailoutbox[0].message()
    assert (first["Message-ID"], first["Date"]) == (again["Message-ID"], again["Date"])


@pytest.mark.django_db
def test_a_sent_mail_is_never_sent_again(at, cast, mailoutbox):
    write(cast.organization)
    for _ in range(5):
        outbox.send_due()
        at.advance(hours=1)
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(cast, settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_outbox.Slow"
    Slow.sent = []
    addresses = [f"persona{n}@example.com" for n in range(12)]
    write(cast.organization, *addresses)
    start = threading.Barrier(2)
    trouble = []

    def sender():
        try:
            start.wait()
            outbox.send_due()
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert trouble == []
    assert sorted(Slow.sent) == sorted(addresses)


class Slow(EmailBackend):
    sent: list[str] = []

    def send_messages(self, messages):
        threading.Event().wait(0.01)
        Slow.sent.extend(address for message in messages for address in message.to)
        return len(messages)
