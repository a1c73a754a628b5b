"""What the changes of a work's state say on *Paso a paso*.

Calls are told by the steps and acts by the trail; of the changes remain those that neither tells:
what a rule decided, what has to wait for a person, and that it no longer has to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from integrations.documents.buckets import BACK_TO_WAITING
from integrations.documents.decide import reason_text
from integrations.documents.models import Document
from integrations.history.states import FAMILY_WORDS
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders.models import Order
from integrations.sending.models import StateChange
from integrations.sending.problem_kinds import kind_of
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.states import State, Why

_SHOWN = (Why.DECIDED, Why.PROBLEM, Why.CURED, Why.WORTHLESS, Why.APPROVAL, Why.READ, Why.DIED)
# Left out: the changes for a document that was made and found right. Its steps show them.
_SAID_BY_STEPS = (State.SENDING, State.UNCONFIRMED)
_BLANK = " "


def changes_of(kind: WorkKind, works: Sequence[int]) -> QuerySet[StateChange]:
    """The changes of these works that the page shows. `arrow`: the state before, the state after
    and the code of a problem that opened with the change, separated by blanks."""
    rows = kind.change.objects.filter(work__in=works, why__in=_SHOWN)
    rows = rows.exclude(from_state__in=_SAID_BY_STEPS, to_state=State.CREATED)
    # A person brought it back at the same moment, which the audit trail shows.
    acts = kind.change.objects.filter(work=OuterRef("work"), at=OuterRef("at"), why=Why.PERSON)
    back = {"from_state": State.SKIPPED, "to_state": State.PENDING, "why": Why.DECIDED}
    rows = rows.exclude(Exists(acts), **back)
    opened = kind.problem.objects.filter(work=OuterRef("work"), opened_at=OuterRef("at"))
    code = Coalesce(Subquery(opened.order_by("pk").values("code")[:1]), Value(""))
    blank = Value(_BLANK)
    arrow = Concat("from_state", blank, "to_state", blank, code, output_field=CharField())
    return rows.annotate(arrow=arrow)


def said(
    arrow: str, why: str, by: str, order: Order, document: Document, *, at: datetime
) -> tuple[str, str, str]:
    """Title, text and icon of one change of a document."""
    before, to, problem = arrow.split(_BLANK)
    who = _("Por %(who)s") % {"who": by} if by else ""
    is_latest = document.state == to and at >= document.state_since
    match to:
        case State.PENDING if why == Why.DECIDED:
            return str(_("Llegó a su disparador")), _rule(order, document), "arrow"
        case State.PENDING | State.UNCONFIRMED if before == State.BLOCKED:
            return str(_("Ya está lo que le faltaba: vuelve a la cola")), who, "ok"
        case State.BLOCKED if why == Why.DECIDED:
            return str(State.BLOCKED.label), _asked(order), "warn"
        case State.BLOCKED if problem:
            return str(State.BLOCKED.label), str(kind_of(problem).title), "warn"
    if why == Why.DECIDED:
        text = _reason(order, document) if is_latest else ""
    else:
        text = who or str(Why(why).label)
    return str(State(to).label), text, _ICONS.get(to, "arrow")


def said_of_another(name: str, arrow: str, why: str, by: str) -> tuple[str, str, str]:
    """Title, text and icon of one change of a work of another kind, named as the registry does."""
    _before, to, problem = arrow.split(_BLANK)
    title = f"{_called(name)}: {State(to).label}"
    if to == State.BLOCKED and problem:
        return title, str(kind_of(problem).title), "warn"
    text = _("Por %(who)s") % {"who": by} if by else str(Why(why).label)
    return title, text, _ICONS.get(State(to), "arrow")


def _called(name: str) -> str:
    kind = next(each for each in kinds() if each.name == name)
    return capfirst(kind.work._meta.verbose_name)


_ICONS = {
    State.BLOCKED: "warn",
    State.CREATED: "ok",
    State.EMITTING: "clock",
    State.ISSUED: "shield",
    State.REJECTED: "x",
}


def _rule(order: Order, document: Document) -> str:
    paid = str(FAMILY_WORDS[order.family]).lower()
    made = {
        ("invoice", "draft"): _("factura en borrador"),
        ("invoice", "definitive"): _("factura definitiva"),
        ("remission", "draft"): _("remisión por aprobar"),
        ("remission", "definitive"): _("remisión"),
    }.get((document.kind, document.mode), "")
    return _("Regla: %(paid)s → %(made)s.") % {"paid": paid, "made": made}


def _reason(order: Order, document: Document) -> str:
    code = order.decision if document.reason == BACK_TO_WAITING else document.reason
    return str(reason_text(code))


def _asked(order: Order) -> str:
    if order.family == UNKNOWN:
        return _("Puede haber llegado a su disparador: falta saber cómo se pagó.")
    return _("Hace falta una respuesta antes de documentarlo.")
