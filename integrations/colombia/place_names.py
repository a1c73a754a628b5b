"""Names that people use for places whose official name is another.

The departments' keys are written as they are compared: no accents, spaces or punctuation.
Only names that mean one place within their department stand here.
"""

from __future__ import annotations

from typing import Final

_ISLANDS = "archipielagodesanandresprovidenciaysantacatalina"

DEPARTMENT_ALIASES: Final = {
    "valle": "valledelcauca",
    "ndesantander": "nortedesantander",
    "nsantander": "nortedesantander",
    "ntedesantander": "nortedesantander",
    "ntesantander": "nortedesantander",
    "nortesantander": "nortedesantander",
    "guajira": "laguajira",
    "bogotadistritocapital": "bogota",
    "distritocapital": "bogota",
    "santafedebogota": "bogota",
    "sanandres": _ISLANDS,
    "sanandresislas": _ISLANDS,
    "sanandresyprovidencia": _ISLANDS,
    "archipielago": _ISLANDS,
    "archipielagodesanandres": _ISLANDS,
    "archipielagodesanandresyprovidencia": _ISLANDS,
}

CITY_ALIASES: Final = {
    "05148": ("Carmen de Viboral",),
    "05150": ("Carolina del Príncipe",),
    "05376": ("La Ceja del Tambo",),
    "05541": ("El Peñol",),
    "05607": ("El Retiro",),
    "05674": ("San Vicente",),
    "05697": ("Santuario",),
    "13001": ("Cartagena",),
    "13244": ("Carmen de Bolívar",),
    "13468": ("Mompox", "Mompós"),
    "15332": ("Güicán",),
    "15407": ("Villa de Leiva",),
    "19418": ("López",),
    "19548": ("Piendamó",),
    "19760": ("Sotará",),
    "20443": ("Manaure",),
    "23586": ("Purísima",),
    "25843": ("Ubaté",),
    "50370": ("La Uribe",),
    "52224": ("Cuaspud", "Carlosama"),
    "52835": ("Tumaco",),
    "54001": ("Cúcuta",),
    "70742": ("Sincé",),
    "70820": ("Tolú",),
    "70823": ("Toluviejo",),
    "73055": ("Armero Guayabal",),
    "73268": ("El Espinal",),
    "73319": ("El Guamo",),
    "73443": ("Mariquita",),
    "76001": ("Santiago de Cali",),
    "76111": ("Buga",),
    "76126": ("Calima El Darién", "Darién"),
    "86573": ("Leguízamo",),
    "88001": ("San Andrés Isla", "San Andrés Islas"),
    "88564": ("Providencia y Santa Catalina",),
}

# City and department of an address as they were seen in live code towards Alegra, where the
# official names are in doubt (Alegra reference, contacts). Of other towns the names above serve.
ADDRESS_SPELLINGS: Final = {
    "11001": (
        ("Bogotá, D.C.", "Bogotá, D.C."),
        ("Bogotá D.C.", "Bogotá D.C."),
        ("Bogota D.C.", "Bogota, D.C."),
        ("Bogota, D.C.", "Bogota, D.C."),
    ),
}
