"""Words of what takes off an order and may be a discount or money paid before: "Bono", "Voucher",
"Reembolso", "Nequi".

A discount lowers the IVA of the sale, and what was paid before does not (Colombian invoicing
reference, discounts; value of the sale). Where a word leaves it open, a person says it.
"""

from __future__ import annotations

import re
from typing import Any

from . import payment_methods, values
from .paid_words import PAID, says_paid
from .statuses import fold

VOUCHER, WALLET, REFUND = "bono", "billetera", "reembolso"
WITHHELD, COMMISSION, LOAN = "retención", "comisión", "crédito"
# They say nothing by themselves: with a discount of their amount they raise the question.
DOUBTFUL = frozenset({VOUCHER, WALLET, REFUND, WITHHELD, COMMISSION, LOAN})

_WORDS = (
    (LOAN, r"creditos?|credits?"),
    (VOUCHER, r"bonos?|vales?|vouchers?|certificados?|tarjetas? prepago"),
    (WALLET, r"billeteras?|wallets?|saldos?|balances?"),
    (REFUND, r"reembolsos?|refunds?|devolucion(?:es)?|devuelto|cambios?|garantias?|returns?"),
    (WITHHELD, r"rete ?\w*|retencion(?:es)?|withholding"),
    (COMMISSION, r"comision(?:es)?|commissions?"),
)
# No letter may touch the word; a number may: BONO30.
_FOUND = [(label, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for label, words in _WORDS]
# They lend to the buyer and pay the shop.
_LENDERS = re.compile(r"(?<![a-z])(?:addi|sistecredito|sufi|brilla|codensa|meli)(?![a-z])")
_DISCOUNT = re.compile(
    r"(?<![a-z])(?:descuentos?|dctos?|dstos?|dsctos?|dtos?|desc|discounts?|cupon(?:es)?|coupons?"
    r"|promo(?:cion(?:es)?)?|rebajas?|ofertas?|ahorros?)(?![a-z])"
)


def doubt_in(text: Any, *, of_payment: bool = False) -> str:
    """The label of such a word; '' where there is none, or a plain word of a discount beside it.

    `of_payment`: the words of a payment count too ("Nequi", "Pago anticipado"). A code of a
    discount is often called so.
    """
    told = re.sub(r"[^a-z0-9 ]+", " ", fold(values.text(text, limit=200)))
    if _DISCOUNT.search(told):
        return ""
    for label, pattern in _FOUND:
        if pattern.search(told):
            return label
    if not of_payment:
        return ""
    is_paid = says_paid(told) or payment_methods.family(told) == payment_methods.PREPAID
    return PAID if is_paid or _LENDERS.search(told) else ""
