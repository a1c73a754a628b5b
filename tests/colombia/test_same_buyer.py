"""Who is the same buyer, whatever the writing, and what says nothing."""

import pytest

from integrations.colombia.same_buyer import (
    is_company,
    is_plainly_of_a_person,
    is_written_alike,
    same_identification,
    share_a_name,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1019937122", "1.019.937.122"),
        ("1019937122", " 1 019 937 122 "),
        ("900559088", "900.559.088-2"),
        ("900559088", "900559088 - 2"),
        ("900559088", "9005590882"),
        ("9005590882", "900559088"),
        ("ab1234", "AB 1234"),
    ],
)
def test_one_number_in_two_writings(one, other):
    assert same_identification(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1019937122", "1019937123"),
        ("1020", "110203"),
        # Not the check digit of that base.
        ("900559088", "9005590883"),
        # The cédula of somebody else: no digit is glued to one.
        ("52998117", "529981177"),
        ("", ""),
        ("-", "1019937122"),
    ],
)
def test_other_numbers_stay_others(one, other):
    assert not same_identification(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Juan Pérez", "PEREZ GOMEZ JUAN CARLOS"),
        ("Ana María de la Torre", "Torre Gil, Ana"),
        ("Martha Lucía Rincón de Peña", "Marta Lucia Rincon"),
        ("J. Pérez", "Juan Perez"),
        ("Ana Pérez-Díaz", "Ana Lucía Díaz"),
        ("Distribuciones La Loma SAS", "LA LOMA S.A.S."),
    ],
)
def test_names_with_a_name_in_common(one, other):
    assert share_a_name(one, other) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana de la Torre", "María de la Cruz"),
        ("Dra. Ana Ruiz", "Dra. Luz Gómez"),
        ("Inversiones Uno SAS", "Comercial Dos SAS"),
        ("Ana Sin Apellido", "Luz Sin Apellido"),
        ("A. Ruiz", "A. Gómez"),
    ],
)
def test_particles_titles_initials_and_legal_forms_are_no_common_name(one, other):
    assert share_a_name(one, other) is False


@pytest.mark.parametrize("nothing", ["", ".", "Sin apellido", "🌸", "X"])
def test_a_name_that_says_nothing_denies_nothing(nothing):
    assert share_a_name("Ana Ruiz", nothing) is None


def test_another_order_case_or_accent_is_the_same_writing():
    assert is_written_alike("Juan de Pérez", "PEREZ, JUAN")
    assert not is_written_alike("Juan Pérez", "Juan Carlos Pérez")


@pytest.mark.parametrize(
    ("contact", "answer"),
    [
        ({"kind_of_person": "LEGAL_ENTITY", "doc_type": "CC"}, True),
        ({"kind_of_person": "PERSON_ENTITY", "doc_type": "NIT", "number": "900559088"}, False),
        ({"doc_type": "NIT", "number": "900559088"}, True),
        ({"doc_type": "NIT", "number": "9005590882"}, True),
        ({"doc_type": "NIT", "number": "52998117"}, False),
        ({"doc_type": "CC", "number": "52998117"}, False),
        ({"doc_type": "", "number": "52998117", "name": "Comercial Uno Ltda."}, True),
        ({"doc_type": "", "number": "52998117", "name": "Ana Ruiz"}, None),
        ({"doc_type": "FOREIGN_NIT", "number": "A1234"}, None),
    ],
)
def test_a_company_is_told_by_what_alegra_says_then_by_its_number(contact, answer):
    full = {"kind_of_person": "", "doc_type": "", "number": "", "name": "", **contact}
    assert is_company(**full) is answer


@pytest.mark.parametrize(
    ("name", "beside", "answer"),
    [
        ("Juan Carlos Rojas", "Comercial Rojas SAS", True),
        ("Ferretería Rojas", "Ferretería Rojas SAS", False),
        ("Rojas Hermanos", "Comercial Rojas SAS", False),
        ("Carlos Rojas Repuestos", "Carlos Rojas SAS", False),
        ("Inversiones Juan Carlos SAS", "Comercial Rojas SAS", False),
    ],
)
def test_a_name_is_plainly_a_persons_by_a_given_name_that_the_company_has_not(name, beside, answer):
    assert is_plainly_of_a_person(name, beside=beside) is answer
