"""What choosing *Definitivo* changes: what has no document yet, and nothing that has one."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.references import refresh_company
from integrations.scoping.context import scope
from integrations.sending.release import release
from integrations.sending.states import State
from tests.configuration.lists import FILLED
from tests.documents.emitting import living_by_the_clock


@pytest.fixture
def choose(build_engine, at, monkeypatch, cast, login):
    """(an engine of drafts, choose(kind): an editor saves that kind on the page)."""
    engine = build_engine()
    integration = engine.integration
    with scope(integration.organization_id):
        # Before its books live by the frozen clock, which stands before they were made.
        refresh_company(integration.company, integration.credential)
        settings = DocumentSettings.objects.get(integration=integration)
        rest = BankEquivalence.objects.get(integration=integration, method="*")
    living_by_the_clock(engine, at, monkeypatch)
    url = reverse("settings", args=[cast.organization.slug, integration.pk])
    typed = {
        **FILLED, "account_rest": rest.account, "cod_account": settings.cod_account,
        "seller": settings.seller, "cost_center": settings.cost_center,
        "number_template": settings.number_template,
    }  # fmt: skip
    client = login(cast.editor)

    def save(document: str, **more: str) -> None:
        page = client.post(url, {**typed, "document": document, **more}, follow=True)
        text = page.content.decode()
        assert "Guardado" in text, re.findall(r'<p class="wrong">.*?</p>', text)

    return engine, save


def test_drafts_that_exist_stay_drafts_and_what_waits_is_emitted(choose):
    engine, save = choose
    drafted = engine.order()
    engine.run(2)
    waiting = engine.order(
        lines=[{"id_product": 9, "id_variant": 99, "sku": "X", "name": "Gorra", "quantity": 1,
                "price": 159800}]
    )  # fmt: skip
    engine.run()
    assert engine.problems(waiting) == {"product_unlinked"}
    save("invoice-definitive", confirm_invoice="on")
    engine.link("9", "99", rate="19")
    new = engine.order()
    with scope(engine.integration.organization_id):
        assert release("product_unlinked", "9/99", integration=engine.integration) == 1
    for _ in range(12):
        engine.later(60)
    assert engine.document(new).state == State.ISSUED
    assert engine.document(waiting).state == State.ISSUED
    document = engine.document(drafted)
    assert (document.state, document.mode, document.emit_since) == (State.CREATED, "draft", None)
    assert [row["status"] for row in engine.invoices() if str(row["id"]) == document.alegra_id] == [
        "draft"
    ]


def test_back_to_draft_nothing_more_is_emitted(choose):
    engine, save = choose
    save("invoice-definitive", confirm_invoice="on")
    save("invoice-draft")
    order = engine.order()
    for _ in range(6):
        engine.later(60)
    assert engine.document(order).state == State.CREATED
    assert engine.calls("POST", "/invoices/stamp") == 0
