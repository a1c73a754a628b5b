"""The rules of the DIAN in sentences of ours, each with where it is put right."""

from __future__ import annotations

import pytest

from integrations.colombia.dian_rules import Cure, is_translated, rule_of


@pytest.mark.parametrize(
    ("code", "word", "cure"),
    [
        ("FAK24", "dígito de verificación", Cure.BUYER),
        ("fak24", "dígito de verificación", Cure.BUYER),
        ("FAK21", "número de identificación", Cure.BUYER),
        ("FAK61", "documento de identidad", Cure.BUYER),
        ("FAD09e", "no es la del día", Cure.AGAIN),
        ("FAD06", "clave técnica", Cure.NUMBERING),
        ("FAB05c", "asociada a Alegra", Cure.NUMBERING),
        ("FAB08b", "vigencia", Cure.NUMBERING),
        ("FAB10b", "prefijo", Cure.NUMBERING),
        ("FAD05e", "rango", Cure.NUMBERING),
        ("FAU14", "no cuadran", Cure.ALEGRA),
        ("FAS07", "no cuadran", Cure.ALEGRA),
        ("90", "ya tenía", Cure.ALEGRA),
        ("FAJ43b", "RUT", Cure.COMPANY),
        ("FAJ71", "correo", Cure.COMPANY),
        ("FAV05", "unidad de medida", Cure.UNIT),
    ],
)
def test_a_common_rule_has_its_own_sentence(code, word, cure):
    rule = rule_of(code)
    assert word in rule.sentence
    assert rule.cure is cure
    assert is_translated(code)


def test_the_town_is_not_what_the_check_digit_rule_speaks_of():
    assert "municipio" not in rule_of("FAK24").sentence


@pytest.mark.parametrize(
    ("code", "word", "cure"),
    [
        ("FAK28", "comprador", Cure.BUYER),
        ("FAJ28", "tu empresa", Cure.COMPANY),
        ("FAB12a", "numeración", Cure.NUMBERING),
        ("FAX07", "sumas", Cure.ALEGRA),
        ("ZE02", "firma", Cure.ALEGRA),
    ],
)
def test_a_rule_that_nobody_translated_says_what_its_group_is_about(code, word, cure):
    rule = rule_of(code)
    assert word in rule.sentence
    assert rule.cure is cure
    assert not is_translated(code)


@pytest.mark.parametrize("code", ["", "XYZ01", "42", "FBE01"])
def test_of_an_unknown_rule_nothing_is_said(code):
    assert rule_of(code) is None


def test_no_sentence_ends_so_that_it_cannot_go_on():
    for code in ("FAK24", "FAD06", "90", "FAU14", "FAB05b", "FAK99"):
        assert not rule_of(code).sentence.endswith(".")
