from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

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
    # Nor does it become one that could be linked for all of them.
    assert not Variant.objects.filter(variant_id="").exists()


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"sku": "SKU-72"}, "72"),
        ({"sku": " sku-72 "}, "72"),
        ({"variant_name": "M"}, "72"),
        ({"variant_name": " m"}, "72"),
        ({"sku": "SKU-72", "variant_name": "M"}, "72"),
        # A SKU that is nobody's, or that says nothing, leaves the word to the name.
        ({"sku": "ARN-9", "variant_name": "M"}, "72"),
        ({"sku": "sin-sku", "variant_name": "M"}, "72"),
        ({"sku": "SKU-72", "variant_name": "Talla M"}, "72"),
        # The two disagree, or say nothing that is known.
        ({"sku": "SKU-72", "variant_name": "S"}, None),
        ({"sku": "SKU-7"}, None),
        ({"variant_name": "XL"}, None),
        ({"variant_name": "Default Variant"}, None),
    ],
)
def test_an_exact_sku_or_name_says_which_of_several(integration, told, meant):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"), (73, "L"))], now=NOW)
    found = seen(integration, **told)
    assert (found and found.variant_id) == meant


def test_a_sku_that_several_share_says_nothing(integration):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    Variant.objects.update(sku="ARN-REF", sku_key="arn-ref")
    assert seen(integration, sku="ARN-REF") is None
    assert seen(integration, sku="ARN-REF", variant_name="M").variant_id == "72"


def test_another_name_is_not_the_only_variation_left(integration):
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=NOW)
    store_catalogue(integration, [product(7, (71, "S"))], now=LATER)
    assert seen(integration).variant_id == "71"
    assert seen(integration, variant_name="M").variant_id == "72"
    assert seen(integration, variant_name="L") is None


def test_without_a_catalogue_one_size_does_not_stand_for_another(integration):
    small = seen(integration, sku="ARN-S", variant_name="S")
    assert seen(integration, sku="ARN-S", variant_name="S") == small
    assert seen(integration, sku="ARN-M", variant_name="M") is None
    assert seen(integration, sku="ARN-M", variant_name="S") is None
    assert seen(integration) is None
    small.refresh_from_db()
    assert (small.sku, small.variant_name) == ("ARN-S", "S")


def test_without_a_catalogue_a_sku_told_later_is_learned(integration):
    blank = seen(integration, product_name="Faja")
    assert seen(integration, sku="F-1") == blank
    assert seen(integration, sku="F-2") is None


def test_a_product_without_variations_is_itself_whatever_an_order_calls_it(integration):
    store_catalogue(integration, [product(7)], now=NOW)
    assert seen(integration, variant_name="Negro").source == "api"


def test_two_variations_seen_in_orders_are_several(integration):
    seen(integration, "7", "71", variant_name="S")
    seen(integration, "7", "72", variant_name="M")
    assert seen(integration) is None
    assert seen(integration, variant_name="M").variant_id == "72"


def test_a_link_for_every_size_ends_when_the_catalogue_tells_them_apart(
    integration, make_item, make_link
):
    blank = seen(integration, product_name="Faja")
    make_link(blank, make_item())
    ordered = line(integration, "7", blank)
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=LATER)
    ordered.refresh_from_db()
    assert ordered.variant is None
    assert not ProductLink.objects.exists()
    assert not Variant.objects.filter(variant_id="").exists()


def test_a_link_for_one_size_becomes_that_sizes(integration, make_item, make_link):
    blank = seen(integration, product_name="Faja", variant_name="M")
    link = make_link(blank, make_item())
    ordered = line(integration, "7", blank)
    store_catalogue(integration, [product(7, (71, "S"), (72, "M"))], now=LATER)
    ordered.refresh_from_db()
    link.refresh_from_db()
    assert ordered.variant == link.variant == Variant.objects.get(variant_id="72")


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
