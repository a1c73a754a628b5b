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
from integrations.documents.contact_wait import waits_for_contact
from integrations.documents.decide import reason_text
from integrations.documents.far_status import is_emitted
from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.sending import of_order
from integrations.sending.models import Problem
from integrations.sending.problem_kinds import BESIDE, kind_of, sentence
from integrations.sending.states import State
from integrations.timekeeping.words import ago

# What makes a skipped row read as one that still waits for its trigger.
BACK_TO_WAITING = "back_to_waiting"


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
    if problem is not None:
        kind, why = kind_of(problem.code), sentence(problem.code, problem.params)
        return Label(_("Por atender"), kind.tone, kind.icon, why)
    document = order.document
    if document is None:
        return Label(_("En espera"), "wait", "clock", _why_waiting(order))
    match document.state:
        case State.PENDING:
            return _queued(document, held_back(order, hold), now)
        case State.SENDING:
            return Label(_("Enviando"), "wait", "send")
        case State.UNCONFIRMED:
            why = _("se perdió la respuesta; buscamos antes de reenviar")
            if document.alegra_id:
                why = _("ya está allá; comprobamos que esté bien")
            return Label(_("Verificando en Alegra"), "look", "search", why)
        case State.CREATED if is_emitted(document):
            return Label(_("Factura emitida"), "wait" if is_doubted else "ok", "ok")
        case State.CREATED:
            word = _("Borrador en Alegra") if document.kind == "invoice" else _("Remisión creada")
            return Label(word, "wait" if is_doubted else "ok", "ok")
        case State.EMITTING:
            return Label(_("En validación DIAN"), "look", "clock")
        case State.ISSUED:
            return Label(_("Aceptada por la DIAN"), "wait" if is_doubted else "ok", "shield")
        case State.REJECTED:
            return Label(_("Rechazada"), "fail", "x", _("la DIAN no la aceptó"))
        case State.BLOCKED:
            return Label(_("Por atender"), "fail", "warn")
        case State.AWAITING_APPROVAL:
            return Label(_("Por aprobar"), "ask", "hand", _("revísala y emítela"))
        case State.EXTERNAL:
            return Label(_("Documentado por fuera"), "wait" if is_doubted else "ok", "check")
        case State.SKIPPED:
            if document.reason == BACK_TO_WAITING:
                why = _why_waiting(order) or reason_text(BACK_TO_WAITING)
                return Label(_("En espera"), "wait", "clock", why)
            return Label(_("Omitida"), "wait", "skip", reason_text(document.reason))
        case State.DISMISSED:
            return Label(_("No facturar"), "wait", "skip", document.reason_text)
        case State.WITHDRAWN:
            return Label(_("Anulada"), "wait", "trash")
        case State.CONVERTED:
            return Label(_("Facturada"), "ok", "ok")
    return Label(str(document.get_state_display()), "wait", "clock")


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
    if document.number:
        return document.number
    if document.state in (State.SKIPPED, State.DISMISSED):
        return _("Aún no") if document.reason == BACK_TO_WAITING else _("No aplica")
    return _("Factura") if document.kind == "invoice" else _("Remisión")


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
            if order.document and order.document.state == State.PENDING
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
