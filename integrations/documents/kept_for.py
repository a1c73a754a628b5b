"""What an answer about a short total may be kept for: a word of the order, or its method."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from integrations.documents.facts import MoneyReceived
from integrations.mastershop import payment_methods
from integrations.mastershop.paid_words import PAID


def word_of(received: Iterable[MoneyReceived]) -> str:
    """The word of money received that an order holds, '' for none."""
    return next((each.label for each in received if each.label != PAID), "")


def keys_of(method: str, word: str) -> list[str]:
    """What an answer may be kept for, the word of the order before its method."""
    keys = [f"word:{word}"] if word else []
    return [*keys, f"method:{payment_methods.normalise(method)[:80]}"] if method else keys


def in_words(key: str) -> str:
    kind, _sign, name = key.partition(":")
    if not name:
        return _("la misma forma de pago")
    told = _("la palabra «%(name)s»") if kind == "word" else _("la forma de pago «%(name)s»")
    return told % {"name": name}
