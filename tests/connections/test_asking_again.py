"""A login paused for its plan or a permission goes on by itself once Alegra accepts it again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.connections import asking_again
from integrations.connections.models import Credential
from integrations.notifications.telling import tell
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.documents.conftest import at, build_engine, engine, simulators  # noqa: F401

pytestmark = pytest.mark.django_db

EXPIRED = {"code": 402, "message": "Tu suscripción venció el 27 de noviembre."}


def suspend(engine, *, status=402, body=EXPIRED) -> None:  # noqa: F811
    engine.switch({"fault": "status", "status": status, "body": body})


def login_of(engine) -> Credential:  # noqa: F811
    with scope(engine.integration.organization_id):
        return Credential.objects.get(pk=engine.integration.credential_id)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (402, EXPIRED, "plan"),
        (403, {"code": 403, "message": "Sin permisos"}, "forbidden"),
        # A suspension told inside a success, as some far sides do.
        (200, {"error": EXPIRED}, "plan"),
    ],
)
def test_a_plan_that_was_renewed_lets_the_orders_leave_by_themselves(engine, status, body, code):  # noqa: F811
    suspend(engine, status=status, body=body)
    order = engine.order()
    engine.run()
    assert (login_of(engine).state, login_of(engine).paused_code) == ("paused", code)
    said = body.get("message") or body["error"]["message"]
    assert login_of(engine).paused_said.rstrip(".") == said.rstrip(".")

    engine.at.advance(seconds=timing().login_tried_every + 1)
    assert asking_again.ask_due(clock.now()) == 0
    asked = engine.calls("GET", "/company")
    # Once every few minutes, whoever comes to ask.
    assert asking_again.ask_due(clock.now()) == 0
    assert engine.calls("GET", "/company") == asked

    engine.switch()
    engine.at.advance(seconds=timing().login_tried_every + 1)
    assert asking_again.ask_due(clock.now()) == 1
    engine.later(1)
    assert login_of(engine).state == "valid"
    assert engine.document(order).state == "created"


def test_a_token_that_was_refused_is_asked_about_by_a_person_only(engine, login, cast):  # noqa: F811
    suspend(engine, status=401, body={"message": "Unauthorized"})
    order = engine.order()
    engine.run()
    calls = engine.calls("GET", "/company")
    engine.at.advance(seconds=24 * 3600)
    assert asking_again.ask_due(clock.now()) == 0
    assert engine.calls("GET", "/company") == calls

    address = reverse("credential_try", args=[cast.organization.slug, engine.integration.pk])
    page = login(cast.editor).post(address, follow=True).content.decode()
    assert "Alegra todavía no la acepta" in page
    engine.switch()
    page = login(cast.editor).post(address, follow=True).content.decode()
    assert "Los envíos siguen solos" in page
    engine.later(1)
    assert engine.document(order).state == "created"


def test_every_screen_and_the_mail_say_alegras_own_reason(engine, login, cast, mailoutbox):  # noqa: F811
    suspend(engine)
    order = engine.order()
    engine.run()
    slug, place = cast.organization.slug, engine.integration.pk
    client = login(cast.editor)
    for name, args in (
        ("attention", [slug]),
        ("integration", [slug, place]),
        ("integrations", [slug]),
        ("order", [slug, order.pk]),
    ):
        page = client.get(reverse(name, args=args)).content.decode()
        assert "Tu suscripción venció el 27 de noviembre" in page, name
    for name in ("attention", "integration"):
        args = [slug] if name == "attention" else [slug, place]
        page = client.get(reverse(name, args=args)).content.decode()
        assert reverse("credential_try", args=[slug, place]) in page
        assert "cada 3 minutos" in page
    tell(clock.now())
    from integrations.notifications import outbox

    outbox.send_due()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["owner@example.com"]]
    assert "Alegra dijo: «Tu suscripción venció el 27 de noviembre»" in mail.body
    assert "guarda el token" not in mail.body
