"""What an order says of a line that is part of a bundle, under whatever name."""

import pytest

from integrations.mastershop.bundle_hints import UNNAMED, bundle_of
from integrations.mastershop.lines import read_lines


@pytest.mark.parametrize(
    ("entry", "bundle"),
    [
        ({"parent_item": 118315}, "118315"),
        ({"parentId": "118315"}, "118315"),
        ({"parent_line_item_id": 9}, "9"),
        ({"id_padre": "77"}, "77"),
        ({"parent": {"id": 55, "name": "Combo"}}, "55"),
        ({"bundle_id": "B-1"}, "B-1"),
        ({"idCombo": 12}, "12"),
        ({"part_of_kit": "KIT-9"}, "KIT-9"),
        ({"bundled_by": "abc"}, "abc"),
        ({"is_component": True}, UNNAMED),
        ({"componente": "si"}, UNNAMED),
        ({"isBundleComponent": 1}, UNNAMED),
        ({"component_of": 31}, "31"),
    ],
)
def test_a_part_of_a_bundle_is_known_by_many_names(entry, bundle):
    assert bundle_of({"id_product": 4, "name": "Sartén", **entry}) == bundle


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"parent_item": None},
        {"parent_id": 0},
        {"parent_id": ""},
        {"is_component": False},
        {"is_component": "no"},
        # Said by the bundle of itself.
        {"is_bundle": True},
        {"kit": True},
        {"components": [{"id": 3}]},
        {"bundled_items": [3, 4]},
        # About something else.
        {"parent_category": "Cocina"},
        {"parent_order_id": 900},
        {"pack_size": 6},
        {"kit_name": "Kit de cocina"},
    ],
)
def test_what_tells_no_bundle_is_none(entry):
    assert bundle_of({"id_product": 4, "name": "Sartén", **entry}) == ""


def test_a_line_keeps_the_bundle_that_it_names():
    content = [
        {"id_product": 1, "name": "Combo", "quantity": 1, "price": 100},
        {"id_product": 2, "name": "Sartén", "quantity": 1, "price": 0, "parent_item": 1},
    ]
    lines, _cuts, _problems = read_lines(content)
    assert [line.bundle for line in lines] == ["", "1"]
