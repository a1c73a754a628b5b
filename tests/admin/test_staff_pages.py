"""The staff's pages: every table, no secret, no buyer, and acts that leave a trace."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from integrations.audit import trail
from integrations.audit.models import AuditEntry
from integrations.audit.staff_pages import is_secret
from integrations.connections.models import Integration, PlatformState
from integrations.documents.models import (
    BuyerContact,
    Document,
    DocumentAttempt,
    DocumentProblem,
    DocumentStep,
)
from integrations.notifications.models import MailLog
from integrations.orders.models import Order, OrderCorrection, OrderEvent, OrderLine
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests.cast import make_integration

pytestmark = pytest.mark.django_db

EVIDENCE = (
    AuditEntry, OrderEvent, DocumentAttempt, DocumentStep, DocumentProblem, Cause, Order, MailLog,
)  # fmt: skip
BUYER = {
    "buyer_name": "Yuliana Restrepo Gómez",
    "buyer_doc_number": "1036654321",
    "buyer_email": "yuliana.restrepo@example.com",
    "buyer_phone": "3001234567",
    "ship_address": "Calle 48 # 13-57 Apto 902",
}
SECRETS = ("token-de-prueba", "secreto-", "cuerpo-crudo")


@pytest.fixture
def blocked(cast):
    """A blocked document with one row of everything around it."""
    integration = make_integration(cast.organization)
    now = clock.now()
    with scope(cast.organization.pk):
        order = Order.objects.create(
            integration=integration,
            number="1048809",
            total=Decimal("174900"),
            total_pesos=174900,
            first_seen_at=now,
            changed_at=now,
            snapshot={"buyer": BUYER["buyer_name"]},
            **BUYER,
        )
        OrderLine.objects.create(order=order, position=0, name="Termo", quantity=1, unit_price=1)
        OrderEvent.objects.create(
            integration=integration,
            order=order,
            body_digest="d" * 64,
            body="cuerpo-crudo",
            received_at=now,
            last_received_at=now,
        )
        OrderCorrection.objects.create(
            order=order,
            field="email",
            before=BUYER["buyer_email"],
            after="x",
            by=cast.editor,
            at=now,
        )
        document = Document.objects.create(
            order=order,
            integration=integration,
            company=integration.company,
            alegra_user=integration.credential.alegra_user,
            kind="invoice",
            mode="draft",
            state="blocked",
            state_since=now,
            created_at=now,
            marker="marca-1",
            payload={"client": {"name": BUYER["buyer_name"], "email": BUYER["buyer_email"]}},
        )
        step = DocumentStep.objects.create(work=document, name="create", position=1)
        DocumentAttempt.objects.create(
            step=step,
            call_id="c1",
            generation=1,
            method="POST",
            path="/invoices",
            started_at=now,
            deadline_at=now,
            request_excerpt=f'{{"email": "{BUYER["buyer_email"]}"}}',
        )
        cause = Cause.objects.create(
            integration=integration,
            code="product_unlinked",
            subject_key="1/2",
            label="Termo no está vinculado",
            first_at=now,
            last_at=now,
            open_count=1,
        )
        DocumentProblem.objects.create(
            work=document,
            order=order,
            cause=cause,
            code="product_unlinked",
            subject_key="1/2",
            params={"name": "Termo"},
            opened_at=now,
        )
        BuyerContact.objects.create(
            company=integration.company, doc_type="CC", number=BUYER["buyer_doc_number"]
        )
        trail.record(
            action="order.correct",
            target=order,
            actor=cast.editor,
            before={"email": BUYER["buyer_email"]},
            after={"email": "otra@example.com"},
        )
    return document


def _ours():
    return list(apps.get_app_config("integrations").get_models())


def test_every_model_has_its_page():
    assert set(_ours()) <= set(admin.site._registry)


def test_no_page_has_a_column_for_a_secret():
    for model in _ours():
        pages = admin.site._registry[model]
        shown = {*pages._columns(), *pages.list_display, *pages.search_fields, *pages.list_filter}
        for field in model._meta.concrete_fields:
            if is_secret(field):
                assert field.name not in shown, (model, field.name)


@pytest.mark.parametrize("model", EVIDENCE, ids=lambda model: model.__name__)
def test_evidence_cannot_be_added_changed_or_deleted(cast, model, rf):
    pages = admin.site._registry[model]
    request = rf.get("/")
    request.user = cast.staff
    assert not pages.has_add_permission(request)
    assert not pages.has_change_permission(request)
    assert not pages.has_delete_permission(request)


def test_every_list_and_every_row_renders_without_secrets_or_buyers(cast, blocked, login):
    client = login(cast.staff)
    found = [*BUYER.values(), *SECRETS]
    for model in _ours():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"admin:{name}_changelist")]
        with unscoped("looking for a row"):
            row = model._default_manager.first()
        if row is not None:
            addresses.append(reverse(f"admin:{name}_change", args=[row.pk]))
        for address in addresses:
            page = client.get(address)
            assert page.status_code == 200, address
            text = page.content.decode()
            for value in found:
                assert value not in text, (address, value)
            assert not re.search(r"\sstyle=|\sonclick=|<script>|<style", text), address


def test_lists_ask_the_same_number_of_questions_for_many_rows(
    cast, blocked, login, django_assert_max_num_queries
):
    for _ in range(12):
        make_integration(cast.organization)
    client = login(cast.staff)
    for model in (Integration, Document, Order):
        name = f"admin:integrations_{model._meta.model_name}_changelist"
        with django_assert_max_num_queries(16):
            client.get(reverse(name))


def test_an_order_is_found_by_its_number(cast, blocked, login):
    address = reverse("admin:integrations_document_changelist")
    client = login(cast.staff)
    assert "1048809" in client.get(address, {"q": "1048809"}).content.decode()
    assert "1048809" not in client.get(address, {"q": "999"}).content.decode().replace("value", "")


def test_comercios_in_trouble_come_first(cast, blocked, login):
    text = login(cast.staff).get(reverse("admin:integrations_organization_changelist"))
    body = text.content.decode()
    assert body.index("Hogar Andino") < body.index("Mascotas Felices")


def test_a_document_explains_itself(cast, blocked, login):
    address = reverse("admin:integrations_document_change", args=[blocked.pk])
    text = login(cast.staff).get(address).content.decode()
    assert "Por atender" in text
    assert "Termo no está vinculado" in text


def test_of_a_document_that_is_made_nobody_reads_that_it_waits(cast, blocked, login):
    with scope(blocked.organization_id):
        Document.objects.filter(pk=blocked.pk).update(state="created", next_attempt_at=None)
    address = reverse("admin:integrations_document_change", args=[blocked.pk])
    text = login(cast.staff).get(address).content.decode()
    assert "Creado en Alegra" in text
    assert "No saldrá" not in text


def test_an_integration_is_paused_and_resumed_on_the_record(cast, blocked, login):
    client = login(cast.staff)
    address = reverse("admin:integrations_integration_changelist")
    chosen = {"_selected_action": blocked.integration_id}
    client.post(address, {"action": "pause", **chosen})
    with unscoped("checking"):
        assert Integration.objects.get().paused_reason == "staff"
    client.post(address, {"action": "resume", **chosen})
    with unscoped("checking"):
        assert Integration.objects.get().paused_reason == ""
        entries = AuditEntry.objects.filter(kind="staff").order_by("pk")
        assert [entry.action for entry in entries] == ["integration.pause", "integration.resume"]
        assert {entry.actor for entry in entries} == {cast.staff}


def test_a_pause_that_is_not_the_staffs_stays(cast, login):
    integration = make_integration(cast.organization, paused_reason="precision")
    login(cast.staff).post(
        reverse("admin:integrations_integration_changelist"),
        {"action": "resume", "_selected_action": integration.pk},
    )
    with unscoped("checking"):
        assert Integration.objects.get().paused_reason == "precision"


def test_all_sending_is_stopped_and_started(cast, login):
    client = login(cast.staff)
    address = reverse("admin:integrations_platformstate_changelist")
    client.get(address)
    client.post(address, {"action": "stop_sending", "_selected_action": 1})
    assert PlatformState.objects.get().sending_stopped
    client.post(address, {"action": "start_sending", "_selected_action": 1})
    assert not PlatformState.objects.get().sending_stopped


def test_a_blocked_document_is_sent_again(cast, blocked, login):
    login(cast.staff).post(
        reverse("admin:integrations_document_changelist"),
        {"action": "replay", "_selected_action": blocked.pk},
    )
    with unscoped("checking"):
        assert Document.objects.get().state == "pending"
        assert AuditEntry.objects.filter(action="document.retry", actor=cast.staff).exists()


def test_who_is_not_of_the_staff_finds_no_such_page(cast, login):
    for user in (cast.owner, cast.outsider):
        for address in ("/admin/", "/admin/login/", "/admin/integrations/order/"):
            assert login(user).get(address).status_code == 404


def test_a_stranger_signs_in_where_everybody_does():
    page = Client().get("/admin/login/?next=/admin/")
    assert page.status_code == 302
    assert page.url.startswith("/cuenta/login/")
    assert b'name="username"' not in Client().get("/admin/login/", follow=True).content


def test_staff_without_rights_can_pause_nothing(cast, blocked, login):
    cast.staff.is_superuser = False
    cast.staff.save()
    login(cast.staff).post(
        reverse("admin:integrations_integration_changelist"),
        {"action": "pause", "_selected_action": blocked.integration_id},
    )
    with unscoped("checking"):
        assert Integration.objects.get().paused_reason == ""
