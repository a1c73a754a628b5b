"""What speaks for an article being the one that was linked, however it is spelled."""

from __future__ import annotations

import pytest

from integrations.catalog.same_article import (
    EXACTLY,
    LOOSELY,
    UNLIKE,
    Words,
    is_doubtful,
    name_likeness,
    sku_likeness,
)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("TERMO-750-NEG", " termo-750-neg ", EXACTLY),
        ("CAFÉ-01", "cafe-01", EXACTLY),
        ("FLO 01", "flo-01", LOOSELY),
        ("FLO-01", "FLO01", LOOSELY),
        ("COJ_AZ", "coj.az", LOOSELY),
        ("00170", "170", LOOSELY),
        ("FLO-01", "FLO-1", LOOSELY),
        ("1-234", "12-34", UNLIKE),
        ("CAM-O1", "CAM-01", UNLIKE),
        ("TERMO-750", "TERMO-500", UNLIKE),
        ("sin-sku", "GENERIC", UNLIKE),
        ("", "", UNLIKE),
    ],
)
def test_a_sku_is_the_same_but_for_its_spelling(one, other, how):
    assert sku_likeness(one, other) == sku_likeness(other, one) == how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Portarretrato de madera 10x15", "Portarretrato madera"),
        ("Termo acero 750 ml · Negro", "TERMO ACERO"),
        ("Cojín Mandala Azul", "cojin mandala"),
        ("Porta retrato", "Portarretrato"),
        ("Licuadora portátil", "Licuadra portatil"),
        ("Camisetas negras", "Camiseta negro"),
    ],
)
def test_names_of_one_article_share_their_words(one, other):
    assert name_likeness(one, other) == name_likeness(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Camiseta básica · S", "Camiseta básica · M"),
        ("Termo 750 ml", "Termo 500 ml"),
        ("Gorra azul", "Gorra roja"),
        ("Termo acero", "Licuadora portátil"),
        ("Camiseta negra", "Gorra negra"),
    ],
)
def test_another_thing_size_or_colour_is_another_article(one, other):
    assert name_likeness(one, other) == name_likeness(other, one) == 0


TERMO = Words("Termo acero 750 ml · Negro", "TERMO-750-NEG")


@pytest.mark.parametrize(
    ("told", "is_asked"),
    [
        # One of both speaks for it.
        (Words("Licuadora portátil", "termo 750 neg"), False),
        (Words("Termo de acero", "OTRO-99"), False),
        (Words("Termo acero 750 ml"), False),
        (Words("", "TERMO-750-NEG"), False),
        # Nothing is told.
        (Words(), False),
        (Words("", "sin-sku"), False),
        # Nothing speaks for it.
        (Words("Licuadora portátil", "LIC-01"), True),
        (Words("Botella acero", "BOT-01"), True),
        (Words("Termo acero 500 ml", "TERMO-500-NEG"), True),
        (Words("Licuadora portátil"), True),
        (Words("Licuadora portátil", "GENERIC"), True),
        (Words("", "LIC-01"), True),
        # A SKU that was not told contradicts nothing: half of a name is enough.
        (Words("Botella acero"), False),
    ],
)
def test_what_nothing_speaks_for_is_asked_about(told, is_asked):
    assert is_doubtful(told, [TERMO]) is is_asked


def test_a_product_linked_over_unlike_names_is_compared_with_what_was_linked():
    in_alegra = [Words("Bidón metálico 0,75", "880-1")]
    assert not is_doubtful(TERMO, [TERMO], in_alegra)
    assert not is_doubtful(Words("Bidón metálico", "BID-3"), [TERMO], in_alegra)
    # Nobody knew any word of it: what Alegra calls it contradicts nothing.
    assert not is_doubtful(TERMO, [Words()], in_alegra)
