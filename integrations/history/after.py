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
from integrations.documents.there import CODES, EDITED, WORDS, found_there
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
    if problem.code in WORDS:
        why = str(params.get("difference", ""))
        return Label(str(WORDS[problem.code]), kind.tone, kind.icon, why)
    return Label(str(kind.happened), kind.tone, kind.icon)


def still_edited(document: Document | None, problems: Iterable[Problem]) -> list[Label]:
    """What a person changed of it in Alegra, once somebody has said that it is fine."""
    if document is None or not document.edited or any(each.code in CODES for each in problems):
        return []
    [found] = [each for each in found_there(document) if each.code in CODES[:3] and each.params]
    why = str(found.params["difference"])
    return [Label(str(WORDS[found.code]), "wait", kind_of(EDITED).icon, why)]


def cells(problems: Iterable[Problem], document: Document | None = None) -> tuple[str, str, str]:
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
    if still_edited(document, problems):
        for change in document.edited["changes"]:
            names.append(change["name"])
            was.append(change["was"])
            is_now.append(change["now"])
    return " | ".join(names), " | ".join(was), " | ".join(is_now)


def note_of(order: Order, label: Label, after: After, *, now: datetime) -> Situation:
    """What is happening now, for a document that is not blocked, in Alegra or made elsewhere."""
    sentences = [*_what_happened(order.document, after)]
    if after.open_codes:
        code = next(filter(after.open_codes.__contains__, (REVERSED, CHANGED, *CODES)))
        kind = kind_of(code)
        advice = kind.advice if code in CODES else advice_of(order.document, after)
        if order.document.state == State.EXTERNAL:
            sentences = [*what_it_is(order.document, now), *sentences]
        heading = str(kind.happened) if code in CODES else _heading(after)
        label = Label(heading, kind.tone, kind.icon)
        todo = note_advice.steps(order.document, order, after)
        return Situation(label, (*sentences, str(advice)), steps=tuple(todo))
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
    sentences += [each.sentence for each in after.there]
    return sentences


def _reversal_word(params: dict[str, Any]) -> str:
    status = str(params.get("status", ""))
    label = str(statuses.by_code(status).label)
    return label if status == "claim" or not status else _("%(status)s después") % {"status": label}


def _still_there(params: dict[str, Any]) -> str:
    text = _("%(happened)s y %(stays)s")
    what = happened(str(params.get("status", ""))) or str(params.get("happened", ""))
    return text % {"happened": what, "stays": params.get("stays", _("su documento sigue en pie"))}
