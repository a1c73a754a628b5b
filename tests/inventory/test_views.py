from __future__ import annotations

import pytest
import responses
from django.urls import reverse

from integrations.alegra.errors import Unauthorized
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.inventory.links import link_warehouse
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.sending.models import Cause
from integrations.tenancy.models import Role
from tests.catalog.conftest import NOW


@pytest.fixture
def url(organization, integration):
    def address(name="warehouses", **kwargs):
        return reverse(
            name,
            kwargs={"organization": organization.slug, "integration": integration.pk, **kwargs},
        )

    return address


def text_of(answer):
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_a_pair_is_made_and_frees_its_orders(
    make_bodega, make_warehouse, url, signed_in, released, integration
):
    bodega = make_bodega()
    make_warehouse()
    Cause.objects.create(
        integration=integration,
        code="warehouse_unlinked",
        subject_key="b1",
        label="…",
        first_at=NOW,
        last_at=NOW,
        open_count=3,
        pesos=90_000,
    )
    browser = signed_in()
    assert "3 pedidos esperan, $ 90.000" in text_of(browser.get(url()))
    released.count = 3
    answer = browser.post(
        f"{url('warehouse_link')}?bodega={bodega.pk}",
        {"warehouse": "1", "whose": "supplier"},
        follow=True,
    )
    assert "Bodega relacionada. Los 6 pedidos que esperaban ya salen." in text_of(answer)
    link = WarehouseLink.objects.get()
    assert (link.bodega, link.whose, link.is_default) == (bodega, "supplier", True)


def test_a_bodega_nobody_named_is_written_by_hand(make_warehouse, url, signed_in, released):
    make_warehouse()
    browser = signed_in()
    where = url("warehouse_link")
    answer = browser.post(where, {"bodega": "otra", "warehouse": "1", "whose": "mine"})
    assert "Escribe el nombre de la bodega." in text_of(answer)
    told = {"bodega": "otra", "name": "Bodega Bogotá", "warehouse": "1", "whose": "mine"}
    browser.post(where, told)
    assert WarehouseLink.objects.get().bodega.name == "Bodega Bogotá"


def test_a_refused_pair_leaves_no_bodega_behind(
    make_bodega, make_warehouse, url, signed_in, released, monkeypatch
):
    from integrations.inventory import views
    from integrations.inventory.links import WarehouseRefused

    make_warehouse()

    def refuse(**told):
        raise WarehouseRefused("taken", "«Principal» ya está relacionada.")

    monkeypatch.setattr(views, "link_warehouse", refuse)
    told = {"bodega": "otra", "name": "Cali", "warehouse": "1", "whose": "mine"}
    answer = signed_in().post(url("warehouse_link"), told)
    assert answer.status_code == 200
    assert "«Principal» ya está relacionada." in text_of(answer)
    assert not Bodega.objects.exists()


def test_a_warehouse_that_is_gone_stays_shown_as_gone(
    make_bodega, make_warehouse, url, signed_in, released
):
    make_warehouse("1", "Vieja")
    make_warehouse("2", "Nueva")
    bodega = make_bodega()
    link_warehouse(bodega=bodega, warehouse="1", by="Ana")
    ReferenceEntry.objects.filter(alegra_id="1").update(missing_since=NOW)
    browser = signed_in()
    assert "Ya no existe en Alegra: elige otra." in text_of(browser.get(url()))
    where = f"{url('warehouse_link')}?bodega={bodega.pk}"
    assert "Vieja (ya no existe)" in text_of(browser.get(where))
    answer = browser.post(where, {"warehouse": "1", "whose": "mine"})
    assert "Esa bodega ya no existe en Alegra." in text_of(answer)
    browser.post(where, {"warehouse": "2", "whose": "mine"})
    link = WarehouseLink.objects.get()
    assert (link.warehouse, link.is_default) == ("2", True)


def test_default_and_unlink(make_bodega, make_warehouse, url, signed_in, released):
    make_warehouse("1", "Uno")
    make_warehouse("2", "Dos")
    first = link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    second = link_warehouse(bodega=make_bodega("Cali", "b2"), warehouse="2", by="Ana")
    browser = signed_in()
    answer = browser.post(url("warehouse_unlink", link=first.pk), follow=True)
    assert "elige antes otra" in text_of(answer)
    answer = browser.post(url("warehouse_default", link=second.pk), follow=True)
    assert "Cali es la bodega por defecto." in text_of(answer)
    browser.post(url("warehouse_unlink", link=first.pk))
    assert WarehouseLink.objects.get() == second


def test_an_alegra_without_warehouses_says_so_and_asks_nothing(url, signed_in, integration):
    AlegraCompany.objects.update(has_warehouses=False)
    page = text_of(signed_in().get(url()))
    assert "No hay nada que relacionar." in page
    assert "Sincronizar bodega" not in page


@pytest.fixture
def alegra_lists(monkeypatch):
    """What the reading of Alegra's lists answers; it changes nothing."""
    from integrations.configuration.references import Refreshed
    from integrations.inventory import views

    answer = Refreshed()
    monkeypatch.setattr(views, "refresh_company", lambda *args, **kwargs: answer)
    return answer


def test_both_lists_are_read_when_a_person_asks(url, signed_in, integration, alegra_lists):
    integration.source.key, integration.source.key_last4 = "llave-1234", "1234"
    integration.source.save()
    with responses.RequestsMock() as mock:
        mock.get(
            "https://prod.api.mastershop.com/api/warehouses",
            json={"results": [{"idWarehouse": "b1", "name": "Bodega Cali"}]},
        )
        answer = signed_in().post(url("warehouses_refresh"), follow=True)
    assert "Bodega Cali" in text_of(answer)
    assert "Las bodegas están al día." in text_of(answer)


def test_a_side_that_cannot_be_read_is_named(url, signed_in, alegra_lists):
    alegra_lists.failure = Unauthorized("no", status=401)
    answer = signed_in().post(url("warehouses_refresh"), follow=True)
    assert "Alegra ya no acepta el token." in text_of(answer)
    assert "al día" not in text_of(answer)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNTANT])
def test_who_only_reads_changes_nothing(
    make_bodega, make_warehouse, url, signed_in, released, role
):
    make_warehouse()
    link = link_warehouse(bodega=make_bodega(), warehouse="1", by="Ana")
    browser = signed_in(role)
    page = text_of(browser.get(url()))
    assert 'method="post"' not in page
    assert browser.get(url("warehouse_link")).status_code == 403
    for name, kwargs in [
        ("warehouse_link", {}),
        ("warehouses_refresh", {}),
        ("warehouse_unlink", {"link": link.pk}),
        ("warehouse_default", {"link": link.pk}),
    ]:
        assert browser.post(url(name, **kwargs)).status_code == 403


@pytest.mark.parametrize("count", [10, 50])
def test_the_list_costs_the_same_for_few_and_for_many(
    make_bodega, make_warehouse, url, signed_in, released, django_assert_max_num_queries, count
):
    for number in range(count):
        make_warehouse(str(number), f"Alegra {number}")
        bodega = make_bodega(f"Bodega {number}", f"b{number}")
        if number % 2:
            link_warehouse(bodega=bodega, warehouse=str(number), by="Ana")
    browser = signed_in()
    with django_assert_max_num_queries(10):
        assert browser.get(url()).status_code == 200
