"""Payment means: the DIAN's codes for the invoice, and the other list for its payments.

Source: Colombian invoicing reference, "Payment form and means"; Alegra reference, "Payments".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class PaymentMeans:
    """One row of the DIAN's table: its code, the name a merchant reads, Alegra's word."""

    code: str
    label: str
    alegra: str


PAYMENT_MEANS: Final = (
    PaymentMeans("10", "Efectivo", "CASH"),
    PaymentMeans("30", "Transferencia crédito", "CREDIT_TRANSFER"),
    PaymentMeans("31", "Transferencia débito", "DEBIT_TRANSFER"),
    PaymentMeans("42", "Consignación bancaria", "BANK_DEPOSIT"),
    PaymentMeans("45", "Transferencia crédito bancario", "CREDIT_TRANSFER_BANK"),
    PaymentMeans("46", "Transferencia débito interbancario", "DEBIT_TRANSFER_INTERBANK"),
    PaymentMeans("47", "Transferencia débito bancaria", "DEBIT_TRANSFER_BANK"),
    PaymentMeans("48", "Tarjeta crédito", "CREDIT_CARD"),
    PaymentMeans("49", "Tarjeta débito", "DEBIT_CARD"),
    PaymentMeans("20", "Cheque", "CHECK"),
    PaymentMeans("71", "Bonos", "BONDS"),
    PaymentMeans("72", "Vales", "VOUCHERS"),
    PaymentMeans("1", "Instrumento no definido", "INSTRUMENT_NOT_DEFINED"),
    PaymentMeans("ZZZ", "Otro, acuerdo mutuo", "MUTUAL_AGREEMENT"),
)

CASH: Final = "CASH"
BY_ALEGRA: Final = {means.alegra: means for means in PAYMENT_MEANS}

# The `paymentMethod` of a payment is another, lower-case list; the header's words are refused.
PAYMENT_METHODS: Final = {
    "cash": "Efectivo",
    "transfer": "Transferencia",
    "deposit": "Consignación",
    "check": "Cheque",
    "credit-card": "Tarjeta crédito",
    "debit-card": "Tarjeta débito",
}

_METHOD_OF_MEANS: Final = {
    "CASH": "cash",
    "CHECK": "check",
    "BANK_DEPOSIT": "deposit",
    "CREDIT_CARD": "credit-card",
    "DEBIT_CARD": "debit-card",
}


def default_means(family: str) -> str:
    """Return Alegra's header word for a family of payments (`cod`, `prepaid`, or unknown).

    Only with *contraentrega* does the buyer hand over cash. Everything else is a transfer: an
    invoice marked as cash by mistake can be set right by a credit note only.
    """
    return CASH if family == "cod" else "CREDIT_TRANSFER"


def payment_method(means: str) -> str:
    """Return the lower-case word that a payment carries when its invoice has this means."""
    return _METHOD_OF_MEANS.get(means, "transfer")
