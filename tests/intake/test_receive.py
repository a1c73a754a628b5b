from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import Integration, PlatformState
from integrations.connections.source_account import SourceAccount
from integrations.intake import receive
from integrations.intake.models import RefusedEvents
from integrations.mastershop.signature import sign
from integrations.orders.models import OrderEvent
from integrations.scoping.context import scope
from tests.intake.conftest import NOW, make_integration


def address(integration) -> str:
    return f"/webhooks/mastershop/{integration.source.webhook_token}/"


def test_an_event_is_stored_and_answered(integration, post, event, rows, hinted):
    answer = post(integration, event(id_business=7331), **{"User-Agent": "MS/1", "Cookie": "x=1"})
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    [stored] = rows(OrderEvent)
    assert (stored.verdict, stored.is_signed, stored.copies) == ("waiting", True, 1)
    assert stored.event_name == "Cambio de Estado del Pedido"
    assert json.loads(stored.body)["id_order"] == 904417
    assert stored.headers == {"content-type": "application/json", "user-agent": "MS/1"}
    assert hinted == [("intake.serve", {"integration_id": integration.pk})]


def test_an_events_name_is_kept_without_what_is_a_buyers(integration, post, event, rows):
    post(integration, event(eventName="Pedido de 3157084926 yuli@example.com"))
    assert rows(OrderEvent)[0].event_name == "Pedido de ***4926 y***@example.com"


def test_an_equal_body_raises_copies_and_nothing_else(integration, post, event, rows, hinted):
    post(integration, event())
    hinted.clear()
    assert post(integration, event()).status_code == 200
    [stored] = rows(OrderEvent)
    assert stored.copies == 2


def test_an_unknown_token_looks_like_any_unknown_page(integration, event, db):
    client = Client()
    unknown = client.post("/webhooks/mastershop/nadie/", data=b"{}", content_type="text/plain")
    other = client.post("/no/existe/aqui/", data=b"{}", content_type="text/plain")
    assert unknown.status_code == other.status_code == 404
    # Both offer to sign in and come back to the address that was asked for; tokens are random.
    bodies = [
        re.sub(rb"next=[^\"]*|X-CSRFToken[^}]*", b"", page.content) for page in (unknown, other)
    ]
    assert bodies[0] == bodies[1]
    assert unknown.headers.keys() == other.headers.keys()
    assert PlatformState.objects.get().unknown_tokens == 1


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_what_is_no_post_is_405_only_for_who_knows_the_token(integration, method):
    client = Client()
    assert getattr(client, method)(address(integration)).status_code == 405
    assert getattr(client, method)("/webhooks/mastershop/nadie/").status_code == 404


def test_an_archived_integration_has_no_address(integration, post, event, rows):
    with scope(integration.organization_id):
        Integration.objects.update(state="archived")
    assert post(integration, event()).status_code == 404
    assert rows(OrderEvent) == []


@pytest.mark.parametrize(
    "header", [None, "", "0" * 64, "sha256=", "no-hex", "{good},{good}", "{good}0", "{upper}x"]
)
def test_a_wrong_or_absent_signature_is_refused_and_counted(integration, post, event, rows, header):
    raw = json.dumps(event()).encode()
    good = sign(integration.source.secret, raw)
    told = header and header.format(good=good, upper=good.upper())
    answer = post(integration, raw, **{"X-Mastershop-Signature": told})
    assert (answer.status_code, answer.json()) == (401, {"received": False})
    assert rows(OrderEvent) == []
    [counted] = rows(RefusedEvents)
    assert counted.by_reason == {"signature" if header else "unsigned": 1}
    assert counted.last_at == NOW


def test_each_flipped_byte_breaks_the_signature(integration, post, event):
    raw = json.dumps(event()).encode()
    signature = sign(integration.source.secret, raw)
    for position in range(0, len(raw), 97):
        flipped = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        answer = post(integration, flipped, **{"X-Mastershop-Signature": signature})
        assert answer.status_code == 401


def test_another_comercios_secret_opens_nothing(integration, post, event, cast):
    other = make_integration(cast.other)
    assert post(integration, event(), secret=other.source.secret).status_code == 401


def test_a_signature_with_its_prefix_is_good(integration, post, event):
    raw = json.dumps(event()).encode()
    signature = f"sha256={sign(integration.source.secret, raw)}"
    assert post(integration, raw, **{"X-Mastershop-Signature": signature}).status_code == 200


def test_two_secrets_count_while_one_is_being_replaced(integration, post, event, at):
    integration.source.previous_secret = "el-de-antes"
    integration.source.previous_secret_until = NOW + timedelta(hours=1)
    with scope(integration.organization_id):
        integration.source.save()
    assert post(integration, event(), secret="el-de-antes").status_code == 200
    at.advance(hours=2)
    assert post(integration, event(6), secret="el-de-antes").status_code == 401


def test_without_a_secret_a_delivery_is_unsigned(unsigned, post, event, rows):
    assert post(unsigned, event()).status_code == 200
    assert not rows(OrderEvent)[0].is_signed


@pytest.mark.parametrize("body", [b"", b"hola", b"[1]", b'"x"', b"{", b'{"a": NaN}', b"\xff\xfe{}"])
def test_what_is_no_json_object_is_stored_as_unreadable(integration, post, rows, body, hinted):
    assert post(integration, body).status_code == 400
    [stored] = rows(OrderEvent)
    assert stored.verdict == "unreadable"
    assert "JSON" in stored.problem
    assert hinted == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 40_000,
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":[' + b",".join([b"1"] * 30_000) + b"]}",
        b'{"a":' + b"9" * 9_000 + b"}",
        b"\x1f\x8b\x08\x00" + b"\x00" * 200,
    ],
    ids=["deep", "brackets", "nested", "items", "digits", "gzip"],
)
def test_a_body_made_to_hurt_is_unreadable(integration, post, rows, body):
    assert post(integration, body).status_code == 400
    assert rows(OrderEvent)[0].verdict == "unreadable"


@pytest.mark.parametrize("size", [256 * 1024 + 1, 10_000_000])
def test_a_body_over_the_limit_is_refused_unread_and_counted(integration, post, rows, size):
    assert post(integration, b" " * size).status_code == 413
    assert rows(OrderEvent) == []
    assert rows(RefusedEvents)[0].by_reason == {"too_large": 1}


def test_a_body_at_the_limit_is_read(integration, post, event):
    raw = json.dumps(event()).encode()
    assert post(integration, raw + b" " * (256 * 1024 - len(raw))).status_code == 200


def test_another_business_is_refused_stored_and_shown(integration, post, event, rows, hinted):
    answer = post(integration, event(id_business=999))
    assert (answer.status_code, answer.json()) == (403, {"received": False})
    [stored] = rows(OrderEvent)
    assert stored.verdict == "other_business"
    assert "999" in stored.problem
    assert hinted == []


def test_the_first_event_teaches_the_business_and_the_next_is_held_to_it(
    cast, at, post, event, rows
):
    fresh = make_integration(cast.organization, business_id=None)
    assert post(fresh, event(id_business=7331)).status_code == 200
    assert rows(SourceAccount)[0].business_id == "7331"
    assert post(fresh, event(id_business=7332)).status_code == 403


def test_a_business_active_in_the_comercio_is_not_taught_twice(cast, integration, post, event):
    second = make_integration(cast.organization, business_id=None)
    assert post(second, event(id_business=7331)).status_code == 403
    elsewhere = make_integration(cast.other, business_id=None)
    assert post(elsewhere, event(id_business=7331)).status_code == 200


def test_an_unsigned_forgery_teaches_nothing_where_a_secret_is_set(cast, at, post, event, rows):
    fresh = make_integration(cast.organization, business_id=None)
    post(fresh, event(id_business=666), secret="falso")
    assert rows(SourceAccount)[0].business_id is None


def test_a_database_that_is_down_is_503_so_that_the_sender_keeps_it(
    integration, post, event, monkeypatch
):
    def broken(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(receive, "keep_delivery", broken)
    answer = post(integration, event())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_the_last_event_is_remembered(integration, post, event, rows):
    post(integration, event())
    assert rows(SourceAccount)[0].last_event_at == NOW


def test_the_account_and_its_integration_are_found_in_one_query(integration, post, event):
    post(integration, event())
    with CaptureQueriesContext(connection) as queries:
        assert post(integration, event(2)).status_code == 200
    found = [
        each["sql"]
        for each in queries
        if each["sql"].startswith("SELECT")
        and ("integrations_integration" in each["sql"] or "sourceaccount" in each["sql"])
    ]
    assert len(found) == 1


def test_no_token_reaches_the_log(integration, post, event, capsys):
    post(integration, event())
    Client().post("/webhooks/mastershop/secreto-de-otro/", data=b"{}", content_type="text/plain")
    output = capsys.readouterr()
    assert integration.source.webhook_token not in output.out + output.err
