"""What to do in Alegra about an emitted invoice whose order is no sale any more, or changed.

An emitted invoice is only corrected by a credit note, or by a second invoice where more is owed
(Colombian invoicing reference, "Corrections", "Credit-note reasons", "Returns of COD orders").
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from integrations.alegra.document import VOID
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.documents.far_status import is_emitted
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.states import State

if TYPE_CHECKING:
    from integrations.documents.beside import After

PAID = "closed"


def may_have_a_note(document: Document) -> bool:
    """An invoice that was emitted; not while the DIAN has it."""
    is_there = bool(document.alegra_id) and document.alegra_status != VOID
    return is_there and is_emitted(document) and document.state != State.EMITTING


def worth(document: Document) -> Decimal:
    """What the invoice is in Alegra, in COP."""
    return document.returned_total or document.total or Decimal(0)


def wanted(document: Document, order: Order, after: After) -> Decimal | None:
    """How much the credit notes of the invoice should add up to, in COP; None where none helps.

    All of it where the order is no sale, or another's; else what the order is worth less.
    """
    what = {each.what for each in after.changes}
    if after.is_undone or "buyer" in what:
        return worth(document)
    if after.reversal or order.total is None:
        return None
    # By what both are worth: Alegra's own rounding is no part of what was given back.
    less = (document.total or worth(document)) - order.total
    return less if less > 0 and not is_right(less, Decimal(0)) else None


def steps(document: Document, order: Order, after: After) -> list[str]:
    """What to do, in order, a sentence or two each. `after` has something open."""
    if not may_have_a_note(document) or after.reversal == "claim":
        return []
    what = {each.what for each in after.changes}
    if after.is_undone:
        cause = _("Pedido cancelado") if after.reversal == "cancelled" else _("Devolución total")
        return [*_payment_first(document, order), _whole(document, cause), _goods_back(), _then()]
    if "buyer" in what:
        cause = _("Datos del comprador")
        other = _("Después haz en Alegra otra factura a nombre del comprador correcto.")
        return [*_payment_first(document, order), _whole(document, cause), other, _then()]
    if "total" in what and order.total is not None:
        if wanted(document, order, after) is None:
            return [_more(document, order), _fine_with_number()]
        return [_part(document, order, after, "lines" in what), _then()]
    if "lines" in what:
        return [
            _(
                "El valor no cambió: es un cambio de productos. Ante la DIAN no hay que hacer "
                "nada; ajusta el inventario en Alegra."
            ),
            _("Luego di «Está bien así» y escribe qué ajustaste."),
        ]
    return [
        _(
            "Lo que cambió no cambia el valor de la factura. Corrige en Alegra la cuenta del pago "
            "o la bodega de los productos, y luego di «Está bien así» con lo que hiciste."
        )
    ]


def in_short(document: Document, order: Order, after: After) -> str:
    """For a line of *Por atender*: the note that is needed, '' where none is."""
    if not may_have_a_note(document) or after.reversal == "claim":
        return ""
    value = wanted(document, order, after)
    if value is None:
        return ""
    text = _("Haz en Alegra una nota crédito por %(value)s y pulsa «Ya hice la nota»")
    short = text % {"value": pesos(value)}
    if document.alegra_status == PAID and value == worth(document):
        return _("%(short)s. Está pagada: anula antes el pago") % {"short": short}
    return short


def _payment_first(document: Document, order: Order) -> list[str]:
    """A paid invoice takes no full note before its payment is voided (code 9030)."""
    asked = [
        _(
            "¿La plata llegó a recibirse? Si no llegó (la entrega era falsa, o el comprador no "
            "recibió el paquete), anula en Alegra el pago de la factura antes de la nota: con la "
            "factura pagada Alegra no la recibe (código 9030). Si llegó y la devuelves, registra "
            "también el reembolso."
        )
    ]
    if order.family == "cod":
        return asked
    return [
        _(
            "Si la factura tiene un pago en Alegra, anúlalo antes de la nota: pagada no la recibe "
            "completa (código 9030). Si le devuelves la plata, registra también el reembolso."
        )
    ]


def _whole(document: Document, cause: str) -> str:
    text = _(
        "Haz en Alegra una nota crédito sobre la factura %(number)s por todo su valor, %(value)s, "
        "con el mismo cliente y los mismos productos. Tipo: «Anulación de factura electrónica» "
        "(concepto 2 de la DIAN). Causa: «%(cause)s». Fecha: hoy."
    )
    return text % {"number": _name(document), "value": pesos(worth(document)), "cause": cause}


def _part(document: Document, order: Order, after: After, are_lines_other: bool) -> str:
    value = wanted(document, order, after)
    text = _(
        "Haz en Alegra una nota crédito sobre la factura %(number)s por %(value)s, lo que el "
        "pedido vale menos. %(kind)s Fecha: hoy."
    )
    kind = _(
        "Tipo: «Rebaja o descuento» (concepto 3 de la DIAN) si le devolviste plata, o «Ajuste de "
        "precio» (concepto 4) si el precio estaba mal."
    )
    if are_lines_other:
        kind = _(
            "Si volvieron unidades, tipo «Devolución parcial» (concepto 1 de la DIAN) con esas "
            "líneas y la bodega a la que vuelven; si no volvió nada, «Rebaja o descuento» "
            "(concepto 3)."
        )
    return text % {"number": _name(document), "value": pesos(value), "kind": kind}


def _more(document: Document, order: Order) -> str:
    text = _(
        "El pedido vale %(value)s más que su factura, y una nota no suma. Si de verdad se cobró "
        "más, haz en Alegra otra factura por la diferencia."
    )
    more = (order.total or Decimal(0)) - (document.total or worth(document))
    return text % {"value": pesos(more)}


def _fine_with_number() -> str:
    return _("Luego di «Está bien así» con el número de esa factura como razón.")


def _goods_back() -> str:
    return _(
        "En la nota elige la bodega a la que vuelven los productos: al guardarla, Alegra los suma "
        "al inventario."
    )


def _then() -> str:
    return _("Cuando la DIAN acepte la nota, pulsa «Ya hice la nota» y escribe su número.")


def _name(document: Document) -> str:
    return document.number or document.alegra_id
