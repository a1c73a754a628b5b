"""*Emitir* for one, many or all drafts: what goes, what is left out and why (product: *Seeing it*).

An emission is never taken back, so each draft is looked at three times: when the plan is made,
after it was read in Alegra; when a worker asks for it; and once more, by a reading, right before
its stamp (`documents.emission`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.alegra.invoices import MOST_STAMPED
from integrations.colombia.dates import bogota_today
from integrations.connections.hold import hold_of
from integrations.connections.models import Integration, PlatformState, ReferenceEntry
from integrations.connections.numbering import Numbering, gap
from integrations.documents import emission, may_emit
from integrations.documents.models import Document, DocumentProblem
from integrations.documents.reading_many import UNREAD, read_chosen
from integrations.orders.models import Order, OrderCorrection, OrderLine
from integrations.sending.bulk import acts, runs
from integrations.sending.bulk.models import BulkRun
from integrations.sending.models import Work
from integrations.sending.states import State

NAME = "emit"
ASKED, NUMBERING = "asked", "numbering"
# What passes by itself is no reason to leave one out: its emission waits.
_PASSES = frozenset({"breaker", "total_doubted"})
_HELD = "held_"

WORDS: dict[str, Promise] = {
    ASKED: _("Ya se está emitiendo"),
    NUMBERING: _("Su numeración no puede dar números a una factura electrónica"),
    UNREAD: _("No la pudimos leer en Alegra"),
    runs.MOVED: _("Cambió mientras tanto"),
    f"{_HELD}stopped": _("Los envíos están detenidos por el equipo de soporte"),
    f"{_HELD}setup": _("Su integración todavía no se ha encendido"),
    f"{_HELD}off": _("Su integración está apagada"),
    f"{_HELD}archived": _("Su integración está archivada"),
    f"{_HELD}staff": _("Su integración está en pausa por el equipo de soporte"),
    f"{_HELD}precision": _("La precisión decimal de su cuenta de Alegra es menor que 2"),
    f"{_HELD}credential": _("Alegra no acepta el token de su integración"),
    f"{_HELD}books_closed": _("Los libros están cerrados"),
}


def words(reason: str) -> str:
    """Why one is left out, as a merchant reads it."""
    return str(WORDS.get(reason) or may_emit.words(reason))


def connect() -> None:
    acts.register(
        acts.Act(
            name=NAME,
            work=Document,
            plan=plan,
            do=_ask,
            pesos="total_pesos",
            under_way=_UNDER_WAY,
            waits_for_cure=_WAITS_FOR_CURE,
            take_back=_take_back,
            read=read_chosen,
        )
    )


# Asked, and neither emitted nor at rest. One whose validation the DIAN has not finished was
# emitted: it takes days at times, and nobody waits for it here.
_UNDER_WAY = Q(emit_since__isnull=False) & (
    Q(state__in=[State.PENDING, State.SENDING, State.UNCONFIRMED, State.CREATED])
    | Q(state=State.EMITTING) & ~Q(legal_state=Document.LegalState.WAITING)
)


# Those whose emission was asked for, and happens as soon as what blocks them is cured.
_IS_THERE = ~Q(alegra_id="") & ~Q(alegra_status="void")
_WAITS_FOR_CURE = (
    Q(emit_since__isnull=False, state=State.BLOCKED)
    & _IS_THERE
    & ~Q(alegra_status="", last_read_at__isnull=False)
)


def drafts(orders: QuerySet[Order]) -> QuerySet[Document]:
    """The documents of these orders that are, or were, drafts in Alegra and are not emitted."""
    mine = orders.order_by().values("document_id")
    is_draft = Q(state=State.CREATED) | Q(state=State.BLOCKED) & ~Q(alegra_id="")
    return Document.objects.filter(is_draft, pk__in=mine, kind="invoice")


def plan(works: QuerySet[Document], run: BulkRun, now: datetime) -> Iterator[tuple[Document, str]]:
    """Each document and why it is left out, '' for one that goes; eight queries for any number."""
    lines = OrderLine.objects.order_by("position")
    corrections = OrderCorrection.objects.order_by("at", "pk")
    documents = list(
        works.select_related("order__integration__company", "order__integration__credential")
        .defer("payload", "order__integration__credential__token")
        .prefetch_related(
            Prefetch("order__lines", lines),
            Prefetch("order__corrections", corrections),
            Prefetch("problems", DocumentProblem.objects.filter(closed_at=None)),
        )
    )
    mine = [document.pk for document in documents]
    elsewhere = runs.waiting_elsewhere(run).filter(work_id__in=mine)
    asked = set(elsewhere.values_list("work_id", flat=True))
    held = _Held(documents, now)
    for document in documents:
        document.integration = document.order.integration
        is_asked = document.pk in asked or _is_asked(document)
        yield document, ASKED if is_asked else _why_not(document, held)


def _is_asked(document: Document) -> bool:
    return document.state == State.CREATED and emission.is_wanted(document)


def _why_not(document: Document, held: _Held) -> str:
    return (
        may_emit.why_not(document) or held.by_integration(document) or held.by_numbering(document)
    )


class _Held:
    """What of all drafts of an integration, or of a numbering, forbids to emit them today."""

    def __init__(self, documents: list[Document], now: datetime) -> None:
        self._today = bogota_today(now)
        self._now = now
        self._platform = PlatformState.objects.filter(pk=1).first()
        self._holds: dict[int, str] = {}
        self._numberings: dict[int, dict[str, Numbering]] = defaultdict(dict)
        copies = ReferenceEntry.objects.filter(
            company__in={document.company_id for document in documents},
            kind=ReferenceEntry.Kind.NUMBER_TEMPLATE,
        )
        for copy in copies:
            self._numberings[copy.company_id][copy.alegra_id] = Numbering.of_copy(copy)

    def by_integration(self, document: Document) -> str:
        pk = document.integration_id
        if pk not in self._holds:
            self._holds[pk] = self._hold(document.integration)
        return self._holds[pk]

    def _hold(self, integration: Integration) -> str:
        hold = hold_of(integration, self._platform, self._now, doc_date=self._today)
        return "" if hold is None or hold.code in _PASSES else f"{_HELD}{hold.code}"

    def by_numbering(self, document: Document) -> str:
        known = self._numberings[document.company_id]
        # Of a company whose list was never read nothing is known.
        chosen = document.settings_snapshot.get("number_template", "")
        return NUMBERING if known and gap(known, chosen, self._today) else ""


def _ask(document: Document, run: BulkRun, now: datetime) -> bool:
    # Nobody waits for a single one of many, so new orders go ahead of them. Payments do not:
    # each costs more calls than the emission of ten invoices.
    few = run.count <= MOST_STAMPED
    priority = Work.Priority.PERSON if few else Work.Priority.RETRY
    return emission.ask(document, by=run.by, now=now, priority=priority)


def _take_back(document: Document, run: BulkRun, now: datetime) -> bool:
    return emission.take_back(document, by=run.stopped_by, now=now)
