"""The word, tone and icon of an order on screen, and the reason beside it.

One place for list, page and export. A pause is never a state: what holds an integration is
asked once and shown beside the documents that wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from integrations.connections.hold import Hold
from integrations.documents import buckets
from integrations.documents.buckets import BACK_TO_WAITING
from integrations.documents.contact_wait import waits_for_contact
from integrations.documents.credit_note import names
from integrations.documents.decide import reason_text
from integrations.documents.emission import is_wanted
from integrations.documents.models import Document, DocumentProblem
from integrations.history.at_dian import said, since, word_of
from integrations.orders.models import Order
from integrations.sending import of_order
from integrations.sending.models import Problem
from integrations.sending.problem_kinds import BESIDE, kind_of, sentence
from integrations.sending.states import State
from integrations.timekeeping.words import ago


@dataclass(frozen=True)
class Label:
    """How a state is told: `word` with its icon in a tone, and `why` in small print."""

    word: str
    tone: str
    icon: str
    why: str = ""

    @property
    def text(self) -> str:
        return f"{self.word} · {self.why}" if self.why else self.word


def label_of(
    order: Order,
    *,
    now: datetime,
    hold: Hold | None = None,
    problem: Problem | None = None,
    is_doubted: bool = False,
) -> Label:
    """`hold` is what holds the order's integration, `problem` the first that blocks a work of it.

    `is_doubted`: something is beside one of them, which must not read as good.
    """
    document = order.document
    if problem is not None:
        kind, why = kind_of(problem.code), sentence(problem.code, problem.params)
        # A rejected invoice is attended as what it is.
        if isinstance(problem, DocumentProblem) and problem.work_state == State.REJECTED:
            return Label(word_of(document), buckets.REJECTED.tone, buckets.REJECTED.icon, why)
        return Label(str(buckets.TO_ATTEND.word), kind.tone, kind.icon, why)
    if document is None:
        bucket = buckets.WAITING
        return Label(str(bucket.word), bucket.tone, bucket.icon, _why_waiting(order))
    if document.removal is not None:
        why = _("antes lo leemos una vez más")
        return Label(_("Borrando el borrador"), "wait", "trash", hold.sentence if hold else why)
    bucket = buckets.bucket_of(document)
    match bucket:
        case buckets.QUEUED if document.state == State.SENDING:
            return Label(_("Enviando"), "wait", "send")
        case buckets.QUEUED:
            return _queued(document, held_back(order, hold), now)
        case buckets.BEING_CHECKED:
            why = _("se perdió la respuesta; buscamos antes de reenviar")
            if document.alegra_id:
                why = _("ya está allá; comprobamos que esté bien")
        case buckets.DRAFT | buckets.EMITTED_THERE | buckets.OPEN_THERE if is_wanted(document):
            return _to_be_emitted(document, hold, now)
        case buckets.OPEN_THERE:
            why = _("la DIAN no la tiene")
        case buckets.EMITTED_THERE:
            why = _("sin respuesta de la DIAN")
        case buckets.AT_DIAN:
            why = _("enviada %(at)s; no tienes que hacer nada") % {"at": ago(since(document))}
        case buckets.ACCEPTED:
            why = " · ".join(said(document))
        case buckets.REJECTED:
            why = _("no vale como factura")
        case buckets.FOR_APPROVAL:
            why = _("revísala y emítela")
        case buckets.WAITING:
            why = _why_waiting(order) or reason_text(BACK_TO_WAITING)
        case buckets.LEFT_OUT:
            why = reason_text(document.reason)
        case buckets.DISMISSED:
            why = document.reason_text
        case buckets.PUT_AWAY:
            return _put_away(document)
        case _:
            why = ""
    if noted := names(document):
        why = " · ".join(filter(None, [why, _("nota crédito %(number)s") % {"number": noted}]))
    tone = "wait" if is_doubted and bucket.tone == "ok" else bucket.tone
    return Label(word_of(document), tone, bucket.icon, why)


def _put_away(document: Document) -> Label:
    if document.state == State.CONVERTED:
        return Label(_("Facturada"), "ok", "ok")
    put_away = buckets.PUT_AWAY
    return Label(_("Anulada"), put_away.tone, put_away.icon, document.reason_text)


def _to_be_emitted(document: Document, hold: Hold | None, now: datetime) -> Label:
    """A draft whose emission is asked for, and did not leave yet; or one that was rejected, which
    Alegra may call open."""
    word, again_at = word_of(document), document.next_attempt_at
    if hold is not None:
        return Label(word, "wait", "pause", hold.sentence)
    if document.failures and again_at is not None and again_at > now:
        why = _("la emisión se intenta otra vez %(time)s") % {"time": ago(again_at)}
        return Label(word, "wait", "retry", why)
    return Label(word, "wait", "send", _("sale para la DIAN en un momento"))


def held_back(order: Order, hold: Hold | None) -> Hold | None:
    """What holds a queued order: its integration's hold, or that no rule speaks of it any more."""
    if hold is None and order.decision == "no_rule":
        return Hold("no_rule", _("%(reason)s.") % {"reason": reason_text("no_rule")})
    return hold


def _queued(document: Document, hold: Hold | None, now: datetime) -> Label:
    if hold is not None:
        return Label(_("En pausa"), "wait", "pause", hold.sentence)
    again_at = document.next_attempt_at
    if document.failures and again_at is not None and again_at > now:
        word = _("Reintenta %(time)s") % {"time": ago(again_at)}
        return Label(word, "wait", "retry", _("Alegra no respondió; no tienes que hacer nada"))
    if waits_for_contact(document, now):
        why = _("Alegra recibe pocos clientes nuevos por minuto; sale solo")
        return Label(_("En cola"), "wait", "clock", why)
    return Label(_("En cola"), "wait", "clock", _("sale en un momento"))


def _why_waiting(order: Order) -> str:
    if order.reread_next_at is not None:
        return _("Lo estamos leyendo otra vez en MasterShop")
    return reason_text(order.decision)


def document_name(document: Document | None) -> str:
    """What the order has in Alegra, in a word or by its number."""
    if document is None:
        return _("Aún no")
    if document.state == State.EXTERNAL:
        return document.reason_text or _("Otro documento")
    if document.number and document.kind == "remission":
        return _("Remisión %(number)s") % {"number": document.number}
    bucket = buckets.bucket_of(document)
    if document.number and bucket is buckets.DRAFT:
        return _("Borrador %(number)s") % {"number": document.number}
    if document.number:
        return document.number
    if bucket in (buckets.LEFT_OUT, buckets.DISMISSED):
        return _("No aplica")
    return str(bucket.made or buckets.made(document)) or _("Aún no")


class Labels:
    """The labels of a page of orders: two queries, whatever the number of orders. Their open
    problems are read with them.

    `integrations` are the organization's by id, with their credentials loaded.
    """

    def __init__(self, orders: Iterable[Order], *, integrations: Mapping, now: datetime) -> None:
        orders = list(orders)
        self._now = now
        self._problems = of_order.open_problems(orders)
        waiting = {
            order.integration_id
            for order in orders
            if order.document
            and (order.document.state == State.PENDING or is_wanted(order.document))
        }
        self._holds = {pk: integrations[pk].hold(now) for pk in waiting if pk in integrations}

    def problems_of(self, order: Order) -> list[Problem]:
        """The open ones of its works, of a document only while it is the order's."""
        return [
            problem
            for problem in self._problems.get(order.pk, [])
            if not isinstance(problem, DocumentProblem) or problem.work_id == order.document_id
        ]

    def of(self, order: Order) -> Label:
        problems = self.problems_of(order)
        return label_of(
            order,
            now=self._now,
            hold=self._holds.get(order.integration_id),
            problem=next(filter(of_order.holds, problems), None),
            is_doubted=any(problem.code in BESIDE for problem in problems),
        )
