"""What the orders of a cause wait for: not always their document.

An invoice that cannot be emitted is in Alegra already, and one whose payment is held is accepted.
Asked of the works themselves, because kinds of problems are shared: the same plan of Alegra may
hold a document, its emission and a payment.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, CharField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.alegra.document import DRAFT
from integrations.documents.models import Document, DocumentProblem
from integrations.payments.models import Payment
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import kind_of
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.states import State

# After «esperan».
WORDS: dict[str, Promise] = {
    "document": _("su documento"),
    "emission": _("que se emita su factura"),
    "decision": _("que decidas sobre su documento"),
    "payment": _("que se registre su pago"),
    # Different things, or those of a kind without words of its own.
    "you": _("por ti"),
}
_OF_DOCUMENTS = Case(
    When(Q(work__alegra_id=""), then=Value("document")),
    When(Q(work__state=State.REJECTED), then=Value("emission")),
    When(Q(work__emit_since__isnull=False), then=Value("emission")),
    default=Value("decision"),
    output_field=CharField(),
)
_BY_WORK = {Document: _OF_DOCUMENTS, Payment: Value("payment", output_field=CharField())}


def awaited(causes: Iterable[Cause]) -> dict[int, str]:
    """By the cause's id, for those that hold something: a key of `WORDS`. One query for each kind
    of work."""
    ids = [cause.pk for cause in causes]
    found: dict[int, set[str]] = {}
    for kind in kinds():
        for cause, code in _of_kind(kind, ids):
            found.setdefault(cause, set()).add(code)
    return {cause: codes.pop() if len(codes) == 1 else "you" for cause, codes in found.items()}


def _of_kind(kind: WorkKind, causes: list[int]) -> Iterable[tuple[int, str]]:
    code = _BY_WORK.get(kind.work, Value("you", output_field=CharField()))
    rows = kind.problem.objects.filter(cause__in=causes, closed_at=None).order_by()
    return rows.annotate(awaited=code).values_list("cause_id", "awaited").distinct()


def with_drafts(causes: Iterable[Cause]) -> frozenset[int]:
    """The ids of those causes that hold nothing and have a document that is a draft in Alegra."""
    beside = [cause.pk for cause in causes if not kind_of(cause.code).blocks]
    if not beside:
        return frozenset()
    rows = DocumentProblem.objects.filter(
        cause__in=beside, closed_at=None, work__kind="invoice", work__alegra_status=DRAFT
    )
    return frozenset(rows.order_by().values_list("cause_id", flat=True).distinct())
