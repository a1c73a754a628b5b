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
    """What an answer may be kept for, the word of the order before its method. A method is one
    however it is spelled."""
    keys = [f"word:{word}"] if word else []
    return [*keys, f"method:{payment_methods.key(method)[:80]}"] if method else keys


def in_words(key: str, method: str) -> str:
    """The key as a person reads it; `method` is the order's own spelling."""
    kind, _sign, name = key.partition(":")
    if not name:
        return _("la misma forma de pago")
    if kind == "word":
        return _("la palabra «%(name)s»") % {"name": name}
    return _("la forma de pago «%(name)s»") % {"name": payment_methods.normalise(method) or name}
