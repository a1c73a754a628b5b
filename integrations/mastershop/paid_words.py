"""The words of money that was received before: gift card, store credit, deposit, points.

Where MasterShop tells it is not known (MasterShop reference, amounts): fields, notes, the
gateway's name, discount codes and lines are all read. The words of a text are kept as one of
the labels below and never as the text itself, which may name a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from . import values
from .statuses import fold

GIFT_CARD, CREDIT, DEPOSIT, POINTS = "tarjeta de regalo", "saldo a favor", "abono", "puntos"
# Paid, and nobody says how: the amount has to fit.
PAID = "pago anterior"
# Words that mean money received even where no amount is told beside them.
SAY_SO = frozenset({GIFT_CARD, CREDIT, DEPOSIT})

_WORDS: tuple[tuple[str, str], ...] = (
    (
        GIFT_CARD,
        r"gift ?(?:cards?|certificates?|vouchers?|codes?)"
        r"|(?:tarjetas?|bonos?|certificados?|vales?) (?:de )?(?:regalo|obsequio)",
    ),
    (
        CREDIT,
        r"(?:store|shop|customer|account) ?(?:credits?|balances?)"
        r"|creditos? (?:de|en|del) (?:la )?(?:tienda|cliente)|saldos? a (?:su )?favor"
        r"|creditos? a (?:su )?favor|notas? credito|monedero",
    ),
    (
        POINTS,
        r"(?:loyalty|reward|store) ?points?|points? (?:redeemed|used)|cash ?back"
        r"|puntos (?:redimidos|canjeados|usados|de fidelidad|acumulados|colombia|leal)"
        r"|(?:redimi\w*|canje\w*|redencion de|pag\w+ con) (?:\d[\d., ]*)?(?:sus |los )?puntos",
    ),
    (
        DEPOSIT,
        r"abonos?|abonad[oa]s?|abona(?:ron)?|anticipos?|adelantos?|cuotas? inicial(?:es)?"
        r"|(?:pagos?|part(?:ial)?) ?(?:payments?|parcial(?:es)?|inicial(?:es)?)|partially paid"
        r"|down ?payments?|pre ?payments?|advance payments?|reservo con|separo con",
    ),
)
_FOUND = [(label, re.compile(rf"\b(?:{words})\b")) for label, words in _WORDS]
# Written without its sign it is an institution (SENA), and in the plural it describes a place.
_SENA = re.compile(r"\bseña\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|sin|ni|ningun\w*|not|without|falta|pendiente|quiere|solicita|pide)\b"
    r"(?: \w+){0,2} ?$"
)
# "Abono orgánico" is a fertiliser.
_OF_THE_GARDEN = re.compile(
    r"^ (?:organico|para (?:el |las |la )?(?:plantas?|jardin|matas)|foliar)"
)
_PAID = re.compile(
    r"\b(?:pago|pagaron|pagad[oa]s?|cancelo|transfirio|transferencia|consigno|consignacion"
    r"|envio por nequi|nequi|daviplata|paid)\b"
)
_AMOUNT = re.compile(r"(?<![\w.,-])\$?\s?(\d[\d.,']*\d|\d)(?:\s?(mil|k)\b)?", re.IGNORECASE)
_THOUSAND = 1000
_LONGEST, _MOST_AMOUNTS = 500, 4

_AFFIX = (
    r"(?:total|amount|value|valor|monto|order|used|applied|redeemed|usad[oa]s?|aplicad[oa]s?"
    r"|redimid[oa]s?|sum"
    r"|balance|payments?|pago|cop|price|money|already|ya|set|by|de|el|la|del|con|por)*"
)
_FIELDS: tuple[tuple[str, str], ...] = (
    (
        GIFT_CARD,
        r"gift(?:cards?|certificates?|vouchers?)"
        r"|(?:tarjetas?|bonos?|certificados?|vales?)(?:de)?(?:regalo|obsequio)",
    ),
    (
        CREDIT,
        r"(?:store|shop|customer|account)(?:credits?|balance)|creditos?(?:de|en|del|a)?(?:la)?"
        r"(?:tienda|cliente|favor)|saldos?a?favor|wallets?|monedero|billetera",
    ),
    (
        POINTS,
        r"(?:loyalty|reward)s?(?:points?)?|points?(?:redeemed|used|discount)?|puntos?"
        r"|cashback",
    ),
    (
        DEPOSIT,
        r"abonos?|abonado|anticipos?|adelantos?|senas?|depositos?|deposits?|deposited"
        r"|downpayments?|prepayments?|prepaid|prepagado|advances?|advancepaid|partial(?:ly)?(?:paid)?"
        r"|cuotainicial|pago(?:inicial|parcial)|parcial",
    ),
    (PAID, r"paid|pagado|recibido|received|cancelado|collected|captured"),
)
_FIELD = [(label, re.compile(rf"{_AFFIX}(?:{names}){_AFFIX}")) for label, names in _FIELDS]


def word_in(text: Any) -> str:
    """The label of the first such word in a text that is not denied; '' when there is none."""
    return next((label for label, _at in _words_in(text)), "")


def label_of_field(folded: str) -> str:
    """The label that a field's name stands for (folded as `values.Fields` does), or ''."""
    return "" if len(folded) > values.LONGEST_KEY else _label_of(folded)


@lru_cache(maxsize=4096)
def _label_of(folded: str) -> str:
    bare = fold(folded)
    return next((label for label, name in _FIELD if name.fullmatch(bare)), "")


def noted(text: Any) -> tuple[str, tuple[Decimal, ...]]:
    """What a note says of money received: its label ('' for nothing) and the amounts in it.

    A note that only says that something was paid counts with an amount beside it.
    """
    line = values.text(text, limit=_LONGEST)
    label, amounts = word_in(line), amounts_in(line)
    if label:
        return label, amounts
    if amounts and _PAID.search(_plain(line)):
        return PAID, amounts
    return "", ()


def says_paid(text: Any) -> bool:
    """Whether a word of it says that something was paid: "Pago", "Nequi", "Transferencia"."""
    return bool(_PAID.search(_plain(values.text(text, limit=_LONGEST))))


def amounts_in(text: str) -> tuple[Decimal, ...]:
    """The amounts of pesos that a text may name ("$ 50.000", "50 mil"), at most four."""
    found: list[Decimal] = []
    for match in _AMOUNT.finditer(text[:_LONGEST]):
        amount = values.number(match.group(1).rstrip(".,"))
        if amount is None or amount <= 0:
            continue
        amount = amount * _THOUSAND if match.group(2) else amount
        if amount not in found:
            found.append(amount)
    return tuple(found[:_MOST_AMOUNTS])


def _words_in(text: Any) -> Iterator[tuple[str, int]]:
    line = values.text(text, limit=_LONGEST)
    plain = _plain(line)
    for label, pattern in _FOUND:
        for match in pattern.finditer(plain):
            before, after = plain[: match.start()], plain[match.end() :]
            if not _DENIED.search(before) and not _OF_THE_GARDEN.match(after):
                yield label, match.start()
    if match := _SENA.search(line):
        yield DEPOSIT, match.start()


def _plain(line: str) -> str:
    return " ".join(re.sub(r"[^\w.,$ ]+|_", " ", fold(line)).split())
