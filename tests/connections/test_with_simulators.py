"""A newcomer sees the product work: from nothing to a trial with its lists, over real sockets."""

import pytest
from django.urls import reverse

from integrations.connections import reads
from integrations.connections.models import Integration, ReferenceEntry
from integrations.scoping.context import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(settings):
    from integrations.simulators.local import start_local

    running = start_local()
    settings.SIMULATED_ALEGRA_URL = running.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = running.mastershop_url
    yield running
    running.stop()


def test_a_trial_is_made_in_two_clicks_and_has_everything_to_choose_from(cast, login, running):
    owner = login(cast.owner)
    new = reverse("integration_new", args=[cast.organization.slug])
    typed = {"action": "validate", "name": "Prueba", "mode": "trial", "email": "", "token": ""}
    text = owner.post(new, typed, follow=True).content.decode()
    assert "Colombia, pesos" in text
    assert "suficientes para que cada total cuadre" in text
    page = owner.post(new, {"action": "continue"}, follow=True)
    with scope(cast.organization.pk):
        row = Integration.objects.select_related("company", "credential", "source").get()
        kinds = set(ReferenceEntry.objects.values_list("kind", flat=True))
    assert page.redirect_chain[-1][0].endswith(f"/{row.pk}/mastershop/")
    assert row.is_trial
    assert row.source.business_id
    assert row.source.key
    with scope(cast.organization.pk):
        assert reads.ever_read(reads.Kind.REFERENCES, row.company)
    assert kinds == set(ReferenceEntry.Kind.values)
    settings_page = owner.get(reverse("settings", args=[cast.organization.slug, row.pk]))
    assert "preferida" in settings_page.content.decode()
