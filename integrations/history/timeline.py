"""*Paso a paso*: everything that happened to an order, the oldest first.

What MasterShop told, what people did, the steps towards the document and their attempts. All
of it is masked already where it was stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.audit.models import AuditEntry
from integrations.documents import emission
from integrations.documents.models import Document, DocumentStep
from integrations.history.answered import Answered
from integrations.history.labels import Label
from integrations.history.state_changes import changes_of, said, said_of_another
from integrations.mastershop import statuses
from integrations.orders.models import Order, OrderEvent, OrderStatusTime
from integrations.sending import of_order
from integrations.sending.models import Step
from integrations.sending.problem_kinds import BESIDE, kind_of
from integrations.sending.registry import WorkKind
from integrations.sending.states import Outcome, State, StepState

# More than any order needs; a flood of re-sent events must not make a page of megabytes.
MOST = 300

# What each document takes; the others only where they are needed.
_EVERY_STEP = ("contact", "create", "verify")
# … and of an invoice that is to be emitted.
_EMITTED = ("emit", "dian")
# What a person does with a work of any kind.
_ACTS_WITH_WORKS = {
    "retry": gettext_lazy("%(who)s pidió reintentar"),
    "look_now": gettext_lazy("%(who)s pidió buscarlo ya en Alegra"),
}
_ACTS = {
    "document.mark_external": gettext_lazy("%(who)s dijo que ya tiene documento"),
    "document.dismiss": gettext_lazy("%(who)s decidió no facturarlo"),
    "document.restore": gettext_lazy("%(who)s deshizo la decisión"),
    "document.same_buyer": gettext_lazy("%(who)s dijo que es el mismo comprador"),
    "document.approve": gettext_lazy("%(who)s la emitió"),
    "document.emit_again": gettext_lazy("%(who)s pidió emitirla de nuevo"),
    "document.emit_not": gettext_lazy("%(who)s decidió no emitirla por ahora"),
    "order.read_again": gettext_lazy("%(who)s pidió leerlo otra vez en MasterShop"),
    "order.choose_line": gettext_lazy("%(who)s eligió el producto de una línea"),
    "document.create_anew": gettext_lazy("%(who)s pidió crear otro documento"),
    "document.remove_withdraw": gettext_lazy("%(who)s pidió borrar el borrador"),
    "document.remove_anew": gettext_lazy("%(who)s pidió borrar el borrador y crear otro"),
    "document.remove_dismiss": gettext_lazy("%(who)s pidió borrar el borrador y no facturarlo"),
    "document.remove_external": gettext_lazy("%(who)s pidió borrar el borrador: ya tiene otro"),
    "document.remove_keep": gettext_lazy("%(who)s pidió borrar el otro borrador"),
    "document.remove_not": gettext_lazy("%(who)s decidió no borrar el borrador"),
    "document.credit_note": gettext_lazy("%(who)s dijo qué nota crédito hizo"),
    "document.choose_found": gettext_lazy("%(who)s dijo cuál es el documento del pedido"),
    "document.double_gone": gettext_lazy("%(who)s dijo que el otro documento ya no está"),
    "document.fine": gettext_lazy("%(who)s dijo que está bien así"),
    "document.read_again": gettext_lazy("%(who)s pidió leer el documento otra vez en Alegra"),
    "document.read_now": gettext_lazy("%(who)s pidió leerlo en Alegra"),
    "payment.mark_external": gettext_lazy("%(who)s dijo que el pago ya está registrado"),
    "payment.dismiss": gettext_lazy("%(who)s decidió no registrar el pago"),
    "payment.fine": gettext_lazy("%(who)s dijo que el pago está bien así"),
    "payment.restore": gettext_lazy("%(who)s pidió registrar el pago después de todo"),
    "order.correct": gettext_lazy("%(who)s corrigió los datos del comprador"),
}
_CORRECTED = {
    "name": gettext_lazy("nombre"),
    "doc_type": gettext_lazy("tipo de documento"),
    "doc_number": gettext_lazy("número"),
    "email": gettext_lazy("correo"),
    "phone": gettext_lazy("teléfono"),
    "address": gettext_lazy("dirección"),
    "city": gettext_lazy("ciudad"),
    "department": gettext_lazy("departamento"),
    "unidentified": gettext_lazy("Cliente no identificado"),
}
# In any other state nothing more will be done: no step is still to come.
_STEPS_TO_COME = frozenset({State.PENDING, State.SENDING, State.UNCONFIRMED, State.BLOCKED})


@dataclass(frozen=True)
class Data:
    """*Datos de entrada* beside *Datos de salida*."""

    title: str
    input: str
    output: str


@dataclass(frozen=True)
class Entry:
    """One line: an icon for events and people, a toned dot for steps."""

    at: datetime | None
    title: str
    icon: str = ""
    tone: str = ""
    text: str = ""
    label: Label | None = None
    data: tuple[Data, ...] = ()
    is_open: bool = False


def timeline_of(order: Order, answered: Iterable[Answered] = ()) -> list[Entry]:
    """Three queries, and three more for each other kind of work about it. `order` comes with its
    document and its corrections and their people; `answered` is what was said about it alone."""
    document = order.document
    arrived = Entry(order.first_seen_at, _("Llegó el pedido"), "inbox")
    works = of_order.works_of(order)
    entries = [_told(row, order) for row in _rows(order, works)] or [arrived]
    entries += _corrections(order)
    for each in answered:
        title = _("%(who)s respondió: %(answer)s") % {"who": each.by, "answer": each.label}
        entries.append(Entry(each.at, title, "user", text=each.text))
    steps = of_order.steps_of(works)
    made = [_step(step) for step in steps]
    entries += [entry for entry in made if entry.at is not None]
    to_come = [entry for entry in made if entry.at is None]
    if document is not None:
        to_come += _to_come(document, steps)
    # A moment that nobody wrote down must not cost the page: what has none comes last.
    entries.sort(key=lambda entry: (entry.at is None, entry.at or order.first_seen_at))
    return [*entries, *sorted(to_come, key=lambda entry: entry.title)]


def _rows(order: Order, works: Mapping[WorkKind, Sequence[int]]) -> Iterable[tuple]:
    """What was told, and by whom, in one query: (source, at, what, more, who)."""
    text = CharField(max_length=300)

    def columns(source: str, at: str, *rest) -> list:
        return [Value(source, output_field=text), F(at), *(Cast(each, text) for each in rest)]

    none = Value("")
    reached = OrderStatusTime.objects.filter(order=order).values_list(
        *columns("status", "at", F("status"), F("from_event"), none)
    )
    events = OrderEvent.objects.filter(order=order).values_list(
        *columns("event", "received_at", F("source"), F("verdict"), F("copies"))
    )
    about = Q(target_type="order", target_id=str(order.pk))
    for kind, ids in works.items():
        about |= Q(target_type=kind.name, target_id__in=[str(pk) for pk in ids])
    acts_with = {f"{kind.name}.{act}" for kind in works for act in _ACTS_WITH_WORKS}
    who = Coalesce(NullIf(F("actor__name"), none), F("actor__email"), none)
    acts = (
        AuditEntry.objects.filter(about, action__in=[*_ACTS, *acts_with])
        .exclude(action="order.correct")
        .values_list(*columns("act", "at", F("action"), F("kind"), who))
    )
    told = [events.order_by(), acts.order_by()]
    for kind, ids in works.items():
        source = "change" if kind.work is Document else f"change {kind.name}"
        changes = changes_of(kind, ids)
        told.append(
            changes.order_by().values_list(*columns(source, "at", F("arrow"), F("why"), F("by")))
        )
        beside = kind.problem.objects.filter(work__in=ids, code__in=BESIDE)
        told.append(
            beside.order_by().values_list(*columns("beside", "opened_at", F("code"), none, none))
        )
    return reached.order_by().union(*told, all=True)[:MOST]


def _told(row: tuple, order: Order) -> Entry:
    source, at, what, more, who = row
    if source == "status":
        status = statuses.by_code(what)
        text = "" if more in ("true", "1", "t") else _("Cuando lo vimos por primera vez así.")
        return Entry(at, _("Pedido: %(status)s") % {"status": status.label}, "truck", text=text)
    if source == "event":
        word = OrderEvent.Source(what).label if what in OrderEvent.Source.values else what
        verdict = OrderEvent.Verdict(more).label if more in OrderEvent.Verdict.values else more
        copies = int(who or 1)
        text = str(verdict)
        if copies > 1:
            text += ngettext(
                " · llegó %(n)d vez", " · llegó %(n)d veces, cuenta una sola", copies
            ) % {"n": copies}
        return Entry(at, str(word), "bolt", text=text)
    if source == "beside":
        return Entry(at, str(kind_of(what).happened), kind_of(what).icon)
    if source == "change":
        title, text, icon = said(what, more, who, order, order.document, at=at)
        return Entry(at, title, icon, text=text)
    if source.startswith("change "):
        title, text, icon = said_of_another(source.partition(" ")[2], what, more, who)
        return Entry(at, title, icon, text=text)
    words = str(_ACTS.get(what) or _ACTS_WITH_WORKS[what.rpartition(".")[2]])
    return Entry(at, words % {"who": who or _("El portal")}, "user" if who else "bolt")


def _corrections(order: Order) -> list[Entry]:
    """One entry for each time somebody saved; what was typed stays on the facts' panel."""
    grouped: dict[tuple, list[str]] = {}
    for row in order.corrections.all():
        who = str(row.by) if row.by_id else str(_("El portal"))
        grouped.setdefault((row.at, who), []).append(str(_CORRECTED.get(row.field, row.field)))
    return [
        Entry(at, str(_ACTS["order.correct"]) % {"who": who}, "pencil", text=", ".join(fields))
        for (at, who), fields in grouped.items()
    ]


def _step(step: Step) -> Entry:
    """A step without an intention may have attempts: what was asked before it could begin."""
    state = step.state
    is_to_come = step.work_state in _STEPS_TO_COME or (
        step.work_state == State.CREATED and step.name in _EMITTED
    )
    if state == StepState.WAITING and not is_to_come:
        # Its work was put away meanwhile: nothing is still to come.
        state = StepState.SKIPPED
    label = step_label(state, step.outcome)
    attempts = sorted(step.attempts.all(), key=lambda attempt: attempt.started_at)
    data = []
    if step.input or step.output:
        data.append(Data("", step.input, step.output))
    for attempt in attempts:
        outcome = Outcome(attempt.outcome).label if attempt.outcome else _("Sin respuesta todavía")
        title = _("Llamada %(n)d · %(outcome)s") % {"n": attempt.number, "outcome": outcome}
        answer = attempt.response_excerpt or _("(sin respuesta)")
        data.append(Data(title, attempt.request_excerpt, answer))
    return Entry(
        step.intent_at or step.finished_at or (attempts[0].started_at if attempts else None),
        step.title,
        tone=label.tone,
        text=step.note,
        label=label,
        data=tuple(data),
    )


def step_label(state: str, outcome: str) -> Label:
    match state:
        case StepState.DONE:
            return Label(_("Exitoso"), "ok", "ok")
        case StepState.FAILED:
            return Label(_("Fallido"), "fail", "x")
        case StepState.RUNNING if outcome == Outcome.UNCONFIRMED:
            return Label(_("Verificando en Alegra"), "look", "search")
        case StepState.RUNNING if outcome == Outcome.OK:
            # The call is over, and what it asks for is not decided yet.
            return Label(_("Esperando respuesta"), "look", "clock")
        case StepState.RUNNING:
            return Label(_("Enviando"), "wait", "send")
        case StepState.SKIPPED:
            return Label(_("No se hizo"), "wait", "skip")
    return Label(_("Pendiente"), "wait", "clock")


def _to_come(document: Document, steps: Iterable[Step]) -> list[Entry]:
    is_emitted_next = document.kind == "invoice" and (
        document.mode == "definitive" or emission.is_wanted(document)
    )
    waits = document.state == State.CREATED and emission.is_wanted(document)
    if document.state not in _STEPS_TO_COME and not waits:
        return []
    mine = [step for step in steps if isinstance(step, DocumentStep)]
    made = {step.name for step in mine if step.work_id == document.pk}
    return [
        Entry(
            None,
            DocumentStep(position=position, name=name).title,
            tone="wait",
            label=step_label(StepState.WAITING, ""),
        )
        for position, name in enumerate(
            _EVERY_STEP + (_EMITTED if is_emitted_next else ()), start=1
        )
        if name not in made
    ]
