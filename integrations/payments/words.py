"""What the page of an order says of the payment of its invoice, in one line."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.connections.hold import Hold
from integrations.payments.models import Payment
from integrations.payments.steps import RECEIVED_BEFORE
from integrations.sending.states import State
from integrations.timekeeping.words import MONTHS


def line_of(payment: Payment, hold: Hold | None = None) -> str:
    """«Pago registrado en Bancolombia el 3 dic 2026 por $ 159.800», or why not.

    `hold`: what holds the sending of its integration, of one that waits for its turn.
    """
    match payment.state:
        case State.PENDING if hold is not None:
            return _("El pago espera: %(why)s") % {"why": hold.sentence}
        case State.CREATED:
            return registered(payment)
        case State.BLOCKED if payment.alegra_id:
            return _("%(registered)s; falta que lo revises") % {"registered": registered(payment)}
        case State.BLOCKED:
            return _("El pago no se ha registrado: está por atender")
        case State.SENDING:
            return _("El pago se está enviando a Alegra")
        case State.UNCONFIRMED:
            return _(
                "La respuesta de Alegra se perdió: buscamos el pago antes de enviarlo otra vez"
            )
        case State.EXTERNAL if payment.reason == RECEIVED_BEFORE:
            return _("Lo que se recibió antes ya está registrado en Alegra")
        case State.EXTERNAL if payment.reason_text:
            return _("El pago lo registraron en Alegra: %(what)s") % {"what": payment.reason_text}
        case State.EXTERNAL:
            return _("El pago lo registraron en Alegra, no desde aquí")
        case State.DISMISSED:
            return _("El pago no se registra: %(why)s") % {"why": payment.reason_text or "—"}
        case State.SKIPPED:
            return _("La factura no debe nada: no hay pago que registrar")
    if payment.failures:
        return _("El pago no se ha registrado: Alegra no respondió y lo intentamos otra vez")
    return _("El pago se registra en un momento")


def registered(payment: Payment) -> str:
    words = {
        "account": payment.account_name or payment.account,
        "day": _day(payment.doc_date),
        "amount": pesos(_to_pesos(payment.amount)),
    }
    return _("Pago registrado en %(account)s el %(day)s por %(amount)s") % words


def _to_pesos(amount: Decimal | None) -> Decimal | None:
    """A cent that Alegra's rounding took away is nothing to read about."""
    return None if amount is None else amount.quantize(Decimal(1), ROUND_HALF_EVEN)


def _day(day: date | None) -> str:
    return "—" if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
