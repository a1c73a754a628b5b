"""Alegra's words for what one of an item is, as a merchant reads them. Alegra reference: items."""

from __future__ import annotations

from decimal import Decimal

_UNITS = {
    "unit": ("unidad", "unidades"),
    "piece": ("pieza", "piezas"),
    "service": ("servicio", "servicios"),
    "kit": ("kit", "kits"),
    "pair": ("par", "pares"),
    "dozen": ("docena", "docenas"),
    "package": ("paquete", "paquetes"),
    "box": ("caja", "cajas"),
    "centimeter": ("centímetro", "centímetros"),
    "meter": ("metro", "metros"),
    "inch": ("pulgada", "pulgadas"),
    "foot": ("pie", "pies"),
    "yard": ("yarda", "yardas"),
    "meterSquared": ("metro cuadrado", "metros cuadrados"),
    "centimeterSquared": ("centímetro cuadrado", "centímetros cuadrados"),
    "inchSquared": ("pulgada cuadrada", "pulgadas cuadradas"),
    "meterCubed": ("metro cúbico", "metros cúbicos"),
    "milliliter": ("mililitro", "mililitros"),
    "mililiter": ("mililitro", "mililitros"),
    "liter": ("litro", "litros"),
    "gallon": ("galón", "galones"),
    "milligram": ("miligramo", "miligramos"),
    "gram": ("gramo", "gramos"),
    "kilogram": ("kilogramo", "kilogramos"),
    "ton": ("tonelada", "toneladas"),
    "pound": ("libra", "libras"),
    "ounce": ("onza", "onzas"),
    "hour": ("hora", "horas"),
    "minute": ("minuto", "minutos"),
    "day": ("día", "días"),
    "notApplicable": ("sin unidad", "sin unidad"),
}


def unit_label(unit: str, quantity: Decimal) -> str:
    """`unidad` or `unidades`; another word of Alegra's as it is, '' where it tells none."""
    one, many = _UNITS.get(unit, (unit, unit))
    return one if quantity == 1 else many
