from datetime import UTC, datetime

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from integrations.triggers.checklist import actions as checklist_line
from integrations.triggers.models import TriggerRule
from tests import cast as casting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def integration(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def where(cast, integration):
    return reverse("actions", args=[cast.organization.slug, integration.pk])


def rules(cast) -> dict[str, TriggerRule]:
    with scope(cast.organization.pk):
        return {rule.family: rule for rule in TriggerRule.objects.all()}


def test_the_recommended_status_is_preselected_and_not_active_until_saved(
    cast, login, integration, where
):
    text = login(cast.editor).get(where).content.decode()
    assert 'id="id_cod_delivered" checked' in text
    assert 'id="id_prepaid_in_transit" checked' in text
    assert rules(cast) == {}
    with scope(cast.organization.pk):
        line = checklist_line(integration)
    assert (line.tone, line.blocks) == ("fail", True)


def test_saving_activates_one_family_at_a_time(cast, login, integration, where):
    client = login(cast.editor)
    with clock.frozen(NOW):
        client.post(where, {"family": "cod", "status": "delivered"})
    assert rules(cast)["cod"].changed_at == NOW
    with scope(cast.organization.pk):
        assert "pago anticipado" in checklist_line(integration).text
    client.post(where, {"family": "prepaid", "status": "none"})
    assert rules(cast)["prepaid"].status == ""
    with scope(cast.organization.pk):
        assert checklist_line(integration).tone == "ok"
        assert AuditEntry.objects.filter(action="rule.save").count() == 2


def test_only_another_status_moves_the_moment_from_which_it_acts_by_itself(cast, login, where):
    client = login(cast.owner)
    with clock.frozen(NOW) as now:
        client.post(where, {"family": "cod", "status": "delivered"})
        now.advance(days=1)
        client.post(where, {"family": "cod", "status": "delivered"})
        assert rules(cast)["cod"].changed_at == NOW
        client.post(where, {"family": "cod", "status": "collected"})
        assert rules(cast)["cod"].changed_at == now.at
    with scope(cast.organization.pk):
        entries = AuditEntry.objects.filter(action="rule.save").order_by("id")
        assert [entry.after["status"] for entry in entries] == ["delivered", "collected"]
        assert entries[1].before["status"] == "delivered"


def test_a_status_that_never_fires_cannot_be_chosen(cast, login, where):
    for status in ("cancelled", "returned", "claim", "unknown", "to_confirm", ""):
        page = login(cast.owner).post(where, {"family": "cod", "status": status})
        assert "Elige un estado" in page.content.decode()
    assert rules(cast) == {}


def test_a_viewer_reads_and_does_not_write(cast, login, where):
    viewer = login(cast.viewer)
    text = viewer.get(where).content.decode()
    assert "Aún no está guardada" in text
    assert "<form" not in text.split('id="contenido"')[1]
    assert viewer.post(where, {"family": "cod", "status": "delivered"}).status_code == 403
    assert login(cast.outsider).get(where).status_code == 404


def test_the_page_takes_few_queries(cast, login, where, django_assert_max_num_queries):
    client = login(cast.owner)
    client.get(where)
    with django_assert_max_num_queries(8):
        client.get(where)
