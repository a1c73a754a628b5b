"""What is happening now with an order, and what happens next: the note on top of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.configuration.questions import OLD_SALES, QUESTIONS, Question
from integrations.documents.buckets import BACK_TO_WAITING
from integrations.documents.contact_wait import contact_wait, waits_for_contact
from integrations.documents.decide import TOLD_AGAIN
from integrations.documents.emission_acts import may_be_left
from integrations.documents.models import Document
from integrations.history.in_alegra import where_it_is
from integrations.history.labels import Label, document_name
from integrations.history.moments import at_clock
from integrations.history.possible import GONE, VOIDED
from integrations.mastershop import statuses
from integrations.orders.models import Order
from integrations.sending.gate import Hold, cure_of
from integrations.sending.models import Problem
from integrations.sending.problem_kinds import cure_label, cure_url, kind_of, sentence
from integrations.sending.problems.kind import GOES_BY_ITSELF
from integrations.sending.states import State
from integrations.triggers.rules import rules_of


@dataclass(frozen=True)
class ProblemLine:
    """One problem: its sentence and where it is repaired ('' when that is this very page)."""

    sentence: str
    icon: str
    cure_label: str = ""
    cure_url: str = ""
    # Only who may correct the buyer's data gets there.
    is_correction: bool = False
    # Asked and answered on this page.
    question: Question | None = None
    question_text: str = ""
    answer_url: str = ""


@dataclass(frozen=True)
class Situation:
    label: Label
    sentences: tuple[str, ...] = ()
    # What to do, one after the other.
    steps: tuple[str, ...] = ()
    # In small print under the sentences: when the next look or try is.
    timing: str = ""
    problems: tuple[ProblemLine, ...] = ()
    link_label: str = ""
    link_url: str = ""

    @property
    def offers_correction(self) -> bool:
        """*Corregir datos* stands beside its problem already."""
        return any(problem.is_correction for problem in self.problems)


# Left out for what the order says, however far it has come.
_BY_CONTENT = ("zero_total", "exchange", "full_discount", "currency", "country", "test")
# … or for what a person answered or saved for all orders.
_BY_SET_UP = ("other_seller", "never", OLD_SALES)


def situation_of(
    order: Order,
    label: Label,
    problems: Sequence[Problem],
    *,
    hold: Hold | None,
    slug: str,
    now: datetime,
) -> Situation:
    document = order.document
    if document is None:
        return _not_yet(order, label, slug)
    noun = _("la factura") if document.kind == "invoice" else _("la remisión")
    match document.state:
        case State.PENDING if hold is not None:
            return _paused(label, hold, order, slug)
        case State.PENDING if document.failures and document.next_attempt_at:
            again = at_clock(document.next_attempt_at, now)
            text = _("Volvemos a intentar %(time)s; no tienes que hacer nada.")
            return Situation(label, (_what_failed(document), text % {"time": again}))
        case State.PENDING if waits_for_contact(document, now):
            return _slow(label, document, now)
        case State.PENDING:
            return Situation(label, (_("Sale en un momento; no tienes que hacer nada."),))
        case State.SENDING:
            return Situation(label, (_("Le estamos enviando %(noun)s a Alegra.") % {"noun": noun},))
        case State.UNCONFIRMED:
            return _verifying(order, label, noun, now)
        case State.BLOCKED:
            return _blocked(order, label, problems, slug)
        case State.AWAITING_APPROVAL:
            text = _("La remisión está lista y todavía no está en Alegra. Revísala y emítela.")
            return Situation(label, (text,))
        case State.CREATED | State.EMITTING | State.ISSUED:
            return Situation(label, tuple(where_it_is(document, hold, now)))
        case State.REJECTED:
            if not problems:
                return Situation(label, tuple(where_it_is(document, hold, now)))
            # Its problem says what the DIAN said, and that it stays the order's document.
            rejected = _blocked(order, label, problems, slug)
            worth = _("No vale como factura y no lleva pago.")
            return replace(rejected, sentences=(worth, *rejected.sentences))
        case State.EXTERNAL:
            text = _("Lo documentaste con «%(name)s»: desde aquí no se envía nada.")
            text %= {"name": document_name(document)}
            return Situation(label, tuple(filter(None, [text, _left_behind(document)])))
        case State.SKIPPED if document.reason in (BACK_TO_WAITING, "backlog"):
            return _not_yet(order, label, slug)
        case State.SKIPPED:
            text = _left_out_until(document.reason)
            return Situation(label, tuple(filter(None, [_stop(label.why), text])))
        case State.DISMISSED:
            text = _stop(_("No se factura: %(why)s") % {"why": label.why})
            return Situation(label, tuple(filter(None, [text, _left_behind(document)])))
    return Situation(label, tuple(filter(None, [_stop(label.why)])))


def being_deleted(
    order: Order, label: Label, problems: Sequence[Problem], *, hold: Hold | None, slug: str
) -> Situation:
    """A person wants its draft deleted, and it is not yet."""
    if problems:
        return _blocked(order, label, problems, slug)
    if hold is not None:
        paused = _paused(label, hold, order, slug)
        text = _("El borrador se borra cuando termine la pausa.")
        return replace(paused, sentences=(hold.sentence, text))
    text = _(
        "Borramos el borrador en Alegra. Antes lo leemos una vez más: si alguien lo emitió o lo "
        "cambió, se queda."
    )
    if document_failed := _failing(order.document):
        return Situation(label, (document_failed, text))
    return Situation(label, (text,))


def _failing(document: Document) -> str:
    return _what_failed(document) if document.failures else ""


def _left_out_until(reason: str) -> str:
    """What would give an order that is left out its document."""
    if reason in _BY_CONTENT:
        return _("Si ese dato cambia en MasterShop, se documenta según su disparador.")
    if reason in _BY_SET_UP:
        return _("Mientras eso no cambie en la configuración, no se documenta.")
    if reason == TOLD_AGAIN:
        return _("Esta página no lleva documento: todo va en el del otro pedido.")
    return _("Si más adelante llega a su disparador, se documenta.")


def _what_failed(document: Document) -> str:
    """Alegra's own words where it had any."""
    if not document.last_said:
        return _("Alegra no respondió.")
    return _("Alegra todavía no lo recibió. Dijo: «%s».") % document.last_said.rstrip(".")


def _left_behind(document: Document) -> str:
    if not document.is_left_in_alegra:
        return ""
    return _("El documento que se creó aquí quedó en Alegra; si no vale, bórralo o anúlalo allá.")


def _not_yet(order: Order, label: Label, slug: str) -> Situation:
    sentences = tuple(filter(None, [_why_not_yet(order, label)]))
    if order.decision != "backlog":
        return Situation(label, sentences)
    return Situation(
        label,
        sentences,
        link_label=_("Ver los pedidos anteriores"),
        link_url=reverse("backlog", args=[slug, order.integration_id]),
    )


def _why_not_yet(order: Order, label: Label) -> str:
    match order.decision:
        case "backlog":
            text = _("No se documenta hasta que lo confirmes en los pedidos anteriores.")
            return f"{_stop(label.why)} {text}"
        case "not_reached":
            triggers = {rule.family: rule.status for rule in rules_of(order.integration)}
            if trigger := triggers.get(order.family):
                text = _("Se crea cuando el pedido llegue a «%(status)s».")
                return text % {"status": statuses.by_code(trigger).label}
    return _stop(label.why)


def _paused(label: Label, hold: Hold, order: Order, slug: str) -> Situation:
    text = _("El pedido no se pierde: sale solo cuando termine la pausa.")
    link = cure_of(hold, organization=slug, integration=order.integration_id)
    return Situation(label, (hold.sentence, text), link_label=link[0], link_url=link[1])


def _slow(label: Label, document: Document, now: datetime) -> Situation:
    """The buyer is new to Alegra, which takes few of them a minute."""
    wait = contact_wait(document.alegra_user_id, now)
    first = f"{wait.sentence}." if wait else _("Alegra recibe pocos clientes nuevos por minuto.")
    return Situation(label, (first, _("Sale solo; no tienes que hacer nada.")))


_ANSWER_LOST = gettext_lazy(
    "La respuesta de Alegra se perdió%(at)s: %(noun)s puede existir o no. La buscamos antes "
    "de enviarla otra vez, para que nunca quede duplicada. Por eso Reintentar está cerrado."
)
_TOLD_ERROR = gettext_lazy(
    "Alegra respondió un error%(at)s: «%(said)s». Antes de creerlo miramos allá si %(noun)s quedó; "
    "si no, la dejamos en Por atender."
)


def _verifying(order: Order, label: Label, noun: str, now: datetime) -> Situation:
    document = order.document
    if document.alegra_id:
        return Situation(label, (_being_checked(document, noun),))
    text = _TOLD_ERROR if document.refusal else _ANSWER_LOST
    at = f" {at_clock(document.sent_at, now)}" if document.sent_at else ""
    timing = _("Búsqueda %(n)s") % {"n": document.probes + 1}
    if document.next_attempt_at is not None and document.next_attempt_at > now:
        timing += _(" · la próxima %(time)s") % {"time": at_clock(document.next_attempt_at, now)}
    words = {"at": at, "noun": noun, "said": document.last_said.rstrip(".")}
    return Situation(label, (text % words,), timing=timing)


def _being_checked(document: Document, noun: str) -> str:
    if document.removed_id == document.alegra_id:
        text = _(
            "En Alegra %(noun)s quedó a nombre de otro comprador: borramos ese borrador y lo "
            "hacemos otra vez. No tienes que hacer nada."
        )
    else:
        text = _("En Alegra ya está %(noun)s: la leemos allá para comprobarla.")
    return text % {"noun": noun}


def _blocked(order: Order, label: Label, problems: Sequence[Problem], slug: str) -> Situation:
    lines = [_open_line(order, problem, slug) for problem in problems]
    sentences = (*_advice(problems, lines), *_goes_on(order.document, problems))
    return Situation(label, sentences, problems=tuple(lines))


def _goes_on(document: Document, problems: Sequence[Problem]) -> tuple[str, ...]:
    """The sentence that its cure emits it, where that was asked for and the draft still exists."""
    if not may_be_left(document) or any(each.code in (GONE, VOIDED) for each in problems):
        return ()
    text = _("%(who)s pidió emitirla: cuando esto se resuelva, sale sola para la DIAN.")
    return (text % {"who": document.emit_by},)


def with_other_works(
    situation: Situation, order: Order, label: Label, problems: Sequence[Problem], slug: str
) -> Situation:
    """The document's situation, and the problems of the other works about the order."""
    lines = tuple(_open_line(order, problem, slug) for problem in problems)
    return replace(
        situation,
        label=label,
        sentences=(*situation.sentences, *_advice(problems, lines)),
        problems=(*situation.problems, *lines),
    )


def _advice(problems: Sequence[Problem], lines: Sequence[ProblemLine]) -> tuple[str, ...]:
    advice = {str(kind_of(problem.code).advice) for problem in problems}
    if len(advice) < 2:
        return tuple(advice)
    # What is said of one of them may be wrong of another.
    goes = any(line.cure_url or line.question for line in lines)
    return (str(GOES_BY_ITSELF),) if goes else ()


def _open_line(order: Order, problem: Problem, slug: str) -> ProblemLine:
    line = problem_line(order, problem.code, problem.params, slug)
    asks = kind_of(problem.code).asks
    if not asks:
        return line
    question = QUESTIONS[asks].offered(problem.params)
    if kind_of(problem.code).screen == "settings":
        # It is answered in place: a link to the same question would only lead away from it.
        line = replace(line, cure_label="", cure_url="")
    return replace(
        line,
        question=question,
        question_text=question.ask({**problem.params, **problem.cause.words}),
        answer_url=reverse("attention_answer", args=[slug, problem.cause_id]),
    )


def problem_line(order: Order, code: str, params: dict[str, Any], slug: str) -> ProblemLine:
    """What is wrong in a sentence, and the link to its repair unless that is this very page."""
    url = cure_url(
        code,
        organization=slug,
        integration=order.integration_id,
        params={**params, "order_id": order.pk},
    )
    if url == reverse("order", args=[slug, order.pk]):
        return ProblemLine(_stop(sentence(code, params)), kind_of(code).icon)
    return ProblemLine(
        _stop(sentence(code, params)),
        kind_of(code).icon,
        cure_label(code),
        url,
        is_correction=kind_of(code).screen_for(str(params.get("cure", ""))) == "order_correct",
    )


def _stop(text: str) -> str:
    """A sentence ends with a full stop."""
    text = text.strip()
    return text if not text or text.endswith((".", "…")) else f"{text}."
