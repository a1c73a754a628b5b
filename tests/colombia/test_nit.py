"""The check digit, proved on the digits that known entities print."""

import pytest

from integrations.colombia.nit import check_digit, split_glued

PRINTED = [
    ("DIAN", "800197268", 4),
    ("Banco de Bogotá", "860002964", 4),
    ("Bancolombia", "890903938", 8),
    ("Ecopetrol", "899999068", 1),
    ("Davivienda", "860034313", 7),
    ("EPM", "890904996", 1),
    ("SENA", "899999034", 1),
    ("Presidencia", "899999083", 0),
    ("Servientrega", "860512330", 3),
    ("Coordinadora", "890904713", 2),
    ("Soluciones Alegra", "900559088", 2),
]


@pytest.mark.parametrize(("entity", "base", "digit"), PRINTED)
def test_the_check_digit_is_the_one_the_entity_prints(entity, base, digit):
    assert check_digit(base) == digit


@pytest.mark.parametrize("base", ["", "90012345A", "900-123", "1" * 16, "²²²"])
def test_what_is_no_base_has_no_check_digit(base):
    with pytest.raises(ValueError, match="digits"):
        check_digit(base)


@pytest.mark.parametrize(("entity", "base", "digit"), PRINTED)
def test_a_glued_check_digit_is_split_when_it_is_right(entity, base, digit):
    assert split_glued(f"{base}{digit}") == (base, digit)
    assert split_glued(f"{base}{(digit + 1) % 10}") is None


@pytest.mark.parametrize("number", ["900092385", "1020304050", "10203040501", "", "90009238a9"])
def test_numbers_that_prove_nothing_are_not_split(number):
    assert split_glued(number) is None


def test_a_cedula_is_never_split_even_if_its_last_digit_fits():
    cedula = "102030405"
    assert split_glued(f"{cedula}{check_digit(cedula)}") is None
