"""Invented buyers: names, addresses, documents and phones that belong to nobody.

Phones have 555 in the middle, mail addresses are below example.com.
"""

from __future__ import annotations

import random
import unicodedata
from typing import Any

_FIRST = (
    "Luz Dary", "Yeison", "María Fernanda", "Carlos Andrés", "Leidy Johana", "Jhon Fredy",
    "Paola Andrea", "Diego", "Ana Milena", "Óscar Iván", "Claudia Patricia", "Wilmer",
    "Sandra Milena", "Julián", "Yuli Marcela", "Édgar", "Luisa Fernanda", "Brayan Stiven",
    "Nubia", "Jorge Eliécer", "Viviana", "Hernán Darío", "Angie Lorena", "Néstor",
    "Gloria Inés", "Cristian Camilo", "Marleny", "Álvaro José", "Katherine", "Fabio",
)  # fmt: skip
_LAST = (
    "Peña", "Ávila", "Quintero", "Zapata", "Cárdenas", "Muñoz", "Restrepo", "Benítez",
    "Guáqueta", "Londoño", "Arango", "Córdoba", "Suárez", "Ibarra", "Valencia", "Rincón",
    "Tovar", "Caicedo", "Henao", "Buitrago", "Salazar", "Ordóñez", "Pabón", "Murillo",
    "Agudelo", "Carvajal", "Becerra", "Montoya", "Duarte", "Nieto",
)  # fmt: skip

# City and department as MasterShop writes them, with the DANE code of the municipality.
_CITIES = (
    ("Bogota", "Cundinamarca", "11001"),
    ("Bogota", "Cundinamarca", "11001"),
    ("Medellín", "Antioquia", "05001"),
    ("Cali", "Valle del Cauca", "76001"),
    ("Barranquilla", "Atlántico", "08001"),
    ("Bucaramanga", "Santander", "68001"),
    ("Cartagena de Indias", "Bolívar", "13001"),
    ("Pereira", "Risaralda", "66001"),
    ("Manizales", "Caldas", "17001"),
    ("Ibagué", "Tolima", "73001"),
    ("Villavicencio", "Meta", "50001"),
    ("Neiva", "Huila", "41001"),
    ("Pasto", "Nariño", "52001"),
    ("Montería", "Córdoba", "23001"),
    ("Soacha", "Cundinamarca", "25754"),
    ("Itagüí", "Antioquia", "05360"),
)
_INSIDE = ("Apto 302", "Casa 14", "Torre 2 Apto 501", "Local 8", "Barrio San José", None, None)
_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41)


def invent_buyer(chance: random.Random) -> dict[str, Any]:
    """``customer`` and ``shipping_address`` of an order, clean and complete."""
    first, last = chance.choice(_FIRST), f"{chance.choice(_LAST)} {chance.choice(_LAST)}"
    full = f"{first} {last}"
    city, state, dane = chance.choice(_CITIES)
    phone = f"3{chance.randint(0, 23):02d}555{chance.randint(0, 9999):04d}"
    place = {
        "address1": f"{chance.choice(('Calle', 'Carrera', 'Diagonal', 'Transversal'))}"
        f" {chance.randint(2, 140)} No {chance.randint(1, 99)} {chance.randint(1, 99)}",
        "address2": chance.choice(_INSIDE),
        "city": city,
        "state": state,
    }
    mail = f"{_plain(first)}.{_plain(last)}{chance.randint(1, 99)}@example.com"
    return {
        "customer": {
            "full_name": full,
            "first_name": first,
            "last_name": last,
            "email": mail if chance.random() < 0.6 else None,
            "phone": phone,
            "documentType": "CC",
            "documentNumber": str(
                chance.randint(30_000_000, 79_999_999)
                if chance.random() < 0.5
                else chance.randint(1_010_000_000, 1_099_999_999)
            ),
            "tags": [],
            "default_address": {**place, "zip": None},
        },
        "shipping_address": {
            "country": "CO",
            **place,
            "cityDaneCode": f"{dane}000",
            "full_name": full,
            "first_name": first,
            "last_name": last,
            "phone": phone,
            "company": None,
            "zip": None,
        },
    }


def invent_nit(chance: random.Random) -> tuple[str, str]:
    """A NIT of a company that nobody registered, and its check digit."""
    base = f"90{chance.randint(1_000_000, 9_999_999)}"
    left = sum(int(d) * w for d, w in zip(reversed(base), _WEIGHTS, strict=True)) % 11
    return base, str(left if left < 2 else 11 - left)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.split()[0].lower())
    return bare.encode("ascii", "ignore").decode()
