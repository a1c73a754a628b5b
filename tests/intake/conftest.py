from __future__ import annotations

import json

import pytest
import responses
from django.test import Client

from integrations.intake import tasks
from integrations.mastershop.signature import sign
from integrations.orders.models import OrderEvent
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock, waking
from integrations.triggers.models import TriggerRule
from tests import cast as casting
from tests.orders.tellings import moment, telling

NOW = moment("8 10:00")


@pytest.fixture
def at():
    with clock.frozen(NOW) as frozen:
        yield frozen


@pytest.fixture(autouse=True)
def hinted(monkeypatch):
    """The hints that were given; no broker is needed."""
    given: list[tuple[str, dict]] = []
    monkeypatch.setattr(waking, "wake", lambda task, **arguments: given.append((task, arguments)))
    return given


@pytest.fixture(autouse=True)
def _every_refusal_is_written(monkeypatch):
    monkeypatch.setattr("integrations.intake.refusals._between_writes", lambda: 0.0)


def make_integration(organization, **fields):
    """On, with the recommended actions saved long ago."""
    found = casting.make_integration(organization, **{"business_id": "7331", **fields})
    with scope(organization.pk):
        for family, status in (("cod", "delivered"), ("prepaid", "in_transit")):
            TriggerRule.objects.create(
                integration=found, family=family, status=status, changed_at=casting.LONG_AGO
            )
    return found


@pytest.fixture
def integration(cast, at):
    return make_integration(cast.organization)


@pytest.fixture
def unsigned(integration):
    """The same integration without a secret."""
    integration.source.secret = ""
    with scope(integration.organization_id):
        integration.source.save()
    return integration


@pytest.fixture
def post():
    """post(integration, body) delivers an event, signed where a secret is set."""

    def delivered(integration, body, *, secret=None, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        secret = integration.source.secret if secret is None else secret
        if secret and "X-Mastershop-Signature" not in headers:
            headers["X-Mastershop-Signature"] = sign(secret, raw)
        return Client().post(
            f"/webhooks/mastershop/{integration.source.webhook_token}/",
            data=raw,
            content_type="application/json",
            headers={key: value for key, value in headers.items() if value is not None},
        )

    return delivered


@pytest.fixture
def rows():
    """rows(Model, **filters): its rows across organizations."""

    def found(model, **filters):
        with unscoped("looking at the outcome of a test"):
            return list(model.objects.filter(**filters).order_by("pk"))

    return found


@pytest.fixture
def event():
    return telling


@pytest.fixture
def keyed(integration):
    """The integration with a key, so that its source can be asked."""
    integration.source.key, integration.source.key_last4 = "llave-de-prueba", "ueba"
    with scope(integration.organization_id):
        integration.source.save()
    return integration


@pytest.fixture
def source():
    """MasterShop's API, of which each test says the answers."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


@pytest.fixture
def deliver(integration, post, rows):
    """Post a body and interpret what waits; returns the delivery."""

    def delivered(body, to=None):
        answer = post(to or integration, body)
        assert answer.status_code == 200, answer.content
        tasks.interpret_waiting()
        return rows(OrderEvent)[-1]

    return delivered
