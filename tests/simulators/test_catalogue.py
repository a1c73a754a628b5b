"""The goods that both sides know."""

from integrations.simulators.catalogue import DEFAULT_VARIANT, products, variations


def test_ids_bar_codes_and_skus_are_unique():
    goods = variations()
    assert len(products()) > 55
    assert len(goods) > 100
    for name in ("id_variant", "barcode", "sku"):
        assert len({getattr(one, name) for one in goods}) == len(goods)


def test_every_rate_has_linked_goods_and_some_have_no_item_or_another_reference():
    goods = variations()
    for iva in ("19", "5", "exempt", "excluded"):
        assert sum(one.iva == iva and one.alegra is not None for one in goods) >= 2
    odd = [one for one in goods if one.alegra is None or one.alegra.reference != one.sku]
    assert 10 <= len(odd) <= 20


def test_simple_products_have_the_one_default_variant():
    for product in products():
        names = [one.variant_name for one in product.variations]
        assert (DEFAULT_VARIANT in names) == product.is_simple == (names == [DEFAULT_VARIANT])
