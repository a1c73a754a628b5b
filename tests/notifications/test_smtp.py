"""A real conversation with a mail server: what arrives is what was meant, and no header more."""

from __future__ import annotations

import socket
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.timekeeping import clock
from tests.cast import join, make_organization
from tests.notifications.fake_source import cause

pytestmark = pytest.mark.django_db


class Sink:
    def __init__(self):
        self.envelopes = []
        self.answers = []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        return "250 OK"

    def messages(self):
        return [message_from_bytes(e.content, policy=policy.default) for e in self.envelopes]


@pytest.fixture
def sink(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield handler
    controller.stop()


def send(at):
    tell(at.advance(seconds=20))
    outbox.send_due()


def test_a_failure_arrives_in_two_alternatives_with_its_accents(at, cast, source, sink):
    source.put(
        cast.organization,
        replace(cause(since=clock.now()), headline="«Café ñandú» no está vinculado"),
    )
    send(at)
    assert sorted(e.rcpt_tos for e in sink.envelopes) == [
        ["accountant@example.com"],
        ["editor@example.com"],
        ["owner@example.com"],
    ]
    message = sink.messages()[0]
    assert message["Subject"].strip() == "37 pedidos detenidos: «Café ñandú» no está vinculado"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    text = message.get_body(("plain",)).get_content().replace("\u00a0", " ")
    assert "Por eso 37 pedidos de Tienda principal por $ 6.471.300 esperan" in text
    assert "y 34 más." in text


def test_line_breaks_in_names_make_no_header_and_no_recipient(at, sink, source, cast):
    attack = "\r\nBcc: ladron@example.com\r\nX-Malo: si\r\n\r\n<h1>Otro</h1>"
    organization = make_organization(f"Hogar{attack}", "hogar-roto")
    join(organization, cast.owner, "owner")
    news = replace(
        cause(since=clock.now()),
        headline=f"El pedido MS-1{attack} no se puede leer",
        integration_name=f"Tienda{attack}",
        cure_label=f"Arreglar{attack}",
    )
    source.put(organization, news)
    send(at)
    (envelope,) = sink.envelopes
    assert envelope.rcpt_tos == ["owner@example.com"]
    (message,) = sink.messages()
    assert set(message.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Message-ID", "Date",
        "Auto-Submitted",
    }  # fmt: skip
    assert message["To"] == "owner@example.com"
    assert "\n" not in message["Subject"]
    assert "<h1>Otro" not in message.get_body(("html",)).get_content()


def test_a_server_that_refuses_gets_it_again_and_keeps_one(at, cast, source, sink, rows):
    sink.answers = ["451 4.3.0 Later", "554 5.7.1 No"]
    for user in (cast.editor, cast.accountant):
        user.is_active = False
        user.save()
    source.put(cast.organization, cause(since=clock.now()))
    send(at)
    assert rows()[0].error == "SMTPDataError 451"
    for _ in range(4):
        at.advance(minutes=6)
        outbox.send_due()
    assert len(sink.envelopes) == 1
    assert rows()[0].sent_at is not None
