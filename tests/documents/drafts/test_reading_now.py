"""*Leer en Alegra*: what a person did there shows on the order's page at once."""

from __future__ import annotations

import pytest
import requests
from django.core.cache import cache
from django.urls import reverse

from integrations.audit.models import AuditEntry
from tests.documents.changing import emit, in_alegra, stamp
from tests.documents.drafts.watched import reads

pytestmark = pytest.mark.django_db
BUTTON = "Leer en Alegra</button>"


@pytest.fixture
def page(cast, login):
    def get(order, role="accountant"):
        url = reverse("order", args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).get(url).content.decode()

    return get


@pytest.fixture
def press(engine, cast, login):
    def post(order, role="accountant"):
        engine.at.advance(seconds=5)
        url = reverse("order_read_now", args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).post(url, follow=True)

    return post


def test_what_a_person_deleted_there_shows_at_once(engine, made, page, press):
    assert BUTTON in page(made)
    in_alegra(engine, "DELETE", made)
    body = press(made).content.decode()
    assert "Lo leímos en Alegra y cambió: así está." in body
    assert engine.problems(made) == {"gone"}
    entry = AuditEntry.objects.get(action="document.read_now")
    assert entry.after == {"state": "blocked", "changed": True}


def test_a_rejection_of_what_a_person_emitted_there_shows_at_once(engine, made, press):
    rejects = {"fault": "stamp_rejected", "times": 1, "body": "Regla: FAK24, Rechazo: DV"}
    engine.switch(rejects, stamp_old_date="accepted")
    assert not stamp(engine, made)["success"]
    body = press(made).content.decode()
    assert "Rechazada por la DIAN" in body
    assert "regla FAK24" in body
    assert engine.document(made).state == "rejected"


def test_a_draft_that_is_as_it_was_is_said_to_be(engine, made, press):
    assert "Lo leímos: sigue igual." in press(made).content.decode()
    assert engine.document(made).last_read_at == engine.at.now()


def test_two_who_press_at_once_make_one_call(engine, made, press):
    before = reads(engine)
    cache.add(f"reading-now:{engine.document(made).pk}", 1, 60)
    assert "Ya lo estamos leyendo en Alegra." in press(made).content.decode()
    assert reads(engine) == before
    cache.clear()
    press(made)
    assert reads(engine) == before + 1


def test_what_could_not_be_read_is_said_and_can_be_tried_again(engine, made, press):
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 503})
    for _ in range(2):
        assert "No pudimos leerlo en Alegra." in press(made).content.decode()


def test_an_accepted_invoice_is_read_no_more(engine, made, page, press):
    emit(engine, made)
    press(made)
    assert engine.document(made).state == "issued"
    assert BUTTON not in page(made)
    assert "Mientras tanto cambió" in press(made).content.decode()


def test_who_only_looks_reads_nothing(engine, made, page, press):
    assert BUTTON not in page(made, "viewer")
    calls = len(requests.get(f"{engine.root}/_control/calls", timeout=10).json())
    assert press(made, "viewer").status_code == 403
    assert len(requests.get(f"{engine.root}/_control/calls", timeout=10).json()) == calls
