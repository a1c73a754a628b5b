"""The right municipality or none."""

from collections import Counter

import pytest

from integrations.colombia import municipalities
from integrations.colombia.municipalities import DOUBTS, Municipality, doubt, find
from integrations.colombia.place_names import CITY_ALIASES

ISLANDS = "Archipiélago de San Andrés, Providencia y Santa Catalina"


def code(**question):
    found = find(**question)
    return found.code if found else None


@pytest.mark.parametrize(
    ("city", "department", "expected", "name", "official_department"),
    [
        ("Bogotá", "Bogotá D.C.", "11001", "Bogotá, D.C.", "Bogotá, D.C."),
        ("Bogotá", "Cundinamarca", "11001", "Bogotá, D.C.", "Bogotá, D.C."),
        ("BOGOTA D.C.", "Bogota", "11001", "Bogotá, D.C.", "Bogotá, D.C."),
        ("Medellin", "antioquia", "05001", "Medellín", "Antioquia"),
        ("Cali", "Valle", "76001", "Cali", "Valle del Cauca"),
        ("Santiago de Cali", "Valle del Cauca", "76001", "Cali", "Valle del Cauca"),
        ("Barranquilla", "Atlántico", "08001", "Barranquilla", "Atlántico"),
        ("Cartagena", "Bolívar", "13001", "Cartagena de Indias", "Bolívar"),
        ("Cúcuta", "N. de Santander", "54001", "San José de Cúcuta", "Norte de Santander"),
        ("Buga", "Valle", "76111", "Guadalajara de Buga", "Valle del Cauca"),
        ("Tumaco", "Nariño", "52835", "San Andrés de Tumaco", "Nariño"),
        ("Mariquita", "Tolima", "73443", "San Sebastián de Mariquita", "Tolima"),
        ("Mompox", "Bolivar", "13468", "Santa Cruz de Mompox", "Bolívar"),
        ("Mompós", "Bolivar", "13468", "Santa Cruz de Mompox", "Bolívar"),
        ("Tolú", "Sucre", "70820", "Santiago de Tolú", "Sucre"),
        ("Ubaté", "Cundinamarca", "25843", "Villa de San Diego de Ubaté", "Cundinamarca"),
        ("San Andrés", "San Andrés y Providencia", "88001", "San Andrés", ISLANDS),
        ("San Andrés", ISLANDS, "88001", "San Andrés", ISLANDS),
        ("El Retiro", "Antioquia", "05607", "Retiro", "Antioquia"),
        ("Rionegro", "Antioquia", "05615", "Rionegro", "Antioquia"),
        ("Rionegro", "Santander", "68615", "Rionegro", "Santander"),
        ("Armenia", "Quindío", "63001", "Armenia", "Quindío"),
        ("Armenia", "Antioquia", "05059", "Armenia", "Antioquia"),
        ("Riohacha", "Guajira", "44001", "Riohacha", "La Guajira"),
        ("Don Matías", "Antioquia", "05237", "Donmatías", "Antioquia"),
    ],
)
def test_what_is_heard_becomes_the_official_name(
    city, department, expected, name, official_department
):
    assert find(city=city, department=department) == Municipality(
        expected, name, official_department
    )


@pytest.mark.parametrize(
    ("city", "department", "expected"),
    [
        ("Bucaramanga", "Santander", "68001"),
        ("Pereira", "Risaralda", "66001"),
        ("Manizales", "Caldas", "17001"),
        ("Santa Marta", "Magdalena", "47001"),
        ("Ibagué", "Tolima", "73001"),
        ("Villavicencio", "Meta", "50001"),
        ("Pasto", "Nariño", "52001"),
        ("Neiva", "Huila", "41001"),
        ("Montería", "Córdoba", "23001"),
        ("Sincelejo", "Sucre", "70001"),
        ("Valledupar", "Cesar", "20001"),
        ("Popayán", "Cauca", "19001"),
        ("Tunja", "Boyacá", "15001"),
        ("Florencia", "Caquetá", "18001"),
        ("Quibdó", "Chocó", "27001"),
        ("Yopal", "Casanare", "85001"),
        ("Arauca", "Arauca", "81001"),
        ("Mocoa", "Putumayo", "86001"),
        ("Leticia", "Amazonas", "91001"),
        ("Inírida", "Guainía", "94001"),
        ("San José del Guaviare", "Guaviare", "95001"),
        ("Mitú", "Vaupés", "97001"),
        ("Puerto Carreño", "Vichada", "99001"),
        ("Soacha", "Cundinamarca", "25754"),
        ("Envigado", "Antioquia", "05266"),
        ("Itagüí", "Antioquia", "05360"),
        ("Soledad", "Atlántico", "08758"),
        ("Barrancominas", "Guainía", "94343"),
        ("Nuevo Belén de Bajirá", "Chocó", "27493"),
    ],
)
def test_capitals_big_towns_and_late_rows_are_found(city, department, expected):
    assert code(city=city, department=department) == expected


@pytest.mark.parametrize(
    "dane_code", ["05001", "05001000", "5001", 5001, "5001000", 5001000, "5001.0", "5,001"]
)
def test_a_code_is_found_with_eight_digits_and_without_its_zero(dane_code):
    assert code(dane_code=dane_code) == "05001"


def test_the_code_wins_over_the_names():
    assert code(dane_code="05615000", city="Rionegro", department="Santander") == "05615"


@pytest.mark.parametrize("dane_code", [None, "", "00000", "99999", "123", "050010", "ABCDE", "0"])
def test_an_unknown_code_gives_way_to_the_names(dane_code):
    assert code(dane_code=dane_code) is None
    assert code(dane_code=dane_code, city="Pereira", department="Risaralda") == "66001"


@pytest.mark.parametrize(
    ("city", "department"),
    [
        ("Rionegro", None),
        ("La Unión", ""),
        ("Medellín", None),
        ("Bogotá", None),
        ("Medellín", "Cundinamarca"),
        ("Bogotá", "Antioquia"),
        ("Narnia", "Antioquia"),
        ("", "Antioquia"),
        (None, None),
        ("Sin datos", "Sin datos"),
        ("San Pedro", "Antioquia"),
    ],
)
def test_the_unknown_and_the_ambiguous_stay_empty(city, department):
    assert find(city=city, department=department) is None


@pytest.mark.parametrize(
    ("dane_code", "city", "department", "expected"),
    [
        (None, "Medellín", "Antioquia", ""),
        (None, "Bogota", "Cundinamarca", ""),
        ("05001000", "Medellín", "Antioquia", ""),
        ("76001", "Santiago de Cali", "Valle", ""),
        ("11001", "Bogotá D.C.", "Cundinamarca", ""),
        # A neighbourhood, or nothing, contradicts no code.
        ("05001", "El Poblado", "Antioquia", ""),
        ("05001", "", "", ""),
        ("05001", "Sin datos", "Sin datos", ""),
        ("99999", "Pereira", "Risaralda", ""),
        ("05001", "Cali", "Valle del Cauca", "code_differs"),
        ("05001", "Cali", None, "code_differs"),
        ("05001", "Cali", "Antioquia", "code_differs"),
        ("05001", "El Poblado", "Valle", "code_differs"),
        ("05615000", "Rionegro", "Santander", "code_differs"),
        (None, "Macondo", "Magdalena", "unknown"),
        ("99999", "Macondo", "Magdalena", "unknown"),
        (None, "Medellín", "Cundinamarca", "elsewhere"),
        (None, "La Unión", "", "elsewhere"),
        (None, "Sin datos", "Sin datos", "no_town"),
        (None, "", "Antioquia", "no_town"),
        (None, None, None, "no_town"),
    ],
)
def test_a_doubtful_town_is_said_to_be_one(dane_code, city, department, expected):
    assert doubt(dane_code=dane_code, city=city, department=department) == expected
    assert not expected or DOUBTS[expected].endswith(".")


def test_the_list_is_whole():
    by_code, by_name = municipalities._load()
    assert len(by_code) == 1122
    assert all(len(key) == 5 and key.isdigit() for key in by_code)
    assert len({row.department for row in by_code.values()}) == 33
    assert sum(count > 1 for count in Counter(row.name for row in by_code.values()).values()) == 66
    # Two departments' worth of names never meet, and no alias hides an official name.
    aliases = sum(len(names) for names in CITY_ALIASES.values())
    assert len(by_name) == 1122 + aliases


def test_every_row_is_found_by_its_own_names():
    by_code, _ = municipalities._load()
    assert [
        row for row in by_code.values() if find(city=row.name, department=row.department) != row
    ] == []
