from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.alegra import items as alegra_items
from integrations.catalog import links, search_views
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.connections.models import Credential
from integrations.connections.source_read import SourceRead
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.tenancy.models import Organization, Role
from integrations.timekeeping import waking
from tests.catalog.conftest import NOW


@pytest.fixture
def url(organization, integration):
    def address(name="products", **kwargs):
        return reverse(
            name,
            kwargs={"organization": organization.slug, "integration": integration.pk, **kwargs},
        )

    return address


def waits(integration, variant, orders=37, pesos=6_471_300):
    return Cause.objects.create(
        integration=integration,
        code="product_unlinked",
        subject_key=variant.subject_key,
        label="…",
        first_at=NOW,
        last_at=NOW,
        open_count=orders,
        pesos=pesos,
    )


def text_of(answer):
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_what_holds_orders_comes_first(integration, make_variant, url, signed_in):
    make_variant("Aaa", product="1")
    needed = make_variant("Zzz", product="2")
    waits(integration, needed)
    page = text_of(signed_in().get(url()))
    assert page.index("Zzz") < page.index("Aaa")
    assert "37 pedidos esperan, $ 6.471.300" in page
    assert page.count("<strong>Zzz</strong>") == 1


def test_a_suggestion_says_why_and_is_one_click(
    integration, make_variant, make_item, url, signed_in, monkeypatch
):
    variant = make_variant(sku="TER-750")
    item = make_item("Termo inox", reference="ter-750")
    browser = signed_in()
    page = text_of(browser.get(url()))
    assert "mismo SKU" in page
    monkeypatch.setattr(links, "release", lambda *args, **kwargs: 37)
    answer = browser.post(
        url("product_link", variant=variant.pk),
        {"item": item.pk, "reason": "same_sku"},
        follow=True,
    )
    assert "Vinculado. Los 37 pedidos que esperaban ya salen." in text_of(answer)
    made = ProductLink.objects.get()
    assert (made.item, made.reason, made.linked_by) == (item, "same_sku", "Ana")


def test_variations_stand_under_a_band_that_says_why(make_variant, url, signed_in):
    make_variant("Faja", "Talla M", product="1", variant="1")
    make_variant("Faja", "Talla S", product="1", variant="2")
    page = text_of(signed_in().get(url()))
    assert page.count("2 variaciones. Alegra necesita un producto por cada una") == 1


def test_unlinking_can_be_undone(make_variant, make_item, make_link, url, signed_in):
    variant, item = make_variant(), make_item()
    make_link(variant, item, units_per_sale=3)
    browser = signed_in()
    answer = browser.post(url("product_unlink", variant=variant.pk), follow=True)
    page = text_of(answer)
    assert not ProductLink.objects.exists()
    assert "quedó sin vincular" in page
    assert 'name="units_per_sale" value="3"' in page
    browser.post(url("product_link", variant=variant.pk), {"item": item.pk, "units_per_sale": "3"})
    assert ProductLink.objects.get().units_per_sale == 3


def test_an_item_in_use_asks_for_a_yes_that_names_the_other(
    make_variant, make_item, make_link, url, signed_in
):
    item = make_item("Termo")
    make_link(make_variant("Termo negro"), item)
    other = make_variant("Termo verde", product="102")
    browser = signed_in()
    answer = browser.post(url("product_link", variant=other.pk), {"item": item.pk})
    assert answer.status_code == 200
    assert "«Termo» ya está vinculado con «Termo negro»." in text_of(answer)
    assert ProductLink.objects.count() == 1
    browser.post(url("product_link", variant=other.pk), {"item": item.pk, "shared": "on"})
    assert ProductLink.objects.filter(shared=True).count() == 2


@pytest.mark.parametrize("units", ["0", "-1", "x", "100000"])
def test_wrong_units_come_back_with_a_sentence(make_variant, make_item, url, signed_in, units):
    variant, item = make_variant(), make_item()
    answer = signed_in().post(
        url("product_link", variant=variant.pk), {"item": item.pk, "units_per_sale": units}
    )
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.content.decode()
    assert not ProductLink.objects.exists()


@pytest.mark.parametrize("item", ["", "0", "999999", "x", "9" * 30])
def test_an_item_that_is_not_ours_is_refused_with_a_sentence(make_variant, url, signed_in, item):
    answer = signed_in().post(
        url("product_link", variant=make_variant().pk), {"item": item}, follow=True
    )
    assert "Elige un producto de tu catálogo de Alegra." in text_of(answer)


def test_the_three_steps_by_search(make_variant, make_item, url, signed_in):
    variant = make_variant("Termo acero", sku="TER-1")
    item = make_item("Botella térmica", reference="BOT-9")
    browser = signed_in()
    step = text_of(browser.get(url("product_search"), {"q": "ter-"}))
    assert f"variante={variant.pk}" in step
    step = text_of(browser.get(url("product_search"), {"variante": variant.pk, "q": "bot"}))
    assert f"producto={item.pk}" in step
    step = text_of(
        browser.get(url("product_search"), {"variante": variant.pk, "producto": item.pk})
    )
    assert "Unidades por venta" in step
    assert f'name="item" value="{item.pk}"' in step


def test_typing_gets_only_the_results(make_variant, url, signed_in):
    make_variant("Termo acero")
    answer = signed_in().get(url("product_search"), {"q": "termo"}, headers={"HX-Request": "true"})
    assert "Termo acero" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_alegra_itself_is_asked_only_when_a_person_says_so(
    company, make_variant, url, signed_in, monkeypatch
):
    variant = make_variant("Termo")
    fresh = alegra_items.from_row({"id": "5", "name": "Termo nuevo", "status": "active"})
    asked = []

    def page(client, query):
        asked.append(query)
        return alegra_items.Page((fresh,), 1, True)

    monkeypatch.setattr(search_views.alegra_items, "page", page)
    browser = signed_in()
    where = {"variante": variant.pk, "q": "termo n"}
    browser.get(url("product_search"), where)
    assert asked == []
    assert "Termo nuevo" in text_of(browser.post(url("product_search"), where))
    assert asked == ["termo n"]
    assert AlegraItem.objects.get().alegra_id == "5"


def test_a_catalogue_is_asked_for_and_read_elsewhere(
    integration, make_item, url, signed_in, monkeypatch
):
    woken = []
    monkeypatch.setattr(waking, "wake", woken.append)
    answer = signed_in().post(url("catalog_refresh"), follow=True)
    assert woken == ["catalog.refresh_due"]
    assert SourceRead.objects.get(kind="items").asked_at is not None
    assert "Estamos leyendo el catálogo de Alegra." in text_of(answer)


def test_nobody_is_said_to_read_what_alegra_shows_us_no_more(integration, url, signed_in):
    Credential.objects.update(state="paused", paused_code="unauthorized")
    browser = signed_in()
    page = text_of(browser.post(url("catalog_refresh"), follow=True))
    assert "Estamos leyendo" not in page
    assert "Alegra ya no acepta el token. El catálogo de Alegra se lee en cuanto" in page
    assert "El catálogo de Alegra todavía no se ha leído." in page
    # It is read as soon as the login is good again.
    assert SourceRead.objects.get(kind="items").asked_at is not None
    Credential.objects.update(state="valid", paused_code="")
    assert "Estamos leyendo el catálogo de Alegra." in text_of(browser.get(url()))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNTANT])
def test_who_only_reads_sees_the_list_and_changes_nothing(
    make_variant, make_item, url, signed_in, role
):
    variant, item = make_variant(sku="TER-1"), make_item(reference="TER-1")
    browser = signed_in(role)
    page = text_of(browser.get(url()))
    assert "mismo SKU" in page
    assert 'method="post"' not in page
    assert browser.get(url("product_search")).status_code == 403
    for name in ("product_link", "product_unlink"):
        answer = browser.post(url(name, variant=variant.pk), {"item": item.pk})
        assert answer.status_code == 403
    assert browser.post(url("catalog_refresh")).status_code == 403


def test_strangers_and_other_comercios_find_nothing(make_variant, url, signed_in, client):
    variant = make_variant()
    assert client.get(url()).status_code == 404
    theirs = Organization.objects.create(slug="otro", name="Otro")
    with scope(variant.organization_id):
        mine = variant.integration_id
    browser = signed_in(Role.OWNER)
    from integrations.tenancy.models import Membership, User

    with scope(theirs.pk):
        Membership.objects.create(
            organization=theirs, user=User.objects.get(name="Ana"), role=Role.OWNER
        )
    path = reverse("products", kwargs={"organization": "otro", "integration": mine})
    assert browser.get(path).status_code == 404


def test_the_way_back_never_leaves_the_portal(make_variant, make_item, url, signed_in):
    answer = signed_in().post(
        url("product_link", variant=make_variant().pk),
        {"item": make_item().pk, "next": "//ejemplo.test/"},
    )
    assert answer.url == url()


@pytest.mark.parametrize(("state", "names"), [
    ("sin-vincular", {"Suelto"}),
    ("vinculados", {"Bueno", "Roto"}),
    ("ya-no-existe", {"Roto"}),
    ("todos", {"Suelto", "Bueno", "Roto"}),
])  # fmt: skip
def test_each_state_shows_its_own(make_variant, make_item, make_link, url, signed_in, state, names):
    make_variant("Suelto", product="1")
    make_variant("Ido", product="4", missing_since=NOW)
    make_link(make_variant("Bueno", product="2"), make_item("A", "1"))
    make_link(make_variant("Roto", product="3"), make_item("B", "2", is_active=False))
    page = text_of(signed_in().get(url(), {"estado": state}))
    shown = {name for name in ("Suelto", "Bueno", "Roto", "Ido") if f"<strong>{name}<" in page}
    assert shown == names


def many(integration, count):
    rows = [
        Variant(
            organization_id=integration.organization_id,
            integration=integration,
            product_id=str(number // 2),
            variant_id=str(number),
            product_name=f"Producto {number // 2:05}",
            variant_name=f"Variación {number % 2}",
            sku=f"SKU-{number:05}",
            seen_at=NOW,
        )
        for number in range(count)
    ]
    for row in rows:
        row.fill_keys()
    Variant.objects.bulk_create(rows, batch_size=1000)
    items = [
        AlegraItem(
            organization_id=integration.organization_id,
            company=integration.company,
            alegra_id=str(number),
            name=f"Producto {number // 2:05} variación {number % 2}",
            reference=f"SKU-{number:05}",
            fetched_at=NOW,
        )
        for number in range(count)
    ]
    for item in items:
        item.fill_keys()
    AlegraItem.objects.bulk_create(items, batch_size=1000)


def test_pages_follow_each_other_without_gap_or_repetition(integration, url, signed_in):
    many(integration, 60)
    browser, seen, after = signed_in(), [], ""
    while True:
        shown = browser.get(url(), {"despues": after} if after else {}).context["listing"]
        seen += [row.variant.pk for row in shown.rows]
        after = shown.following
        if not after:
            break
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("count", [10, 50, 2000])
def test_the_list_costs_the_same_for_few_and_for_many(
    integration, url, signed_in, django_assert_max_num_queries, count
):
    many(integration, count)
    for row in Variant.objects.all()[:5]:
        waits(integration, row)
    browser = signed_in()
    with django_assert_max_num_queries(10):
        answer = browser.get(url())
    assert "mismo SKU" in answer.content.decode()


@pytest.mark.parametrize("after", ["x", "~", "1", "99999999999999999999~a", "1~" + "z" * 200])
def test_a_broken_page_mark_is_no_error(make_variant, url, signed_in, after):
    make_variant()
    assert signed_in().get(url(), {"despues": after}).status_code == 200


def test_the_tab_counts_what_has_no_link(make_variant, url, signed_in):
    make_variant()
    page = text_of(signed_in().get(url()))
    assert 'aria-current="page">Relación de productos<span class="count is-ask">1<' in page
