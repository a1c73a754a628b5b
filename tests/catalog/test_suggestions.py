from __future__ import annotations

from dataclasses import dataclass

import pytest

from integrations.catalog.suggestions import (
    NEAR_NAME,
    SAME_BARCODE,
    SAME_SKU,
    best,
    is_evidence,
    likeness,
)
from integrations.scoping.search_key import normalised


@dataclass
class Thing:
    name: str
    sku: str = ""
    barcode: str = ""

    @property
    def search_key(self):
        return normalised(self.name)

    @property
    def sku_key(self):
        return normalised(self.sku)

    reference_key = sku_key


def test_the_same_sku_wins_over_a_nearer_name():
    named = Thing("Termo acero 750 ml", "OTRO-1")
    same = Thing("Vaso térmico", "ter-750-ng")
    found = best(Thing("Termo acero 750 ml", "TER-750-NG"), [named, same])
    assert (found.item, found.reason, found.is_exact) == (same, SAME_SKU, True)


def test_a_barcode_is_found_in_the_reference_too():
    item = Thing("Lámpara set", "7709145220318")
    found = best(Thing("Otra cosa", "LSJ-04", "7709145220318"), [item])
    assert (found.item, found.reason) == (item, SAME_BARCODE)


@pytest.mark.parametrize("sku", ["", "sin-sku", "SIN SKU", "GENERIC", "0", "0000", "N/A"])
def test_a_sku_that_says_nothing_is_no_evidence(sku):
    assert not is_evidence(normalised(sku))
    assert best(Thing("Silla", sku), [Thing("Mesa", sku)]) is None


def test_a_near_name_is_suggested_but_is_not_exact():
    item = Thing("Masajeador cervical USB")
    found = best(Thing("Masajeador cervical recargable"), [Thing("Mesa"), item])
    assert (found.item, found.reason, found.is_exact) == (item, NEAR_NAME, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Termo acero 750 ml", "Termo acero 500 ml"),
        ("Faja moldeadora talla S", "Faja moldeadora talla M"),
        ("Gafas de sol polarizadas negras", "Gafas de sol polarizadas blancas"),
        ("Medias x 6 pares", "Medias x 12 pares"),
    ],
)
def test_names_that_differ_in_number_size_or_colour_are_different_things(one, other):
    assert likeness(normalised(one), normalised(other)) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lámpara solar de jardín x 4", "LAMPARA SOLAR JARDIN SET X4"),
        ("Termo acero 750 ml · Negro", "Termo acero inox 750 ml negra"),
    ],
)
def test_accents_plurals_and_fillers_do_not_keep_names_apart(one, other):
    assert likeness(normalised(one), normalised(other)) >= 0.6


def test_equally_exact_candidates_are_told_apart_by_their_names():
    wrong, right = Thing("Mesa plegable", "ABC-1"), Thing("Silla plegable", "ABC-1")
    assert best(Thing("Silla plegable roja", "ABC-1"), [wrong, right]).item is right
