"""The words of the seed: names and numbers that nobody has."""

from __future__ import annotations

from typing import Any

WAREHOUSES = (
    ("Bodega Bogotá", "Cl 80 # 68-21, Bogotá, D.C."),
    ("Bodega Medellín", "Cra 50 # 14-30, Medellín"),
    ("Bodega Cali", "Cl 34 # 2-45, Cali"),
)
SELLERS = (
    ("Tienda en línea", "901482337"),
    ("Marcela Duarte", "52880114"),
    ("Julián Cárdenas", "1015442098"),
    ("Óscar Pineda", "79654112"),
    ("Natalia Ríos", "1032456780"),
)
COST_CENTERS = (
    ("EC-01", "E-commerce"),
    ("TF-01", "Tienda física"),
    ("MY-01", "Mayoristas"),
    (None, "Administración"),
)
BANK_ACCOUNTS = (
    ("Caja general", "cash", None, "active"),
    ("Bancolombia ahorros", "bank", "03012345678", "active"),
    ("Billetera Mastershop", "bank", None, "active"),
    ("Tarjeta corporativa", "credit-card", None, "active"),
    ("Banco antiguo", "bank", "00998877", "inactive"),
)
SERVICES = (
    ("Servicio de envío", "ENV-01", "12605.04"),
    ("Empaque de regalo", "SRV-EMP", "4201.68"),
    ("Garantía extendida", "SRV-GAR", "16806.72"),
    ("Instalación a domicilio", "SRV-INS", "42016.81"),
)
OTHER_GOODS = tuple(
    (name, f"TF-{place + 1:03d}", price)
    for place, (name, price) in enumerate(
        (
            ("Vajilla porcelana x 16", "126050.42"),
            ("Mantel antifluido 6 puestos", "42016.81"),
            ("Toalla de cuerpo algodón", "29411.76"),
            ("Tapete de baño", "21008.4"),
            ("Florero de vidrio", "25210.08"),
            ("Portarretrato de madera", "16806.72"),
            ("Reloj de pared", "37815.13"),
            ("Espejo redondo 60 cm", "88235.29"),
            ("Cojín decorativo", "23529.41"),
            ("Vela aromática lavanda", "15126.05"),
            ("Difusor de aceites", "54621.85"),
            ("Canasta de mimbre", "31932.77"),
            ("Perchero de pared", "46218.49"),
            ("Caja organizadora 20 L", "27731.09"),
            ("Zapatero plegable", "63025.21"),
            ("Mesa auxiliar", "109243.7"),
            ("Silla de escritorio", "252100.84"),
            ("Lámpara de mesa", "58823.53"),
            ("Cafetera italiana 6 tazas", "67226.89"),
            ("Molinillo manual", "50420.17"),
            ("Tabla de picar de bambú", "20168.07"),
            ("Juego de vasos x 6", "33613.45"),
            ("Copas de vino x 4", "45378.15"),
            ("Bandeja giratoria", "39495.8"),
            ("Especiero x 8", "34453.78"),
            ("Delantal de cocina", "18487.39"),
            ("Guantes para horno", "14285.71"),
            ("Molde para tortas", "24369.75"),
            ("Rallador multiusos", "12605.04"),
            ("Colador de acero", "16806.72"),
            ("Balanza de cocina", "41176.47"),
            ("Jarra medidora", "10924.37"),
            ("Tendedero plegable", "92436.97"),
            ("Plancha de vapor", "142857.14"),
            ("Ventilador de torre", "176470.59"),
            ("Calefactor cerámico", "159663.87"),
            ("Humidificador 2 L", "75630.25"),
            ("Báscula digital", "50420.17"),
            ("Cubrelecho doble", "134453.78"),
            ("Protector de colchón", "71428.57"),
        )
    )
)


def _person(number: str, first: str, last: str, city: str, department: str) -> dict[str, Any]:
    word = f"{first}.{last}".lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return {
        "nameObject": {"firstName": first, "lastName": last},
        "identificationObject": {"type": "CC", "number": number},
        "kindOfPerson": "PERSON_ENTITY",
        "regime": "SIMPLIFIED_REGIME",
        "address": {
            "address": f"Cra {number[:2]} # {number[2:4]}-{number[4:6]}",
            "city": city,
            "department": department,
            "country": "Colombia",
        },
        "phonePrimary": f"300{number[-7:]}",
        "email": f"{word}@example.com",
    }


def _firm(number: str, name: str, word: str, kind: str = "client") -> dict[str, Any]:
    return {
        "name": name,
        "identificationObject": {"type": "NIT", "number": number},
        "kindOfPerson": "LEGAL_ENTITY",
        "regime": "COMMON_REGIME",
        "address": {
            "address": "Av 68 # 22-10",
            "city": "Bogotá, D.C.",
            "department": "Bogotá, D.C.",
            "country": "Colombia",
        },
        "phonePrimary": "6015550144",
        "email": f"compras@{word}.example.com",
        "type": [kind],
    }


CONTACTS: list[dict[str, Any]] = [
    {
        "nameObject": {"firstName": "Consumidor", "lastName": "Final"},
        "identificationObject": {"type": "CC", "number": "222222222222"},
        "kindOfPerson": "PERSON_ENTITY",
        "regime": "SIMPLIFIED_REGIME",
    },
    _person("1020304050", "Ana", "Ruiz", "Medellín", "Antioquia"),
    _person("102030405", "Ramiro", "Vélez", "Cali", "Valle del Cauca"),  # contained in Ana's
    _person("52447810", "Luz", "Peña", "Bogotá, D.C.", "Bogotá, D.C."),
    _person("79880221", "Jorge", "Castaño", "Pereira", "Risaralda"),
    _person("1098765432", "Camila", "Ortiz", "Bucaramanga", "Santander"),
    _person("1140887766", "Andrés", "Solano", "Barranquilla", "Atlántico"),
    _person("43567890", "Gloria", "Zapata", "Envigado", "Antioquia"),
    _person("16789012", "Hernán", "Mosquera", "Palmira", "Valle del Cauca"),
    _person("1053812345", "Valentina", "Gómez", "Manizales", "Caldas"),
    _person("30456789", "Rosa", "Montoya", "Chía", "Cundinamarca"),
    {**_person("80123456", "Iván", "Rubio", "Tunja", "Boyacá"), "status": "inactive"},
    _firm("900731884", "Distribuciones El Cedro S.A.S.", "elcedro"),
    _firm("901220456", "Papelería La Estación Ltda.", "laestacion"),
    _firm("830098112", "Importadora Pacífico S.A.", "pacifico", "provider"),
]
