"""What a request gets while the portal lacks something: 503, at once where others wait already."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from integrations.scoping import database_waits
from integrations.scoping.gate import gate
from integrations.scoping.lacking import Lack
from integrations.tenancy import unavailable

SORRY = "El portal no responde por un momento"


@pytest.fixture
def keeps_closed(monkeypatch):
    """The gate stays as it is: nobody looks whether the database is back."""
    monkeypatch.setattr("integrations.scoping.gate._works", lambda: False)


@pytest.fixture
def broken(monkeypatch):
    """Every look for a page's organization or a webhook's integration fails so."""

    def fails(error: BaseException) -> None:
        def raising(*args, **kwargs):
            raise error

        monkeypatch.setattr("integrations.tenancy.views.Membership.objects.filter", raising)
        monkeypatch.setattr("integrations.intake.views.integration_of", raising)

    return fails


def locked() -> OperationalError:
    error = OperationalError("database is locked")
    error.__cause__ = sqlite3.OperationalError("database is locked")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def webhook(client: Client):
    return client.post("/webhooks/mastershop/nobodys/", "{}", content_type="application/json")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the database gave no answer in time"),
        locked(),
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.ENOSPC, "No space left on device"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_portal_lacks_is_a_plain_page_and_a_503_for_senders(
    cast, broken, keeps_closed, error
):
    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)
    broken(error)
    page = client.get("/comercios/")
    assert page.status_code == 503
    assert SORRY in page.content.decode()
    assert page.headers["Retry-After"]
    gate.open()
    told = webhook(Client(raise_request_exception=False))
    assert told.status_code == 503
    assert told.json() == {"received": False}
    assert told.headers["Retry-After"]


def test_a_fault_of_ours_stays_one(cast, broken):
    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)
    broken(ValueError("a fault"))
    page = client.get("/comercios/")
    assert page.status_code == 500
    assert SORRY not in page.content.decode()


def test_who_comes_after_one_that_waited_in_vain_is_told_at_once(
    cast, keeps_closed, django_assert_num_queries
):
    gate.failed(Lack.DATABASE)
    client = Client()
    with django_assert_num_queries(0):
        assert webhook(client).status_code == 503
        assert client.post(reverse("account_login"), {}).status_code == 503
        assert client.get("/healthz").status_code == 200


def test_of_a_locked_sqlite_pages_are_read_on(db, keeps_closed):
    gate.failed(Lack.DATABASE)
    read = Client().get(reverse("account_login"))
    assert read.status_code == (200 if connection.vendor == "sqlite" else 503)


def test_the_page_is_made_before_it_is_needed(monkeypatch):
    unavailable.Gatekeeper(lambda request: None)
    monkeypatch.setattr(unavailable, "render_to_string", None)
    assert SORRY in unavailable._page()


def test_one_large_question_keeps_nobody_else_out(db, client, broken, keeps_closed, monkeypatch):
    monkeypatch.setattr(database_waits, "others_were_answered", lambda: True)
    broken(OperationalError("the database gave no answer in time"))
    assert webhook(client).status_code == 503
    assert gate.is_open
    monkeypatch.setattr(database_waits, "others_were_answered", lambda: False)
    assert webhook(client).status_code == 503
    assert not gate.is_open
    gate.open()
