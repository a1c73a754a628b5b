"""Money the seller had before, and what is left to pay: a payment, never a discount.

Pure. The value of the sale is what the order says the buyer pays plus what was received before
(Colombian invoicing reference, value of the sale: advances do not reduce the total).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.documents.facts import Facts, LineFact, MoneyReceived
from integrations.documents.kept_for import in_words, keys_of, word_of
from integrations.documents.line_discounts import ways
from integrations.mastershop import payment_methods
from integrations.mastershop.doubtful_words import DOUBTFUL
from integrations.mastershop.paid_words import DEPOSIT, PAID, SAY_SO
from integrations.sending.problem_kinds import Found

__all__ = ["DEPOSIT", "Payments", "as_payment", "is_said_without_amount", "note", "options",
           "question", "said_of_short", "told_within"]  # fmt: skip

Payments = tuple[tuple[str, Decimal], ...]
_MOST, _MOST_OPTIONS = 4, 64
# The amount in the order's field for discounts, where that is read as a payment.
_TAKEN = "discount"


def options(facts: Facts) -> list[Payments]:
    """The payments that may have been received, beginning with none; each sum once."""
    total = facts.total or Decimal(0)
    told = [
        [None, *((each.label, amount) for amount in _plausible(each, total))]
        for each in facts.received[:_MOST]
        if each.label not in DOUBTFUL or each.where == _TAKEN
    ]
    found: dict[Decimal, Payments] = {}
    for at, chosen in enumerate(product(*told)):
        if at >= _MOST_OPTIONS:
            break
        some = tuple(each for each in chosen if each is not None)
        found.setdefault(sum((amount for _label, amount in some), Decimal(0)), some)
    return list(found.values())


def _plausible(told: MoneyReceived, total: Decimal) -> tuple[Decimal, ...]:
    """A note that names what is left to pay names no money received."""
    if told.where == "note" and told.label == PAID:
        return tuple(amount for amount in told.amounts if amount != total)
    return told.amounts


def as_payment(facts: Facts, lines: list[LineFact]) -> tuple[Facts, list[LineFact], bool] | None:
    """The order with its discount read as money received, where that may be what it is.

    True: a word with the same amount says so; False: it may as well be a discount. None where
    nothing of the order hints at it.
    """
    off = {facts.discount, sum((amount for _name, amount in facts.cuts), Decimal(0))}
    off |= {sum(own.amounts, Decimal(0)) for own in ways(lines)}
    for each in facts.received:
        amounts = each.amounts or ((facts.discount,) if facts.discount else ())
        for amount in amounts:
            if not amount or amount not in off:
                continue
            if each.label == PAID and amount == facts.total:
                continue  # all of it was paid, and that is no split
            is_said = each.label not in (PAID, *DOUBTFUL) and (
                bool(each.amounts) or each.where == "field"
            )
            others = tuple(other for other in facts.received if other is not each)
            now = replace(
                facts,
                discount=facts.discount if facts.discount != amount else Decimal(0),
                cuts=() if sum((x for _n, x in facts.cuts), Decimal(0)) == amount else facts.cuts,
                received=(replace(each, amounts=(amount,), where=_TAKEN), *others),
            )
            bare = [replace(line, discounts=(), told_total=None, cut=Decimal(0)) for line in lines]
            of_lines = any(sum(own.amounts, Decimal(0)) == amount for own in ways(lines))
            return now, bare if of_lines else lines, is_said
    return None


def is_said_without_amount(facts: Facts) -> str:
    """The label of money received that the method, the gateway or a field names without its
    amount; a note alone may speak of something else."""
    return next(
        (
            each.label
            for each in facts.received
            if not each.amounts and each.where != "note" and each.label in SAY_SO
        ),
        "",
    )


def told_within(facts: Facts) -> Payments:
    """What was received of a total that is the whole price: it says only how it is paid."""
    total = facts.total or Decimal(0)
    told = [
        (each.label, each.amounts[0])
        for each in facts.received
        if len(each.amounts) == 1 and each.where != "note" and each.label not in DOUBTFUL
    ]
    return tuple(told) if sum((amount for _l, amount in told), Decimal(0)) < total else ()


def note(received: Iterable[tuple[str, Decimal]], due: Decimal, *, family: str) -> str:
    """How the sale is paid: "Recibido antes $ 50.000 (abono) · contra entrega $ 69.900"."""
    told = ", ".join(f"{pesos(amount)} ({label})" for label, amount in received)
    before = _("Recibido antes %(told)s") % {"told": told}
    if due <= 0:
        return before
    door = family == payment_methods.COD
    rest = _("contra entrega %(due)s") if door else _("por pagar con el pedido %(due)s")
    return f"{before} · {rest % {'due': pesos(due)}}"


def said_of_short(facts: Facts, worth: Decimal) -> str:
    """What a person said of this order's short total, as long as its amounts are the same."""
    answers = facts.answers
    about = (pesos(worth), pesos(facts.total))
    return answers.short if answers.short_about in ((), about) else ""


def question(facts: Facts, worth: Decimal, *, is_within: bool) -> Found:
    """Whether what is missing of `worth`, in COP, is a discount or was paid before.

    `is_within`: an answer kept for the order's word or method is valid for it too.
    """
    total = facts.total or Decimal(0)
    key = next(iter(keys_of(facts.method, word_of(facts.received))), "")
    return Found(
        "short_total",
        facts.key,
        {
            "order": facts.number,
            "order_id": facts.order_id,
            "lines": pesos(worth),
            "total": pesos(total),
            "rest": pesos(worth - total),
            "keep": key,
            "kept": in_words(key, facts.method),
            "is_within": is_within,
        },
    )
