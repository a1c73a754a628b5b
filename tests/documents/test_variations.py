"""An order that names no variation: its words say which, or a person chooses for it alone."""

from __future__ import annotations

import pytest
import responses
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.variants import store_catalogue
from integrations.connections.models import Integration
from integrations.mastershop.products import read_product
from integrations.orders.models import OrderLineChoice
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests import cast as casting
from tests.documents.engine import event

pytestmark = pytest.mark.django_db

SIZES = {"S": "71", "M": "72", "L": "73"}


def arnes(**told):
    line = {"id_product": 7, "id_variant": None, "name": "Arnés reflectivo", "quantity": 1}
    return {**line, "price": 50_000, **told}


@pytest.fixture
def shop(engine):
    """Three sizes of one product, each linked with an Alegra product of its own."""
    with scope(engine.integration.organization_id):
        know_sizes(engine)
        for variant in SIZES.values():
            engine.link("7", variant, rate="19")
    return engine


def know_sizes(engine, sizes=SIZES):
    told = [
        {"idVariant": pk, "name": name, "sku": f"ARN-REF-{name}", "price": 50_000}
        for name, pk in sizes.items()
    ]
    product = read_product({"idProduct": 7, "name": "Arnés reflectivo", "variation": told})
    with scope(engine.integration.organization_id):
        store_catalogue(engine.integration, [product], now=clock.now())


@pytest.fixture
def browser(cast, login):
    return login(cast.editor)


@pytest.fixture
def at_lines(cast, browser):
    """at_lines(order, linea=0, variante=…) → the page one lands on; without, the page itself."""

    def go(order, search=None, **data):
        url = reverse("order_lines", args=[cast.organization.slug, order.pk])
        if data:
            return browser.post(url, data, follow=True).content.decode()
        return browser.get(url, search, follow=True).content.decode()

    return go


def items_of(invoice) -> list[str]:
    return [str(line["id"]) for line in invoice["items"]]


def size(engine, name) -> Variant:
    with scope(engine.integration.organization_id):
        return Variant.objects.get(variant_id=SIZES[name])


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"sku": "ARN-REF-M"}, "M"),
        ({"variant_name": "L"}, "L"),
        ({"sku": "ARN-REF-S", "variant_name": "S"}, "S"),
    ],
)
def test_the_words_of_the_order_say_which(shop, told, name):
    shop.order(lines=[arnes(**told)], total=50_000)
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [shop.items[SIZES[name]]]


@pytest.mark.parametrize("told", [{"sku": "ARN-REF-M", "variant_name": "S"}, {}])
def test_what_disagrees_or_says_nothing_is_asked_and_chosen_for_this_order_alone(
    shop, browser, at_lines, cast, told
):
    first = shop.order(lines=[arnes(**told)], total=50_000)
    second = shop.order(lines=[arnes(**told)], total=50_000)
    shop.run()
    assert shop.invoices() == []
    assert shop.problems(first) == shop.problems(second) == {"variation_missing"}
    at_order = reverse("order", args=[cast.organization.slug, first.pk])
    page = browser.get(at_order).content.decode()
    assert f"Falta la variación: el pedido {first.number} trae Arnés reflectivo" in page
    assert reverse("order_lines", args=[cast.organization.slug, first.pk]) in page
    asked = at_lines(first)
    for name in SIZES:
        assert f"Arnés reflectivo · {name}" in asked
    landed = at_lines(first, linea=0, variante=size(shop, "M").pk)
    assert "Guardado. Vale solo para este pedido." in landed
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [shop.items["72"]]
    # The other order still waits, and is asked about by itself.
    assert shop.problems(second) == {"variation_missing"}
    with scope(first.organization_id):
        assert OrderLineChoice.objects.get().by == cast.editor
        entry = AuditEntry.objects.get(action="order.choose_line")
        assert entry.after["variant_key"] == "7/72"
        assert Cause.objects.filter(code="variation_missing", state="open").count() == 1
    assert "eligió el producto de una línea" in browser.get(at_order).content.decode()


def test_what_the_sku_and_the_name_say_is_told_and_offered_first(shop, browser, at_lines, cast):
    order = shop.order(lines=[arnes(sku="ARN-REF-M", variant_name="L")], total=50_000)
    shop.run()
    page = browser.get(reverse("order", args=[cast.organization.slug, order.pk])).content.decode()
    assert "y por su SKU ARN-REF-M sería «M», por su nombre «L»" in page
    asked = at_lines(order)
    assert "El SKU del pedido dice una variación y el nombre dice otra" in asked
    first, second, third = asked.split('name="variante"')[1:]
    assert "Arnés reflectivo · L" in first
    assert "Lo dice el nombre del pedido" in first
    assert "Arnés reflectivo · M" in second
    assert "Lo dice el SKU del pedido" in second
    assert "Lo dice" not in third
    silent = shop.order(lines=[arnes()], total=50_000)
    shop.run()
    assert (
        "sin decir cuál"
        in browser.get(reverse("order", args=[cast.organization.slug, silent.pk])).content.decode()
    )
    assert "Lo dice" not in at_lines(silent)


def test_two_lines_are_chosen_one_by_one(shop, at_lines):
    order = shop.order(lines=[arnes(quantity=1), arnes(quantity=2)], total=150_000)
    shop.run()
    landed = at_lines(order, linea=1, variante=size(shop, "L").pk)
    assert "elegido: Arnés reflectivo · L" in landed
    assert shop.invoices() == []
    at_lines(order, linea=0, variante=size(shop, "S").pk)
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [shop.items["71"], shop.items["73"]]


def test_a_choice_counts_only_while_the_line_says_the_same(shop, at_lines):
    order = shop.order(lines=[arnes()], total=50_000, status=6)
    at_lines(order, linea=0, variante=size(shop, "M").pk)
    told = {"number": int(order.number), "total": 50_000, "updated": "2026-11-21T10:00:00Z"}
    shop.order(**told, lines=[arnes(name="Arnés reflectivo nuevo")])
    shop.run()
    assert shop.invoices() == []
    assert shop.problems(order) == {"variation_missing"}


def test_an_alegra_product_may_be_chosen_where_no_variation_fits(shop, at_lines):
    order = shop.order(lines=[arnes(variant_name="XXL")], total=50_000)
    shop.run()
    with scope(order.organization_id):
        used = ProductLink.objects.values("item")
        free = AlegraItem.objects.exclude(pk__in=used).filter(has_stock=True, is_active=True)
        item = next(row for row in free if row.can_be_invoiced and row.taxes)
    found = at_lines(order, search={"linea": "0", "q": item.name})
    assert f'name="producto" value="{item.pk}"' in found
    at_lines(order, linea=0, producto=item.pk)
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [item.alegra_id]
    with scope(order.organization_id):
        assert not ProductLink.objects.filter(item=item).exists()


def test_a_line_that_names_no_product_is_cured_on_the_same_page(shop, at_lines):
    order = shop.order(lines=[arnes(id_product=None, name="Bolsa de regalo")], total=50_000)
    shop.run()
    assert shop.problems(order) == {"product_missing"}
    assert "Bolsa de regalo" in at_lines(order)
    with scope(order.organization_id):
        item = AlegraItem.objects.get(alegra_id=shop.items["11"])
    at_lines(order, linea=0, producto=item.pk)
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [shop.items["11"]]


def test_a_variation_that_is_not_linked_yet_asks_for_its_link_next(shop, at_lines):
    with scope(shop.integration.organization_id):
        ProductLink.objects.filter(variant__variant_id="72").delete()
    order = shop.order(lines=[arnes()], total=50_000)
    shop.run()
    assert "sin vincular: después dices" in at_lines(order)
    at_lines(order, linea=0, variante=size(shop, "M").pk)
    shop.run()
    assert shop.problems(order) == {"product_unlinked"}


def test_what_is_made_is_not_chosen_anew(shop, at_lines):
    order = shop.order(lines=[arnes(variant_name="M")], total=50_000)
    shop.run()
    landed = at_lines(order, linea=0, variante=size(shop, "L").pk)
    assert "Este pedido ya tiene su documento en Alegra." in landed
    with scope(order.organization_id):
        assert not OrderLineChoice.objects.exists()


def test_nothing_of_another_organization_or_integration_is_chosen(
    shop, at_lines, cast, login, browser
):
    order = shop.order(lines=[arnes()], total=50_000)
    shop.run()
    url = reverse("order_lines", args=[cast.organization.slug, order.pk])
    place = casting.make_integration(cast.other)
    with scope(cast.other.pk):
        foreign = Variant.objects.create(integration=place, product_id="7", seen_at=clock.now())
    assert browser.post(url, {"linea": "0", "variante": foreign.pk}).status_code == 404
    assert browser.post(url, {"variante": size(shop, "M").pk}).status_code == 404
    with scope(order.organization_id):
        item = AlegraItem.objects.exclude(alegra_id__in=shop.items.values()).first()
        AlegraItem.objects.filter(pk=item.pk).update(type="variantParent")
    assert "no se puede facturar" in at_lines(order, linea=0, producto=item.pk)
    assert shop.problems(order) == {"variation_missing"}
    assert login(cast.viewer).get(url).status_code == 403


def test_the_catalogue_frees_what_it_can_tell_and_asks_of_nothing_twice(engine):
    """Without a key two sizes were seen in orders; later the catalogue is read."""
    with scope(engine.integration.organization_id):
        know_sizes(engine, {"S": "71", "L": "73"})
        engine.link("7", "73", rate="19")
    large = engine.order(lines=[arnes(sku="ARN-REF-M", variant_name="XXL")], total=50_000)
    silent = engine.order(lines=[arnes()], total=50_000)
    engine.run()
    assert engine.problems(large) == engine.problems(silent) == {"variation_missing"}
    know_sizes(engine)
    engine.link("7", "72", rate="19")
    engine.run()
    [invoice] = engine.invoices()
    assert items_of(invoice) == [engine.items["72"]]
    with scope(silent.organization_id):
        assert engine.problems(silent) == {"variation_missing"}


def test_the_order_read_again_in_mastershop_says_which(shop, at_lines, browser, cast, settings):
    with scope(shop.integration.organization_id):
        place = Integration.objects.get(pk=shop.integration.pk)
        place.source.key, place.source.key_last4 = "llave", "lave"
        place.source.save()
    order = shop.order(lines=[arnes()], total=50_000)
    shop.run()
    address = reverse("order_read_again", args=[cast.organization.slug, order.pk])
    at_order = reverse("order", args=[cast.organization.slug, order.pk])
    assert address in browser.get(at_order).content.decode()
    assert address in at_lines(order)
    number = int(order.number)
    told = event(number=number, lines=[arnes(id_variant=73)], total=50_000,
                 updated="2026-11-20T19:50:00Z")  # fmt: skip
    with responses.RequestsMock() as source:
        source.get(f"{settings.MASTERSHOP_URL}/orders/{number}", json=told)
        page = browser.post(address, follow=True).content.decode()
    assert "Lo leímos otra vez en MasterShop" in page
    shop.run()
    [invoice] = shop.invoices()
    assert items_of(invoice) == [shop.items["73"]]
