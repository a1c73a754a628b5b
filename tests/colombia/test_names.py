"""How a name is split, and when it is not."""

import pytest

from integrations.colombia.company_names import looks_like_company
from integrations.colombia.names import Name, split_name


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("MARÍA FERNANDA GÓMEZ RESTREPO", "María Fernanda", "Gómez Restrepo"),
        ("juan pérez", "Juan", "Pérez"),
        ("Juan Carlos Pérez", "Juan Carlos", "Pérez"),
        ("Laura Gómez Ruiz", "Laura", "Gómez Ruiz"),
        ("Ana María de la Torre Gil", "Ana María", "De La Torre Gil"),
        ("Luz del Carmen Ortiz Páez", "Luz Del Carmen", "Ortiz Páez"),
        ("Martha Lucía Rincón de Peña", "Martha Lucía", "Rincón De Peña"),
        ("María Lucía Rincón Gómez de Peña", "María Lucía", "Rincón Gómez De Peña"),
        ("Ana Gómez Ruiz de Peña", "Ana", "Gómez Ruiz De Peña"),
        ("Rosa del Pilar Díaz", "Rosa Del Pilar", "Díaz"),
        ("Carlos San Martín", "Carlos", "San Martín"),
        ("José María Ortega y Gasset", "José María", "Ortega Y Gasset"),
        ("Ana Sofía Luz Marina Díaz Ruiz", "Ana Sofía Luz Marina", "Díaz Ruiz"),
        ("Ana   Pérez-Díaz", "Ana", "Pérez-Díaz"),
        ("luis o'higgins", "Luis", "O'Higgins"),
        ("Sra. Ana Ruiz 🌸 2", "Ana", "Ruiz"),
        ("Dra. Ana", "Ana", ""),
        ("Ana McDonald", "Ana", "McDonald"),
        ("Iñaki Muñoz", "Iñaki", "Muñoz"),
        ("Ana Ruiz", "Ana", "Ruiz"),
    ],
)
def test_a_person_gets_given_names_and_surnames(full, first, last):
    name = split_name(full)
    assert (name.kind, name.first, name.last) == ("person", first, last)


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Juan Pérez Juan Pérez", "Juan", "Pérez"),
        ("JUAN PEREZ juan pérez Juan Pérez", "Juan", "Perez"),
        ("Ana María de la Torre Ana María de la Torre", "Ana María", "De La Torre"),
        # Two surnames, not one name twice.
        ("García García", "García", "García"),
        ("Juan García García", "Juan", "García García"),
    ],
)
def test_a_name_typed_twice_counts_once(full, first, last):
    name = split_name(full)
    assert (name.first, name.last) == (first, last)


def test_the_whole_name_in_both_fields_is_split_as_one():
    name = split_name("", first="Juan Pérez", last="juan perez")
    assert (name.first, name.last) == ("Juan", "Pérez")
    assert split_name("", first="Alonso", last="Alonso").last == "Alonso"
    assert split_name("La Loma SAS La Loma SAS").full == "La Loma SAS"


def test_accents_written_apart_become_one_sign():
    assert split_name("Jose\u0301 Nu\u0301n\u0303ez").last == "Núñez"


@pytest.mark.parametrize("text", ["", "Sin datos", "SIN DATOS", " - ", "123", "🌸"])
def test_no_name_stays_empty(text):
    assert split_name(text) == Name("person", "", "", "")


def test_parts_given_apart_are_not_split_again():
    name = split_name("Laura Gómez Ruiz", first="laura gómez", last="RUIZ")
    assert (name.first, name.last, name.low_confidence) == ("Laura Gómez", "Ruiz", False)


def test_one_part_alone_is_split_like_a_full_name():
    assert split_name("", first="Ana Ruiz").last == "Ruiz"
    assert split_name("", first="Ana", last="Sin datos").first == "Ana"


@pytest.mark.parametrize(
    "text",
    [
        "Distribuciones La Loma SAS",
        "DISTRIBUCIONES LA LOMA S.A.S.",
        "La Loma S. A. S.",
        "Comercial X Ltda.",
        "Comercial X S.A.",
        "COMERCIAL X SA",
        "Ferretería Uno E.U.",
        "Fundación Semillas",
        "CORPORACION DEL SUR",
        "Asociación de Padres",
        "Cooperativa Tres",
        "Ruiz & Cía",
        "Aguas E.S.P.",
    ],
)
def test_a_company_keeps_its_name_whole(text):
    assert looks_like_company(text)
    assert split_name(text) == Name("company", "", "", text)


@pytest.mark.parametrize(
    "text", ["Juan Sa", "MARIA DE SA", "Sasha Ruiz", "Eusebio Díaz", "Ana Salas"]
)
def test_a_person_is_no_company(text):
    assert not looks_like_company(text)


def test_a_company_by_its_nit_is_not_split_and_keeps_its_digits():
    assert split_name("Moda  24/7", is_company=True) == Name("company", "", "", "Moda 24/7")


@pytest.mark.parametrize("full", ["Laura Gómez Ruiz", "Pérez Gómez Juan Carlos", "Pérez, Juan"])
def test_a_doubtful_split_says_so(full):
    assert split_name(full).low_confidence


def test_a_plain_split_is_not_doubtful():
    assert not split_name("María Fernanda Gómez Restrepo").low_confidence


def test_markup_around_a_name_is_no_part_of_it():
    name = split_name("<b>Ana</b> Gil")
    assert (name.first, name.last) == ("Ana", "Gil")
    assert split_name("<i>Andina</i> S.A.S.").full == "Andina S.A.S."
