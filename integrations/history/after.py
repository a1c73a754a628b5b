"""What the screens say of an order that changed, or came back, after its document was made.

The list and its file read it from the problems that stand beside the document; the order's own
page compares anew (`documents.beside.after_of`). Nothing here invites to emit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from integrations.documents import note_advice
from integrations.documents.beside import CHANGED, REVERSED, After, happened
from integrations.documents.far_status import stays
from integrations.documents.models import Document
from integrations.history.after_advice import advice_of
from integrations.history.in_alegra import what_it_is
from integrations.history.labels import Label
from integrations.history.situation import Situation
from integrations.mastershop import statuses
from integrations.orders.models import Order
from integrations.sending.models import Problem
from integrations.sending.problem_kinds import BESIDE, kind_of
from integrations.sending.states import State


def beside_of(problems: Iterable[Problem]) -> list[Problem]:
    """Those beside a work of the order, what undoes the sale first."""
    found = [problem for problem in problems if problem.code in BESIDE]
    return sorted(found, key=lambda problem: problem.code != REVERSED)


def badge(problem: Problem) -> Label:
    """In a line of the list: the word, and why in small print."""
    kind, params = kind_of(problem.code), problem.params
    if problem.code == REVERSED:
        return Label(_reversal_word(params), kind.tone, kind.icon, _still_there(params))
    if problem.code == CHANGED:
        return Label(_("Cambió después"), kind.tone, kind.icon, str(params.get("difference", "")))
    return Label(str(kind.happened), kind.tone, kind.icon)


def cells(problems: Iterable[Problem]) -> tuple[str, str, str]:
    """*Cambió*, *Antes* and *Ahora* of the file; the buyer masked as everywhere in it."""
    names, was, is_now = [], [], []
    for problem in beside_of(problems):
        if problem.code == REVERSED:
            names.append(_("Estado"))
            was.append(_("venta"))
            is_now.append(_reversal_word(problem.params).lower())
        for change in problem.params.get("changes", ()):
            names.append(change["name"])
            was.append(change["was"])
            is_now.append(change["now"])
    return " | ".join(names), " | ".join(was), " | ".join(is_now)


def note_of(order: Order, label: Label, after: After, *, now: datetime) -> Situation:
    """What is happening now, for a document that is not blocked, in Alegra or made elsewhere."""
    sentences = [*_what_happened(order.document, after)]
    if after.open_codes:
        kind = kind_of(REVERSED if REVERSED in after.open_codes else CHANGED)
        advice = advice_of(order.document, after)
        if order.document.state == State.EXTERNAL:
            sentences = [*what_it_is(order.document, now), *sentences]
        label = Label(_heading(after), kind.tone, kind.icon)
        todo = note_advice.steps(order.document, order, after)
        return Situation(label, (*sentences, advice), steps=tuple(todo))
    fine = [
        _("%(by)s dijo que está bien así: «%(reason)s».") % word
        for word in dict.fromkeys(
            (words.get("by", ""), words.get("reason", "")) for _code, words in after.fine
        )
        for word in [{"by": word[0] or _("El portal"), "reason": word[1]}]
    ]
    return Situation(label, (*what_it_is(order.document, now), *sentences, *fine))


def _heading(after: After) -> str:
    if REVERSED not in after.open_codes:
        return _("El pedido cambió después de su documento")
    if after.reversal == "claim":
        return _("El pedido está en reclamaciones y ya tiene documento")
    text = _("El pedido %(happened)s después de su documento")
    return text % {"happened": after.happened}


def _what_happened(document: Document, after: After) -> list[str]:
    sentences = []
    if after.reversal:
        text = _("El pedido %(happened)s y %(stays)s.")
        sentences.append(text % {"happened": after.happened, "stays": stays(document)})
    if after.changes:
        told = "; ".join(each.sentence for each in after.changes)
        text = _("Desde que se hizo el documento, %(told)s.")
        if document.state == State.EXTERNAL:
            text = _("Desde que dijiste que ya tiene documento, %(told)s.")
        sentences.append(text % {"told": told})
    return sentences


def _reversal_word(params: dict[str, Any]) -> str:
    status = str(params.get("status", ""))
    label = str(statuses.by_code(status).label)
    return label if status == "claim" or not status else _("%(status)s después") % {"status": label}


def _still_there(params: dict[str, Any]) -> str:
    text = _("%(happened)s y %(stays)s")
    what = happened(str(params.get("status", ""))) or str(params.get("happened", ""))
    return text % {"happened": what, "stays": params.get("stays", _("su documento sigue en pie"))}
