"""An order's page: what its reader may see, in as few queries as it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import structlog
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _

from integrations.alegra.document import DRAFT
from integrations.connections.lookup import SOURCE_SECRETS
from integrations.documents import emission, may_emit
from integrations.documents.beside import After, after_of
from integrations.documents.buckets import is_draft
from integrations.documents.emission import is_wanted
from integrations.documents.far_status import is_read_again, read_when
from integrations.documents.models import Document, DocumentProblem
from integrations.history import names
from integrations.history.after import note_of
from integrations.history.answered import Answered, answered_of, is_changeable
from integrations.history.arrived import Beside, beside, repaired_lines
from integrations.history.at_dian import cufe, legal_state, since
from integrations.history.comparison import Comparison, compare
from integrations.history.labels import Label, held_back, label_of
from integrations.history.links import alegra_url, contact_url
from integrations.history.namesakes import Namesake, has_namesakes, namesakes_of
from integrations.history.other_works import retryable
from integrations.history.paid import Paid, paid_of
from integrations.history.possible import Acts, acts_for
from integrations.history.situation import (
    ProblemLine,
    Situation,
    being_deleted,
    problem_line,
    situation_of,
    with_other_works,
)
from integrations.history.states import FAMILY_WORDS
from integrations.history.timeline import Entry, timeline_of
from integrations.mastershop import statuses
from integrations.orders.buyer import Buyer, effective_buyer, received_buyer
from integrations.orders.models import Order, OrderCorrection
from integrations.sending import of_order
from integrations.sending.models import Problem
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.states import ATTENDED, State
from integrations.tenancy.roles import Act

log = structlog.get_logger("history")

_SECRETS = (
    *(f"integration__{name}" for name in SOURCE_SECRETS),
    "integration__credential__token",
)


@dataclass(frozen=True)
class Detail:
    order: Order
    label: Label
    situation: Situation
    # What of the order is other than its document was made of.
    after: After
    acts: Acts
    # Who may not cure a problem is not offered the page that would only refuse.
    may_cure: bool
    comparison: Comparison
    # What will keep the document from being made once its time has come.
    missing: list[ProblemLine]
    timeline: list[Entry]
    # What was said about this order alone, and whether it may be said otherwise.
    answered: list[Answered]
    may_answer: bool
    buyer: Buyer
    received: Buyer | None
    # How the buyer's data arrived, and what of them does not go.
    arrived: Beside
    # What of the goods' texts was repaired.
    repaired: list[str]
    # What of the order could not be read as it was meant, and how it was read.
    reading_notes: list[str]
    lead: str
    numbering: str
    # What its document is called in a heading, and where the DIAN has it, since when.
    noun: str
    legal_state: str
    legal_since: datetime | None
    cufe: str
    bodega: str
    # The bodega of the document, where it has another name; else ''.
    bodega_there: str
    alegra_url: str
    # The contact that a question is about.
    contact_url: str
    # Other orders of its number.
    namesakes: list[Namesake]
    # Others in Alegra with the marker of its document, of which a person said that they are not.
    doubles: list[dict[str, str]]
    # The payment of its invoice, None where there is nothing to say of one.
    paid: Paid | None


def order_or_404(order_id: int) -> Order:
    """The order with all that its page and its acts need. Raises Http404."""
    corrections = OrderCorrection.objects.select_related("by").order_by("at", "pk")
    order = (
        Order.objects.select_related("document", "integration__company", "integration__credential")
        .select_related("integration__document_settings", "integration__source")
        .prefetch_related(Prefetch("corrections", corrections))
        .defer(*_SECRETS)
        .annotate(has_namesakes=has_namesakes())
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise Http404
    if order.document is not None:
        # The same objects, not the same rows read twice.
        order.document.order, order.document.integration = order, order.integration
    return order


def detail_of(
    order: Order, *, may: Callable[[Act], bool], slug: str, user_id: int, now: datetime
) -> Detail:
    document = order.document
    problems, others = _open_problems(order)
    after = after_of(document, order) if document is not None else After()
    hold = None
    if document is not None and (document.state == State.PENDING or document.removal is not None):
        # One that was sent before keeps its date.
        is_there = document.may_be_there or document.removal is not None
        doc_date = document.doc_date if is_there else None
        hold = held_back(order, order.integration.hold(now, doc_date=doc_date))
    elif document is not None and is_wanted(document):
        # It is emitted with the day's date.
        hold = order.integration.hold(now)
    label = label_of(
        order,
        now=now,
        hold=hold,
        problem=next(filter(of_order.holds, [*problems, *others]), None),
        is_doubted=bool(after) or any(problem.code in BESIDE for problem in others),
    )
    buyer, received = _buyers(order, may(Act.SEE_BUYER), user_id)
    settings = getattr(order.integration, "document_settings", None)
    kind = document.kind if document else settings.kind if settings else "invoice"
    comparison = compare(order, kind=kind)
    answered = answered_of(order)
    if after.changes:
        # Beside the document stands the order that it was made of.
        paid = document.made_of["total"]
        comparison = replace(comparison, paid=None if paid is None else Decimal(paid))
    if document is not None and document.removal is not None:
        situation = being_deleted(order, label, problems, hold=hold, slug=slug)
    elif after and document.state != State.BLOCKED:
        situation = note_of(order, label, after, now=now)
    else:
        situation = situation_of(order, label, problems, hold=hold, slug=slug, now=now)
    if document is not None and is_read_again(document) and not situation.timing:
        situation = replace(situation, timing=read_when(document))
    if others:
        situation = with_other_works(situation, order, label, others, slug)
    return Detail(
        order=order,
        label=label,
        situation=situation,
        after=after,
        acts=acts_for(
            order,
            may,
            is_held=hold is not None,
            codes=frozenset(problem.code for problem in problems),
            after=after,
            is_emittable=_is_emittable(document, after),
            others_wait=bool(retryable(others)),
        ),
        may_cure=may(Act.EDIT),
        comparison=comparison,
        missing=[]
        if problems
        else [problem_line(order, each.code, each.params, slug) for each in comparison.problems],
        timeline=timeline_of(order, answered),
        answered=answered,
        may_answer=may(Act.EDIT) and is_changeable(order),
        buyer=buyer,
        received=received,
        arrived=beside(order, effective_buyer(order), in_full=may(Act.SEE_BUYER)),
        repaired=repaired_lines(order, _labels(order)),
        reading_notes=_reading_notes(order),
        lead=_lead(order, buyer),
        numbering=names.numbering(order, settings),
        noun=_("borrador de factura") if _is_a_draft(document) else comparison.noun,
        legal_state=legal_state(document),
        legal_since=since(document) if document is not None else None,
        cufe=cufe(document),
        bodega=(bodega := names.bodega(order)),
        bodega_there=names.bodega_in_alegra(document, bodega),
        alegra_url=alegra_url(document, order.integration),
        contact_url=_contact_url(order, problems),
        namesakes=namesakes_of(order) if order.has_namesakes else [],
        doubles=_doubles(document),
        paid=paid_of(order, may),
    )


def _doubles(document: Document | None) -> list[dict[str, str]]:
    found = (document.doubles or []) if document is not None else []
    unnumbered = _("sin número (id %(id)s)")
    return [
        {**each, "name": each["number"] or unnumbered % each, "total": Decimal(each["total"])}
        for each in found
    ]


def _open_problems(order: Order) -> tuple[list[Problem], list[Problem]]:
    """Those that block its document, and those of the other works about it.

    What is beside its document is found anew (`after_of`), so that an unblocked one is not asked.
    """
    is_attended = order.document is not None and order.document.state in ATTENDED
    kinds = [
        kind for kind in of_order.kinds_about_orders() if kind.work is not Document or is_attended
    ]
    found = of_order.open_problems([order], of=kinds).get(order.pk, [])
    mine = [
        problem
        for problem in found
        if isinstance(problem, DocumentProblem) and problem.work_id == order.document_id
    ]
    return (
        [problem for problem in mine if problem.code not in BESIDE],
        [problem for problem in found if not isinstance(problem, DocumentProblem)],
    )


def _is_emittable(document: Document | None, after: After) -> bool:
    if document is None or emission.is_wanted(document):
        return False
    return may_emit.why_not(document, after) is None


def _buyers(order: Order, in_full: bool, user_id: int) -> tuple[Buyer, Buyer | None]:
    """The buyer as it is used and, where somebody corrected it, as it was received."""
    buyer = effective_buyer(order)
    received = received_buyer(order) if buyer.corrected else None
    if in_full:
        # Who saw a buyer's data leaves a trace (Colombian invoicing reference, records).
        log.info("buyer shown", order=order.pk, user=user_id)
        return buyer, received
    return buyer.masked(), received.masked() if received else None


def _is_a_draft(document: Document | None) -> bool:
    """Whether it is a draft, which it also is while it waits for a person."""
    if document is None or document.state != State.BLOCKED:
        return is_draft(document)
    is_there = bool(document.alegra_id) and document.alegra_status == DRAFT
    return document.kind == "invoice" and is_there


def _labels(order: Order) -> list[str]:
    """What the lines and the charges of the order are called."""
    lines = [*order.snapshot.get("lines", []), *order.snapshot.get("extra_charges", [])]
    named = (each.get(name) for each in lines for name in ("name", "variant_name"))
    return list(dict.fromkeys(filter(None, named)))


def _reading_notes(order: Order) -> list[str]:
    found = [problem["sentence"] for problem in order.problems if not problem["blocking"]]
    return list(dict.fromkeys(found))


def _contact_url(order: Order, problems: list[Problem]) -> str:
    asked = next((each for each in problems if "contact" in each.params), None)
    return contact_url(asked.params["contact"], order.integration) if asked else ""


def _lead(order: Order, buyer: Buyer) -> str:
    parts = [
        buyer.called,
        str(FAMILY_WORDS[order.family]).lower(),
        statuses.by_code(order.status).label.lower(),
    ]
    if order.external_number:
        parts.append(_("referencia %(number)s") % {"number": order.external_number})
    return " · ".join(filter(None, parts))
