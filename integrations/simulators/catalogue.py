"""The goods both simulated systems know, as plain data.

MasterShop knows every product and variation below; Alegra has an item for most of them.
``alegra`` of a variation says which: the item's name and reference, or None when the
accountant never made one. Where the reference differs from the SKU, a link can only be made
by a person. Everything is invented; bar codes carry a valid check digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

DEFAULT_VARIANT = "Default Variant"


@dataclass(frozen=True)
class AlegraName:
    """How Alegra calls a variation."""

    name: str
    reference: str


@dataclass(frozen=True)
class Variation:
    """What is sold. ``price`` is in whole pesos with IVA; ``iva`` is 19, 5, exempt or excluded."""

    id_product: int
    id_variant: int
    name: str
    variant_name: str
    sku: str
    barcode: str
    price: int
    iva: str
    alegra: AlegraName | None

    @property
    def unit_cost(self) -> int:
        """What the seller pays for it, whole pesos."""
        return round(self.price * 0.42 / 100) * 100

    @property
    def stock(self) -> int:
        """Units at the beginning, over all bodegas; always enough for a day of tests."""
        return 40 + (self.id_variant * 37) % 160


@dataclass(frozen=True)
class Product:
    """A product of MasterShop with its variations (one of them, ``Default Variant``, if simple)."""

    id_product: int
    name: str
    category: str
    variations: tuple[Variation, ...]

    @property
    def is_simple(self) -> bool:
        return self.variations[0].variant_name == DEFAULT_VARIANT


# Category, then one product a line: name | SKU | price with IVA | IVA | variations.
# A variation is ``name:suffix of the SKU``; ``=REF`` after it gives Alegra another reference,
# ``!`` says that Alegra has no such item.
_GOODS = """
# Moda, Ropa y Accesorios
Camiseta algodón | CAM-BAS | 39900 | 19 | Negra S:NS, Negra M:NM, Blanca M:BM, Blanca L:BL
Buzo con capota | BUZ-CAP | 89900 | 19 | Gris M:GRI-M, Gris L:GRI-L, Azul M:AZU-M, Azul L:AZU-L!
Jean levanta cola | JEA-LEV | 119900 | 19 | Talla 6:06, Talla 8:08, Talla 10:10, Talla 12:12=JLC-12
Faja reductora | FAJ-RED | 79900 | 19 | S:S, M:M, L:L, XL:XL
Medias tobilleras x 6 pares | MED-TOB | 24900 | 19 | Surtidas:SUR, Negras:NEG
Gafas de sol polarizadas | GAF-POL | 54900 | 19 | Negras:NEG, Carey:CAR
Reloj deportivo digital | REL-DEP | 69900 | 19 | Negro:NEG, Verde:VER!
Morral antirrobo | MOR-ANT | 99900 | 19 | Negro:NEG, Gris:GRI
Bolso manos libres | BOL-MAN | 59900 | 19 | Miel:MIE, Negro:NEG
Gorra bordada Andina | GOR-AND | 34900 | 19 | Negra:NEG, Azul:AZU, Vino:VIN!
Chanclas ergonómicas | CHA-ERG | 45900 | 19 | 36:36, 37:37, 38:38, 39:39, 40:40, 41:41
# Hogar, Muebles, Cocina
Sartén antiadherente 24 cm | SAR-24 | 64900 | 19 | -
Juego de ollas x 5 piezas | OLL-05 | 189900 | 19 | Rojo:ROJ, Negro:NEG
Termo de acero 1 litro | TER-1L | 49900 | 19 | Plata:PLA, Negro:NEG, Rosado:ROS
Organizador de cocina | ORG-COC | 38900 | 19 | -
Picador manual de verduras | PIC-MAN | 29900 | 19 | -
Licuadora portátil recargable | LIC-POR | 79900 | 19 | Blanca:BLA, Azul:AZU
Freidora de aire 4 litros | FRE-04 | 259900 | 19 | -
Sábanas microfibra | SAB-MIC | 74900 | 19 | Sencilla:SEN, Doble:DOB, Queen:QUE
Cobija ovejera | COB-OVE | 84900 | 19 | Gris:GRI, Beige:BEI
Almohada viscoelástica | ALM-VIS | 57900 | 19 | Baja:BAJ, Alta:ALT
Lámpara de luna 3D | LAM-LUN | 48900 | 19 | -
Set de cuchillos x 6 | CUC-06 | 66900 | 19 | - =SET-CUCH-6
Dispensador de agua USB | DIS-AGU | 32900 | 19 | -
Escoba y recogedor plegable | ESC-PLE | 42900 | 19 | -
Cortina blackout 2 x 2,2 m | COR-BLA | 94900 | 19 | Gris:GRI, Café:CAF!
# Belleza y cuidado personal
Plancha alisadora de cerámica | PLA-CER | 89900 | 19 | -
Cepillo secador 3 en 1 | CEP-SEC | 99900 | 19 | Rosado:ROS, Negro:NEG
Sérum facial vitamina C 30 ml | SER-VTC | 44900 | 19 | -
Kit de brochas x 12 | BRO-12 | 36900 | 19 | -
Depiladora facial portátil | DEP-FAC | 27900 | 19 | -
Perfume Brisa Andina 100 ml | PER-BRI | 72900 | 19 | Dama:DAM, Caballero:CAB
# Tecnología
Audífonos inalámbricos | AUD-INA | 69900 | 19 | Blancos:BLA, Negros:NEG
Parlante bluetooth | PAR-BLU | 75900 | 19 | -
Cargador rápido 20 W | CAR-20W | 35900 | 19 | -
Soporte de celular para carro | SOP-CAR | 22900 | 19 | sin-sku!
Cámara de seguridad wifi | CAM-WIF | 109900 | 19 | -
Bombillo led inteligente | BOM-LED | 33900 | 19 | -
Mini proyector portátil | MIN-PRO | 289900 | 19 | - !
# Deportes
Banda elástica x 5 | BAN-05 | 31900 | 19 | Suave:SUA, Media:MED, Fuerte:FUE
Colchoneta de yoga | COL-YOG | 51900 | 19 | Morada:MOR, Azul:AZU
Lazo de velocidad | LAZ-VEL | 19900 | 19 | -
Rodillera de compresión | ROD-COM | 28900 | 19 | M:M, L:L=ROD-COMP-L
# Mascotas
Cama para perro | CAM-PER | 78900 | 19 | M:M, L:L
Arnés reflectivo | ARN-REF | 37900 | 19 | S:S, M:M, L:L=ARN-REFL-L
Rascador para gato | RAS-GAT | 63900 | 19 | -
# Alimentos
Café de origen Huila 500 g | CAF-HUI | 32900 | 5 | Grano:GRA, Molido:MOL
Café excelso Nariño 340 g | CAF-NAR | 26900 | 5 | -
Chocolate de mesa 500 g | CHO-MES | 14900 | 5 | -
Avena instantánea 1 kg | AVE-INS | 12900 | 5 | - !
Harina de trigo integral 1 kg | HAR-INT | 8900 | 5 | -
Azúcar panela pulverizada 1 kg | PAN-PUL | 9900 | 5 | -
# Canasta exenta
Huevos campesinos x 30 | HUE-030 | 24900 | exempt | -
Queso campesino 500 g | QUE-CAM | 18900 | exempt | -
Leche en polvo 900 g | LEC-900 | 34900 | exempt | -
Pechuga de pollo congelada 1 kg | POL-PEC | 22900 | exempt | -
Libro infantil ilustrado | LIB-INF | 21900 | exempt | - !
# Canasta excluida
Panela orgánica en bloque 1 kg | PAN-ORG | 11900 | excluded | -
Miel de abejas 500 g | MIE-500 | 29900 | excluded | -
Fríjol cargamanto 1 kg | FRI-CAR | 17900 | excluded | -
Semillas de hortalizas x 10 sobres | SEM-HOR | 16900 | excluded | Surtidas:SUR, Aromáticas:ARO!
"""


@cache
def products() -> tuple[Product, ...]:
    """Every product of MasterShop, in a fixed order with fixed numbers."""
    made: list[Product] = []
    category, id_variant = "", 118_204
    for line in _GOODS.strip().splitlines():
        if line.startswith("# "):
            category = line[2:]
            continue
        name, sku, price, iva, words = (part.strip() for part in line.split("|"))
        id_product = 52_011 + 7 * len(made)
        variations = []
        for word in words.split(", "):
            id_variant += 3
            variations.append(_variation(id_product, id_variant, name, sku, int(price), iva, word))
        made.append(Product(id_product, name, category, tuple(variations)))
    return tuple(made)


def variations() -> list[Variation]:
    """Every variation of every product."""
    return [variation for product in products() for variation in product.variations]


def _variation(
    id_product: int, id_variant: int, name: str, sku: str, price: int, iva: str, word: str
) -> Variation:
    has_item = not word.endswith("!")
    word, _, reference = word.rstrip("!").partition("=")
    label, _, suffix = word.strip().partition(":")
    if label == "sin-sku":
        label, sku = DEFAULT_VARIANT, "sin-sku"
    elif label == "-":
        label = DEFAULT_VARIANT
    else:
        sku = f"{sku}-{suffix}"
    item_name = name if label == DEFAULT_VARIANT else f"{name} {label}"
    alegra = AlegraName(item_name, reference or sku) if has_item else None
    barcode = _ean13(f"770{id_variant:09d}")
    return Variation(id_product, id_variant, name, label, sku, barcode, price, iva, alegra)


def _ean13(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
