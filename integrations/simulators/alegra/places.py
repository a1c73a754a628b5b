"""Which address a contact may have: its department, and whether the city lies in it.

Alegra reference: contacts, business code 2112. Small on purpose: the departments, and towns
whose name is found in one of them only.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from integrations.simulators.alegra.refusals import refusal

BOGOTA_SPELLINGS = ("Bogotá, D.C.", "Bogotá D.C.", "Bogota D.C.", "Bogota, D.C.")
CUCUTA_SPELLINGS = ("San José de Cúcuta", "Cúcuta")
# What the fact ``places`` may hold: every spelling that was seen in live code.
SPELLINGS = (*BOGOTA_SPELLINGS, *CUCUTA_SPELLINGS)

_TOWNS = {
    "Amazonas": "Leticia",
    "Antioquia": "Medellín, Bello, Envigado, Itagüí, Sabaneta, Apartadó, Caucasia, Turbo",
    "Arauca": "Arauca, Saravena, Tame",
    "Archipiélago de San Andrés, Providencia y Santa Catalina": "San Andrés",
    "Atlántico": "Barranquilla, Soledad, Malambo, Baranoa",
    "Bogotá, D.C.": "Bogotá, D.C.",
    "Bolívar": "Cartagena de Indias, Cartagena, Magangué, Turbaco",
    "Boyacá": "Tunja, Duitama, Sogamoso, Chiquinquirá, Paipa",
    "Caldas": "Manizales, Chinchiná, La Dorada",
    "Caquetá": "San Vicente del Caguán",
    "Casanare": "Yopal, Aguazul",
    "Cauca": "Popayán, Santander de Quilichao",
    "Cesar": "Valledupar, Aguachica",
    "Chocó": "Quibdó, Istmina",
    "Córdoba": "Montería, Cereté, Lorica, Sahagún",
    "Cundinamarca": "Soacha, Chía, Zipaquirá, Facatativá, Fusagasugá, Girardot, Cajicá, Funza",
    "Guainía": "Inírida",
    "Guaviare": "San José del Guaviare",
    "Huila": "Neiva, Pitalito, Garzón",
    "La Guajira": "Riohacha, Maicao, Uribia",
    "Magdalena": "Santa Marta, Ciénaga, Fundación",
    "Meta": "Villavicencio, Acacías",
    "Nariño": "Pasto, Ipiales, San Andrés de Tumaco",
    "Norte de Santander": "San José de Cúcuta, Cúcuta, Ocaña, Pamplona, Villa del Rosario",
    "Putumayo": "Mocoa, Puerto Asís",
    "Quindío": "Calarcá, Montenegro, Quimbaya",
    "Risaralda": "Pereira, Dosquebradas, Santa Rosa de Cabal",
    "Santander": "Bucaramanga, Floridablanca, Girón, Piedecuesta, Barrancabermeja, San Gil",
    "Sucre": "Sincelejo, Corozal",
    "Tolima": "Ibagué, Espinal, Honda",
    "Valle del Cauca": "Cali, Palmira, Buga, Tuluá, Buenaventura, Jamundí, Yumbo",
    "Vaupés": "Mitú",
    "Vichada": "Puerto Carreño",
}


def check_place(address: dict[str, Any] | None, *, spellings: list[str]) -> None:
    """Raises Refused (2112) for an address whose department is missing, unknown, or not its
    city's, and for a city of two whose names are in dispute that is spelled otherwise."""
    if not address:
        return
    city = str(address.get("city") or "").strip()
    department = _key(address.get("department"))
    fits = department in _DEPARTMENTS and _OF_TOWN.get(_key(city), department) == department
    if _key(city) in _IN_DISPUTE:
        fits = fits and city in spellings
    if not fits:
        raise refusal("El departamento es inválido", 2112)


def _key(text: Any) -> str:
    plain = unicodedata.normalize("NFD", str(text or "").lower())
    return re.sub(r"[^a-z]", "", plain)


_DEPARTMENTS = {_key(name) for name in _TOWNS}
_OF_TOWN = {
    _key(town): _key(department)
    for department, towns in _TOWNS.items()
    for town in ([towns] if department.startswith("Bogotá") else towns.split(", "))
}
_IN_DISPUTE = {_key(name) for name in SPELLINGS}
