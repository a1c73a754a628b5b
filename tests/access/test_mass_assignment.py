"""Names of columns sent along with any form change nothing the form itself would not.

Each form is sent twice from the same state: as its page offers it, and with every column of
every table besides. Both leave the same rows behind.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import transaction

from integrations.configuration.references import store
from integrations.connections.models import Integration
from integrations.documents.by_number import Answer
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock
from tests.access.test_every_address import OF_A_COMERCIO, _path, rows  # noqa: F401
from tests.configuration.lists import ADDI, FILLED, ROWS
from tests.flows.browsing import form_values

# Which names a form takes is decided before any of them reaches a database.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What the pages' forms send besides what stands in them, and names they know.
SENT = {
    "notifications": {"act": "add", "email": "otra@example.com"},
    "integration_credentials": {"action": "mastershop", "secret": "un-secreto-largo", "key": ""},
    "integration_new": {"name": "Otra", "email": "", "token": "", "mode": "real"},
    "integration_mastershop": {"secret": "un-secreto-largo", "key": ""},
    "integration_switch": {"state": "off"},
    "order_correct": {"who": "buyer", "doc_type": "CC", "doc_number": "1020334455",
                      "name": "Ana Ruiz", "email": "", "phone": "", "address": "",
                      "city": "Medellín", "department": "Antioquia"},
    # Alegra does not answer here, so that saving needs the second yes.
    "order_external": {"number": "FE-1", "confirmed": Answer("FE-1", None).word},
    "order_dismiss": {"reason": "prueba"},
    "order_bring": {"number": "no hay"},
    "product_link": {"item": "1"},
    "warehouse_link": {"bodega": "1", "warehouse": "1"},
    "settings": FILLED,
    "equivalence_new": {
        "method": "sistecrédito", "family": "prepaid", "account": ADDI, "means": "CREDIT_TRANSFER",
    },
    "settings_books": {"books_closed_until": ""},
    "actions": {"family": "cod", "status": "delivered"},
}  # fmt: skip
HOSTILE = {"is_staff": "on", "is_superuser": "on", "role": "owner", "state": "created",
           "live": "", "mode": "definitive", "total": "1", "tenant": "2"}  # fmt: skip
# A form that was refused would prove nothing of these.
MUST_WORK = {
    "settings", "equivalence_new", "integration_credentials", "order_correct", "notifications",
    "actions", "order_external", "order_dismiss",
}  # fmt: skip
# Boxes of a form that stay unticked when it is sent as offered.
UNTICKED = {"charges_enabled", "prices_told"}
# When something was done says nothing of what was done.
MOMENTS = ("DateTimeField",)


def _columns() -> set[str]:
    models = apps.get_app_config("integrations").get_models()
    return {
        name for model in models for f in model._meta.fields for name in (f.name, f.attname)
    } | set(HOSTILE)


def _everything() -> dict:
    found = {}
    with unscoped("comparing all rows"):
        for model in apps.get_app_config("integrations").get_models():
            kept = [
                f.attname for f in model._meta.concrete_fields
                if f.get_internal_type() not in MOMENTS
            ]  # fmt: skip
            for row in model._default_manager.values("pk", *kept):
                # Rows that the request itself makes have other ids and request ids each time.
                found[model.__name__, row["pk"]] = {
                    name: value
                    for name, value in row.items()
                    if name not in ("pk", "id", "request_id")
                }
    return found


def _after(client, path: str, data: dict) -> list:
    """What is different once this was sent; taken back at the end."""
    before = _everything()
    known = {(model.lower(), str(pk)) for model, pk in before}
    with transaction.atomic():
        assert client.post(path, data).status_code < 500, path
        after = _everything()
        transaction.set_rollback(True)
    for (model, _pk), row in after.items():
        # What points at a new row carries that row's number, another one each time.
        if "target_id" in row and (row["target_type"], row["target_id"]) not in known:
            row["target_id"] = "new"
        for field in apps.get_model("integrations", model)._meta.concrete_fields:
            there = field.is_relation and row[field.attname]
            if there and (field.related_model.__name__.lower(), str(there)) not in known:
                row[field.attname] = "new"
    return sorted(
        (key[0], str(after.get(key)))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    )


@pytest.mark.parametrize(
    "address", [each for each in OF_A_COMERCIO if each.access[1]], ids=lambda each: each.name
)
def test_extra_names_change_nothing(address, cast, rows, login, settings):  # noqa: F811
    settings.ALEGRA_URL = settings.MASTERSHOP_URL = "http://127.0.0.1:9/api"
    with scope(cast.organization.pk):
        company = Integration.objects.get(pk=rows["integration"]).company
        for kind, entries in ROWS.items():
            store(company, kind, entries, at=clock.now())
    client = login(cast.owner)
    path = _path(address, cast.organization.slug, rows)
    offered = {}
    if address.access[0]:
        offered = form_values(b"".join(client.get(path)).decode())
    sent = {**offered, **SENT.get(address.name, {})}
    extra = {
        name: HOSTILE.get(name, str(cast.other.pk))
        for name in _columns() - UNTICKED
        if name not in sent
    }
    assert {"organization", "organization_id", "is_staff", "payload"} <= extra.keys()
    done = _after(client, path, sent)
    assert done or address.name not in MUST_WORK
    assert _after(client, path, {**extra, **sent}) == done
