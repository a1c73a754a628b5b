"""What a merchant does with an order and with the settings, by the ledger of the far side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Credential, Integration
from integrations.documents import acts
from integrations.documents.correcting import correct
from integrations.documents.issue import issue_document
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.release import release
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


UNLINKED = [{"id_product": 2, "id_variant": 22, "name": "Faja", "quantity": 1, "price": 50000}]


def test_a_remission_stays_the_only_document_when_the_kind_changes(build_engine, cast):
    engine = build_engine(kind="remission", mode="definitive")
    order = engine.order()
    engine.run()
    with scope(cast.organization.pk):
        DocumentSettings.objects.update(kind="invoice")
    engine.order(number=int(order.number), external_order_id="otra vez")
    engine.run(2)
    assert len(engine.remissions()) == 1
    assert engine.invoices() == []


def test_a_date_moved_back_sends_nothing_by_itself_but_a_yes_does(engine, inside):
    start = clock.now() - timedelta(days=1)
    Integration.objects.update(process_from=start, automatic_from=start)
    dates = {"date_created_order": "2026-11-09T14:05:12Z", "updated": "2026-11-10T10:00:00Z"}
    order = engine.order(**dates)
    assert order.document_id is None
    Integration.objects.update(process_from=start - timedelta(days=15))
    engine.order(number=int(order.number), **dates, eventName="Otro")
    engine.run()
    assert engine.invoices() == []
    assert Order.objects.get(pk=order.pk).decision == "backlog"

    issue_document(order, now=clock.now(), confirmed=True)
    engine.run()
    assert len(engine.invoices()) == 1


def test_already_documented_elsewhere_is_never_sent_and_can_be_undone(engine, cast, inside):
    order = engine.order(lines=UNLINKED, total=50000)
    engine.run()
    acts.mark_external(order, number="FE-4102", by=cast.accountant)
    engine.link("2", "22", rate="19")
    release("product_unlinked", "2/22", integration=engine.integration)
    engine.order(number=int(order.number), lines=UNLINKED, total=50000, eventName="Otro")
    engine.run()
    document = engine.document(order)
    assert (document.state, document.reason_text) == ("external", "FE-4102")
    assert engine.invoices() == []
    assert AuditEntry.objects.filter(action="document.mark_external").count() == 1

    acts.restore(order, by=cast.accountant)
    engine.run()
    assert len(engine.invoices()) == 1


def test_not_to_invoice_before_the_trigger_holds_when_it_is_reached(engine, cast, inside):
    order = engine.order(status=6, updated="2026-11-20T10:00:00Z")
    acts.dismiss(order, reason="Lo cobró la tienda física", by=cast.editor)
    engine.order(number=int(order.number), status=8, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert engine.document(order).state == "dismissed"
    assert engine.invoices() == []


def test_an_existing_document_can_be_neither_dismissed_nor_marked(engine, cast, inside):
    order = engine.order()
    engine.run()
    with pytest.raises(acts.NotPossible, match="ya tiene su documento"):
        acts.dismiss(order, reason="x", by=cast.editor)
    with pytest.raises(acts.NotPossible):
        acts.mark_external(order, number="FE-1", by=cast.editor)
    with pytest.raises(acts.NotPossible):
        correct(order, changes={"name": "Otra"}, by=cast.editor)


def test_a_corrected_identity_cures_the_order_and_the_received_one_stays(engine, cast, inside):
    order = engine.order(customer={"documentType": "", "documentNumber": "900123456"})
    engine.run()
    assert engine.problems(order) == {"identity_ambiguous"}
    correct(order, changes={"doc_type": "CC", "doc_number": "52998117"}, by=cast.editor)
    engine.run()
    assert engine.document(order).state == "created"
    order.refresh_from_db()
    assert order.buyer_doc_number == "900123456"


def test_a_remission_as_draft_waits_for_approval(build_engine, cast):
    engine = build_engine(kind="remission", mode="draft")
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "awaiting_approval"
    assert engine.remissions() == []
    with scope(cast.organization.pk):
        assert acts.approve([engine.document(order)], by=cast.editor) == 1
    engine.run()
    assert len(engine.remissions()) == 1


def test_a_wrong_token_pauses_and_the_right_one_resumes_by_itself(engine, inside):
    good = Credential.objects.get().token
    credential = Credential.objects.get()
    credential.token = "malo"
    credential.save()
    order = engine.order()
    engine.run()
    credential.refresh_from_db()
    assert (credential.state, credential.paused_code) == ("paused", "unauthorized")
    assert engine.document(order).state == "pending"
    before = engine.calls("POST", "/invoices") + engine.calls("GET", "/company")
    engine.later(60)
    assert engine.calls("POST", "/invoices") + engine.calls("GET", "/company") == before

    credential.token, credential.state = good, "valid"
    credential.save()
    engine.later(60)
    assert engine.document(order).state == "created"


def test_the_platform_chooses_the_surname_of_a_buyer_who_gives_none(engine, settings, cast, login):
    settings.SURNAME_FILLER = "Sin Apellido"
    order = engine.order(customer={"full_name": "Marta", "documentNumber": "52998771"})
    page = login(cast.owner).get(reverse("order", args=[cast.organization.slug, order.pk]))
    assert "como apellido va «Sin Apellido»" in page.content.decode()
    engine.run()
    names = {row["name"] for row in engine.ledger()["contacts"]}
    assert "Marta Sin Apellido" in names
