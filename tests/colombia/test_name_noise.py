"""What people write in the field of a name: cut where that is certain, else asked about."""

from __future__ import annotations

import pytest

from integrations.colombia.name_words import SECOND_GIVEN_NAMES, SURNAMES
from integrations.colombia.names import split_name

# As their bearers write them.
PERSONS = [
    "María Fernanda Gómez Restrepo", "Ana María de la Torre Gil", "Luz del Carmen Ortiz Páez",
    "José Ignacio de los Ríos", "Juan Manuel Santos Calderón", "Carlos Calle", "Juan Calle Ruiz",
    "María Calle de Torres", "Pedro Torre", "Ana Torres", "Álvaro Casas Casas", "Casa Rojas Luis",
    "Laura Villa", "Luis Campo", "Ana Puerta Puerta", "Jorge Carrera", "Carlos Barrios",
    "Ángel Barrios", "Ana Recio", "Iñaki Muñoz", "Muñoz-Díaz Laura", "Laura Muñoz-Díaz",
    "Laura Muñoz - Díaz", "Laura Muñoz–Díaz", "Ana-María Ruiz", "Sean O'Neill", "Luis O’Higgins",
    "Giovanni D'Angelo", "Giovanni D´Angelo", "Liam O`Neill", "Ana McDonald",
    "Ludwig van Beethoven", "Ñoño Ñáñez", "Segundo Piedrahíta", "Domingo Ruiz", "Abril Mayo",
    "Julio César Turbay Ayala", "Sol Ángel", "Luz Mar", "Bárbara Regalado", "Consuelo Bueno",
    "Dulce María", "José Prieto", "Blanca Nieves Rojas", "Rosa Blanco", "Milagros Paz",
    "Pío Nono", "Ma. Fernanda Ruiz", "Ma Fernanda Ruiz", "M. Fernanda Ruiz", "J. J. Pérez",
    "Juan P. Ruiz", "Jhon Jairo Velásquez", "Yuliana Andrea Ospina", "Leidy Johana Suárez",
    "Wílmar Roldán", "Deisy Yurani Tabares", "Andrés Felipe Echavarría Uribe", "Ximena Zúñiga",
    "Güiza Argüello Nelson", "Édgar Rentería", "Óscar Córdoba", "Úrsula Iguarán",
    "María José Pizarro", "Juan Sebastián Villate", "Pérez, Juan", "Pérez Gómez, Juan Carlos",
    "Aristizábal Gómez Luz Dary", "Gloria Inés Estrada de Ochoa", "Ana Lucía Rincón Vda. de Peña",
    "Rosalba Vda de Díaz", "Luis Alfonso Medellín", "Pedro Armenia", "Ana Bello", "Jorge Palmira",
    "Soledad Florencia", "Nairo Quintana", "Egan Bernal", "Mariana Pajón", "Caterine Ibargüen",
    "Falcao García", "Li Wei", "Nguyen Thi Minh", "El Khoury Samir", "Al Assad",
    "Jean-Pierre Dupont", "Anne-Marie Müller", "João Gonçalves", "Ângela Conceição", "SÃO JOÃO",
    "MARÍA JOSÉ NÚÑEZ", "maría josé núñez", "Nicolás del Castillo", "Mayra de la Hoz",
    "Lina de la Espriella", "Yesid De La Rosa", "Karen del Mar", "María de los Ángeles Marín",
    "Pablo de Tarso", "José María Ortega y Gasset", "Manuel Cepeda y Ruiz",
    "Tomás Cipriano de Mosquera", "San Juan Pérez", "Santa María Rosa", "Ana Santa",
    "Danna Paola Niño", "Niño Rojas Camilo", "Cristo Rey Díaz", "Ángel de Jesús",
    "Marta Rojas Pinto", "Marta Elena Rojas Pinto", "Laura Gómez", "Ana",
    "Shakira Isabel Mebarak Ripoll", "Carlos Alberto Valderrama Palacio",
    "Zoraida del Socorro Uribe Uribe", "Luz Marina", "Rigoberto Urán Urán", "Marcos Tello",
    "Camilo Torres Restrepo", "Erika Orozco Llamas", "Antonio Nariño", "Tránsito Amaguaña",
    "Primitivo Cuarto", "Jorge Enrique Tercero", "Rosa Primero", "Iván Duque Márquez",
    "Andrea Carolina Vega Noa", "Santiago Ramón y Cajal", "Juan Casallas", "Rocío Sánchez Toquica",
    "Cielo Ojeda",
]  # fmt: skip

COMPANIES = [
    "Distribuciones 2000 SAS", "Jiménez & Hijos Ltda.", "Muñoz-Díaz & Cía",
    "Inversiones ABC (Colombia) SAS", "Mi Celular SAS", "Envíos Urgente SAS",
    "Porterías y Vigilancia Ltda.", "Moda 24/7 S.A.S.", "Ferretería Calle 13 SAS",
    "Drogas La Rebaja No. 3 S.A.", "Fundación Casa 12", "Servicios 3.000 S.A.S.",
    "Tienda & Café SAS", "ALIANZA® SAS", "L'Oréal Colombia S.A.S.", "Grupo +Vida SAS",
    "Zona/Franca S.A.", "Paquetería Express Ltda", "Tel & Co SAS",
]  # fmt: skip

CUT = [
    ("Laura Gómez (recibe Don Julio portería)", "brackets"),
    ("Laura Gómez [portería]", "brackets"),
    ("Laura Gómez (Lala)", "brackets"),
    ("Laura Gómez (dejar con", "brackets"),
    ("Laura Gómez - llamar antes 3105550142", "instruction"),
    ("Laura Gómez – no llamar", "instruction"),
    ("Laura Gómez — dejar con vigilante", "instruction"),
    ("Laura Gómez // dejar con el vecino", "instruction"),
    ("Laura Gómez | Instagram", "instruction"),
    ("Laura Gómez, dejar en portería", "instruction"),
    ("Laura Gómez. Dejar en portería", "instruction"),
    ("Laura Gómez: entregar en la tarde", "instruction"),
    ("Laura Gómez_portería", "instruction"),
    ("Laura Gómez en la portería", "instruction"),
    ("Laura Gómez no llamar", "instruction"),
    ("Laura Gómez se recibe en la tarde", "instruction"),
    ("Laura Gómez contra entrega", "instruction"),
    ("Laura Gómez favor timbrar", "instruction"),
    ("LAURA GÓMEZ ***LLAMAR***", "instruction"),
    ("Laura Gómez 2do piso", "place"),
    ("Laura Gómez segundo piso", "place"),
    ("Laura Gómez piso 2", "place"),
    ("Laura Gómez 2° piso", "place"),
    ("Laura Gómez Apto 302", "place"),
    ("Laura Gómez apto302", "place"),
    ("Laura Gómez Torre 3 apto 501", "place"),
    ("Laura Gómez casa 12", "place"),
    ("Laura Gómez cra 43 20 15", "place"),
    ("Laura Gómez edificio Torres del Parque", "place"),
    ("Laura Gómez tel 3105550142", "phone"),
    ("Laura Gómez tel: 310 555 0142", "phone"),
    ("Laura Gómez WhatsApp 3105550142", "phone"),
    ("Laura Gómez cel310 555 0142", "phone"),
    ("Laura Gómez +57 310 555 0142", "phone"),
    ("Laura Gómez 3105550142", "phone"),
    ("Laura Gómez cc 52998117", "identification"),
    ("Laura Gómez C.C. 52.998.117", "identification"),
    ("Laura Gómez CC52998117", "identification"),
    ("Laura Gómez 52998117", "identification"),
    ("Laura Gómez 302", "number"),
    ("Sra. Laura Gómez", "title"),
    ("DOÑA LAURA GÓMEZ", "title"),
    ("🎁 Laura Gómez 🌸", "emoji"),
    ("Laura Gómez @lauri", "handle"),
    ("PEDIDO URGENTE Laura Gómez", "order"),
    ("PEDIDO URGENTE - Laura Gómez", "order"),
    ("Cliente: Laura Gómez", "order"),
    ("Laura Gómez vendedora", "instruction"),
    ("Laura Gómez mayorista", "instruction"),
    ("Laura Gómez cliente frecuente", "instruction"),
    ("Laura Gómez VIP", "instruction"),
    ("Laura Gómez pago contraentrega", "instruction"),
    ("Laura Gómez cambio talla M", "instruction"),
    ("Laura Gómez talla M", "instruction"),
    ("Laura Gómez color negro", "instruction"),
    ("Laura Gómez - garantía", "instruction"),
    ("Laura Gómez undefined", "nothing"),
    ("null Laura Gómez", "nothing"),
]

ASKED = [
    ("G?mez Laura", "unreadable"),
    ("Laura G\ufffdmez", "unreadable"),
    ("Laura Mu?oz?", "unreadable"),
    ("Laura GÃmez", "unreadable"),
    ("G├│mez Laura", "unreadable"),
    ("Mun~oz Laura", "unreadable"),
    ("Laura (Gómez) Ruiz", "two"),
    ("Laura Gómez / Pedro Ruiz", "two"),
    ("Laura Gómez y/o Pedro Ruiz", "two"),
    ("Laura Gómez - Pedro Ruiz", "two"),
    ("Laura Gómez - Bogotá", "two"),
    ("Laura & Pedro", "two"),
    ('Laura "Lala" Gómez', "two"),
    ("Laura Gómez 52998117 Ruiz", "two"),
    ("Laura Gómez calle 10 # 20-30", "not_a_name"),
    ("Laura Gómez barrio Laureles", "not_a_name"),
    ("Para Laura Gómez", "not_a_name"),
    ("Laura recibe portería", "not_a_name"),
    ("Laura Gómez en casa", "not_a_name"),
    ("Laura Gómez hija de Rosa", "not_a_name"),
    ("Rosa mamá de Laura Gómez", "not_a_name"),
    ("Laura Gómez y Pedro Pérez", "two"),
    ("Laura Gómez e Inés Ruiz", "two"),
    ("Laura y Pedro", "two"),
    ("Laura Gómez o Pedro Pérez", "two"),
    ("Laura G¢mez", "unreadable"),
    ("Laura Garc¡a", "unreadable"),
    ("Laura G¾mez", "unreadable"),
    ("laura@gmail.com", "address"),
    ("Laura Gómez www.lau.co", "address"),
    ("L4ura Gómez", "digits"),
    ("lauragomez92", "digits"),
    ("Portería", "nothing_left"),
    ("Entregar a Laura Gómez", "nothing_left"),
    ("test test", "nothing_left"),
    ("Ana Rosa Luz Sol Mar Paz Fe Flor Nieves Cielo", "too_long"),
]


@pytest.mark.parametrize("text", PERSONS)
def test_a_persons_name_stays_as_it_is_and_is_not_asked_about(text):
    name = split_name(text)
    assert (name.kind, name.cut, name.why, name.numbers) == ("person", (), "", ())


@pytest.mark.parametrize("word", sorted(SURNAMES | SECOND_GIVEN_NAMES))
def test_no_usual_name_counts_as_something_else(word):
    for text in (f"Laura {word}", f"{word} Laura Ruiz", f"Laura {word} Ruiz"):
        name = split_name(text)
        assert (name.cut, name.why) == ((), ""), text


@pytest.mark.parametrize("text", COMPANIES)
def test_a_companys_name_stays_letter_by_letter(text):
    name = split_name(text)
    assert (name.kind, name.full, name.cut, name.why) == ("company", text, (), "")


@pytest.mark.parametrize("text", ["Jiménez & Hijos", "Moda 24/7", "Distribuciones 2000"])
def test_a_company_by_its_nit_stays_letter_by_letter(text):
    name = split_name(text, is_company=True)
    assert (name.full, name.cut, name.why) == (text, (), "")


@pytest.mark.parametrize(("text", "what"), CUT)
def test_what_is_certainly_no_name_is_cut_and_said(text, what):
    name = split_name(text)
    assert (name.first, name.last) == ("Laura", "Gómez")
    assert what in name.cut
    assert name.why == ""


@pytest.mark.parametrize(("text", "why"), ASKED)
def test_what_may_be_a_name_is_asked_about(text, why):
    assert split_name(text).why == why


def test_an_identification_in_the_name_is_given_apart():
    assert split_name("Laura Gómez C.C. 52.998.117").numbers == ("52998117",)
    assert split_name("Laura Gómez (cc 52998117)").numbers == ("52998117",)
    assert split_name("Laura Gómez tel 3105550142 cc 52998117").numbers == ("52998117",)
    assert split_name("Laura Gómez apto 302 tel 310 555 0142").numbers == ()
    company = split_name("Comercial X SAS NIT 900.559.088-2")
    assert (company.full, company.numbers) == ("Comercial X SAS", ("9005590882",))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Comercial X SAS - llamar antes", "not_a_name"),
        ("Comercial X SAS 310 555 0142", "not_a_name"),
        ("Carlos Mesa - Distribuciones La Loma SAS", "two"),
        ("Distribuciones La Loma SAS (Carlos Mesa)", "two"),
        ("Distribuciones La Loma SAS / Carlos Mesa", "two"),
        ("Comerc?al X SAS", "unreadable"),
        ("Comercial G\ufffdmez SAS", "unreadable"),
    ],
)
def test_a_companys_name_is_never_cut_but_asked_about(text, why):
    name = split_name(text)
    assert (name.full, name.why) == (text, why)


def test_parts_that_were_given_apart_are_read_each():
    name = split_name("Laura Gómez (portería)", first="Laura", last="Gómez")
    assert (name.full, name.cut, name.why) == ("Laura Gómez", (), "")
    assert split_name("", first="Laura", last="Gómez (portería)").cut == ("brackets",)
    assert split_name("", first="Laura", last="G?mez").why == "unreadable"


def test_what_a_person_wrote_is_believed():
    name = split_name("Laura Gómez Portería", is_checked=True)
    assert (name.full, name.cut, name.why) == ("Laura Gómez Portería", (), "")
