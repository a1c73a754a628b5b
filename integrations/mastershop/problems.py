"""What can be wrong with an order's data, each with its sentence for the merchant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is MasterShop's name of the place; `blocking` means that no right document can be
    built from what was read."""

    code: str
    sentence_es: str
    field: str
    blocking: bool = True


_SENTENCES: dict[str, tuple[str, bool]] = {
    "not_an_object": ("El contenido recibido no es un pedido.", True),
    "order_number_missing": ("El pedido no trae un número utilizable.", True),
    "order_number_too_long": (
        "El número del pedido tiene más de 64 signos: no es un número de MasterShop.",
        True,
    ),
    "several_orders": ("La respuesta trae varios pedidos donde se esperaba uno.", True),
    "status_unknown": ("El pedido trae un estado que el portal no conoce.", False),
    "date_unreadable": ("Una fecha del pedido no se pudo leer.", False),
    "date_without_zone": (
        "Las fechas del pedido llegaron sin zona horaria; se leen como hora de Bogotá.",
        False,
    ),
    "payment_method_missing": ("El pedido no dice su forma de pago.", False),
    "lines_missing": ("El pedido no trae productos.", True),
    "too_many_lines": ("El pedido trae más líneas de las que se pueden procesar.", True),
    "line_unreadable": ("Una línea del pedido no se pudo leer.", True),
    "line_without_product": ("Línea sin producto: no dice cuál producto de MasterShop es.", True),
    "quantity_invalid": ("La cantidad de una línea no es un número entero mayor que cero.", True),
    "price_missing": ("Una línea no trae un precio que se pueda leer.", True),
    "charge_unreadable": ("Un cargo adicional del pedido no se pudo leer.", True),
    "discount_unreadable": ("El descuento del pedido no se pudo leer.", True),
    "total_missing": ("El pedido no trae un total que se pueda leer.", True),
    "total_negative": ("El total del pedido es negativo.", True),
}


def problem(code: str, field: str) -> Problem:
    """The named problem at this field. Raises KeyError for a code that has no sentence."""
    sentence, blocking = _SENTENCES[code]
    return Problem(code, sentence, field, blocking)
