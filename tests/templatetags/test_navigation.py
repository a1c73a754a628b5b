"""The rail: what is built, and true numbers beside it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from integrations.catalog.models import Variant
from integrations.connections.models import Integration
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests import cast as casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(cast, login):
    def get(name, *args, role="owner") -> str:
        address = reverse(name, args=[cast.organization.slug, *args])
        return login(cast.member(role)).get(address).content.decode()

    return get


def unlinked(integration, count: int, *, pesos: int = 0) -> None:
    with scope(integration.organization_id):
        for n in range(count):
            Variant.objects.create(
                integration=integration,
                product_id=f"{integration.pk}-{n}",
                product_name=f"Producto {n}",
                seen_at=clock.now(),
            )
        if pesos:
            Cause.objects.create(
                integration=integration,
                code="product_unlinked",
                subject_key=f"{integration.pk}-0/",
                label="—",
                open_count=1,
                pesos=pesos,
                first_at=clock.now(),
                last_at=clock.now(),
            )


def rail(text: str) -> tuple[str, str]:
    """Address and number of *Productos sin vincular*; both '' where it is not there."""
    found = re.search(
        r'<a href="([^"]+)"[^>]*>Productos sin vincular<span class="count is-ask">([^<]+)<', text
    )
    return (found[1], found[2]) if found else ("", "")


def tab(text: str) -> str:
    found = re.search(r'Relación de productos<span class="count is-ask">([^<]+)<', text)
    return found[1] if found else ""


def test_rail_and_tab_count_the_same_products(page, cast):
    shop = casting.make_integration(cast.organization)
    unlinked(shop, 3)
    shown = page("products", shop.pk)
    assert rail(shown)[1] == tab(shown) == "3"


def test_of_several_the_one_with_most_at_stake_is_counted(page, cast):
    many = casting.make_integration(cast.organization)
    dear = casting.make_integration(cast.organization)
    unlinked(many, 3)
    unlinked(dear, 2, pesos=524_700)
    assert rail(page("history")) == (_products(cast, dear), "2")
    # On the pages of an integration it is that one's number, as on its tab.
    shown = page("actions", many.pk)
    assert rail(shown) == (_products(cast, many), "3")
    assert tab(shown) == "3"


def test_nothing_is_counted_where_all_is_linked_or_the_integration_is_in_the_bin(page, cast):
    shop = casting.make_integration(cast.organization)
    assert rail(page("history")) == ("", "")
    unlinked(shop, 2)
    with scope(cast.organization.pk):
        Integration.objects.update(state="archived")
    assert rail(page("history")) == ("", "")


def test_the_trial_strip_leads_an_owner_to_real_accounts(page, cast):
    shop = casting.make_integration(cast.organization)
    with scope(cast.organization.pk):
        Integration.objects.update(mode="trial")
    assert "Conectar cuentas reales" in page("actions", shop.pk)
    editors = page("actions", shop.pk, role="editor")
    assert "Modo de prueba" in editors
    assert "Conectar cuentas reales" not in editors


def _products(cast, integration) -> str:
    return reverse("products", args=[cast.organization.slug, integration.pk])
