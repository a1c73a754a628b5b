from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from integrations.catalog.models import ProductLink, Variant
from integrations.catalog.variants import resolve, store_catalogue
from integrations.mastershop.products import read_product
from integrations.orders.models import Order, OrderLine
from integrations.sending.models import Cause
from tests.catalog.conftest import NOW

LATER = NOW + timedelta(hours=6)


def product(number, *variants, name="Faja"):
    return read_product(
        {
            "idProduct": number,
            "name": name,
            "variation": [
                {"idVariant": pk, "name": label, "sku": f"SKU-{pk}", "price": 79900}
                for pk, label in variants
            ],
        }
    )


def line(integration, product_id, variant=None, source_variant=""):
    order = Order.objects.create(
        integration=integration, number=f"MS-{product_id}", first_seen_at=NOW, changed_at=NOW
    )
    return OrderLine.objects.create(
        order=order,
        position=0,
        variant=variant,
        source_product=product_id,
        source_variant=source_variant,
        quantity=1,
        unit_price=1,
    )


def seen(integration, product_id="7", variant_id="", **told):
    return resolve(integration, product_id=product_id, variant_id=variant_id, now=NOW, **told)


def test_an_order_makes_the_variant_it_names(integration):
    variant = seen(integration, "7", "71", sku="F-S", product_name="Faja", price=Decimal("79900"))
    assert (variant.source, variant.sku_key, variant.label) == ("order", "f-s", "Faja")
    assert seen(integration, "7", "71").pk == variant.pk


def test_a_later_order_tells_what_the_first_did_not(integration):
    seen(integration, "7", "71")
    variant = seen(integration, "7", "71", product_name="Faja", sku="F-S")
    assert Variant.objects.get(pk=variant.pk).search_key == "faja"


def test_an_order_does_not_rename_what_the_catalogue_told(integration):
    store_catalogue(integration, [product(7, (71, "S"))], now=NOW)
    assert seen(integration, "7", "71", product_name="Otra").product_name == "Faja"


def test_no_variation_means_the_only_one(integration):
    store_catalogue(integration, [product(7, (71, "Default Variant"))], now=NOW)
    variant = seen(integration)
    assert (variant.variant_id, variant.label) == ("71", "Faja")


def test_no_variation_of_several_is_nobody(integration):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    assert seen(integration) is None


def test_a_person_may_say_what_no_variation_means(integration, make_item, make_link):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    seen(integration)
    blank = Variant.objects.get(variant_id="")
    make_link(blank, make_item())
    assert seen(integration) == blank


def test_without_a_catalogue_the_nameless_variant_stands_for_the_product(integration):
    seen(integration, "7", "71")
    assert seen(integration).variant_id == ""


def test_a_line_without_product_is_found_by_its_variation(integration):
    variant = seen(integration, "7", "71")
    assert seen(integration, "", "71") == variant
    assert seen(integration, "", "") is None


def test_the_nameless_variant_becomes_the_real_one_with_link_and_lines(
    integration, make_item, make_link
):
    blank = seen(integration, product_name="Faja")
    link = make_link(blank, make_item())
    ordered = line(integration, "7", blank)
    store_catalogue(integration, [product(7, (71, "Default Variant"))], now=NOW)
    real = Variant.objects.get()
    assert real.variant_id == "71"
    link.refresh_from_db()
    ordered.refresh_from_db()
    assert (link.variant, ordered.variant) == (real, real)


def test_the_real_ones_own_link_wins_over_the_nameless_ones(integration, make_item, make_link):
    blank = seen(integration)
    make_link(blank, make_item("Uno", "1"))
    real = Variant.objects.create(
        integration=integration, product_id="7", variant_id="71", seen_at=NOW
    )
    kept = make_link(real, make_item("Dos", "2"))
    store_catalogue(integration, [product(7, (71, "Default Variant"))], now=LATER)
    assert ProductLink.objects.get() == kept


def test_what_vanished_keeps_its_row_and_is_seen_again(integration):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    assert store_catalogue(integration, [product(7, (71, "S"))], now=LATER) == (1, 1)
    gone = Variant.objects.get(variant_id="72")
    assert gone.missing_since == LATER
    seen(integration, "7", "72")
    gone.refresh_from_db()
    assert gone.missing_since is None


def test_an_empty_answer_hides_nothing(integration):
    store_catalogue(integration, [product(7, (71, "S"))], now=NOW)
    store_catalogue(integration, [], now=LATER)
    assert Variant.objects.get().missing_since is None


def test_what_waiting_orders_need_is_not_gone(integration):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    Cause.objects.create(
        integration=integration,
        code="product_unlinked",
        subject_key="7/72",
        label="…",
        first_at=NOW,
        last_at=NOW,
        open_count=1,
    )
    store_catalogue(integration, [product(7, (71, "S"))], now=LATER)
    assert Variant.objects.get(variant_id="72").missing_since is None


def test_variants_seen_in_orders_only_are_never_gone(integration):
    seen(integration, "9", "91")
    store_catalogue(integration, [product(7, (71, "S"))], now=LATER)
    assert Variant.objects.get(product_id="9").missing_since is None


def test_ids_too_long_for_a_key_are_nobody(integration):
    assert seen(integration, "7" * 65, "1") is None
