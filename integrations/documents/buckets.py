"""What an order's document counts as: one bucket for each, with its word, tone and icon.

A draft is not an invoice (product rules, "Seeing it"), and an invoice is what the DIAN accepted:
*created* is not *accepted* (Colombian invoicing reference, "After emission"). List, page, filter,
file, month, cards and staff pages ask this table, so that none of them counts a draft as an
invoice. A bucket says of itself which documents are in it, once: `bucket_of` for one document,
`Bucket.among` for a query.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.alegra.document import DRAFT as DRAFT_THERE
from integrations.documents.far_status import EMITTED
from integrations.documents.models import Document
from integrations.sending.states import State

# What makes a skipped row read as one that still waits for its trigger.
BACK_TO_WAITING = "back_to_waiting"
_UNSTAMPED = Document.LegalState.UNSTAMPED
# The columns that decide it.
COLUMNS = ("state", "kind", "alegra_status", "reason", "legal_state")


@dataclass(frozen=True, kw_only=True, eq=False)
class Bucket:
    """`code` stands in addresses and stays. `word` says it of one order, `made` names in a file
    what it has in Alegra ('' for nothing). Of the documents in `states`: those of `kind`, those
    that Alegra said are emitted, those of them that the DIAN never had, those taken back to
    waiting; None where it makes no difference.
    """

    code: str
    word: Promise
    # ok · ask (the merchant decides) · fail · look (being looked at) · wait
    tone: str
    icon: str
    made: Promise | str = ""
    states: tuple[State, ...]
    kind: str | None = None
    is_emitted: bool | None = None
    is_unstamped: bool | None = None
    is_taken_back: bool | None = None

    def has(self, state: str, kind: str, alegra_status: str, reason: str, legal_state: str) -> bool:
        return (
            state in self.states
            and self.kind in (None, kind)
            and self.is_emitted in (None, alegra_status in EMITTED)
            and self.is_unstamped in (None, legal_state == _UNSTAMPED)
            and self.is_taken_back in (None, reason == BACK_TO_WAITING)
        )

    def among(self, path: str = "") -> Q:
        """Its documents, as a condition on a query that reaches them by `path`."""
        which = Q(**{f"{path}state__in": self.states})
        if self.kind is not None:
            which &= Q(**{f"{path}kind": self.kind})
        if self.is_emitted is not None:
            emitted = Q(**{f"{path}alegra_status__in": EMITTED})
            which &= emitted if self.is_emitted else ~emitted
        if self.is_unstamped is not None:
            unstamped = Q(**{f"{path}legal_state": _UNSTAMPED})
            which &= unstamped if self.is_unstamped else ~unstamped
        if self.is_taken_back is not None:
            back = Q(**{f"{path}reason": BACK_TO_WAITING})
            which &= back if self.is_taken_back else ~back
        return which


TO_ATTEND = Bucket(
    code="por-atender",
    word=_("Por atender"),
    tone="fail",
    icon="warn",
    states=(State.BLOCKED,),
)
FOR_APPROVAL = Bucket(
    code="por-aprobar",
    word=_("Por aprobar"),
    tone="ask",
    icon="hand",
    states=(State.AWAITING_APPROVAL,),
)
WAITING = Bucket(
    code="en-espera",
    word=_("En espera"),
    tone="wait",
    icon="clock",
    states=(State.SKIPPED,),
    is_taken_back=True,
)
QUEUED = Bucket(
    code="en-cola",
    word=_("En cola o enviando"),
    tone="wait",
    icon="clock",
    states=(State.PENDING, State.SENDING),
)
BEING_CHECKED = Bucket(
    code="verificando",
    word=_("Verificando en Alegra"),
    tone="look",
    icon="search",
    states=(State.UNCONFIRMED,),
)
DRAFT = Bucket(
    code="borrador",
    word=_("Borrador en Alegra"),
    tone="ok",
    icon="ok",
    made=_("Borrador de factura"),
    states=(State.CREATED,),
    kind="invoice",
    is_emitted=False,
)
# A person emitted it there, and the DIAN's word is not read yet.
EMITTED_THERE = Bucket(
    code="emitida",
    word=_("Factura emitida"),
    tone="look",
    icon="clock",
    made=_("Factura emitida"),
    states=(State.CREATED,),
    kind="invoice",
    is_emitted=True,
    is_unstamped=False,
)
# A person opened it there, and the DIAN never had it: not valid, although it has a number.
OPEN_THERE = Bucket(
    code="abierta",
    word=_("Abierta sin emitir"),
    tone="ask",
    icon="warn",
    made=_("Factura abierta sin emitir"),
    states=(State.CREATED,),
    kind="invoice",
    is_emitted=True,
    is_unstamped=True,
)
AT_DIAN = Bucket(
    code="en-la-dian",
    word=_("En la DIAN"),
    tone="look",
    icon="clock",
    made=_("Factura en la DIAN"),
    states=(State.EMITTING,),
)
ACCEPTED = Bucket(
    code="aceptada",
    word=_("Aceptada por la DIAN"),
    tone="ok",
    icon="shield",
    made=_("Factura aceptada"),
    states=(State.ISSUED,),
)
REJECTED = Bucket(
    code="rechazada",
    word=_("Rechazada por la DIAN"),
    tone="fail",
    icon="x",
    made=_("Factura rechazada"),
    states=(State.REJECTED,),
)
REMISSION = Bucket(
    code="remision",
    word=_("Remisión creada"),
    tone="ok",
    icon="ok",
    made=_("Remisión"),
    states=(State.CREATED,),
    kind="remission",
)
EXTERNAL = Bucket(
    code="por-fuera",
    word=_("Documentado por fuera"),
    tone="ok",
    icon="check",
    made=_("Hecho por fuera"),
    states=(State.EXTERNAL,),
)
LEFT_OUT = Bucket(
    code="omitida",
    word=_("Omitida"),
    tone="wait",
    icon="skip",
    states=(State.SKIPPED,),
    is_taken_back=False,
)
DISMISSED = Bucket(
    code="no-facturar",
    word=_("No facturar"),
    tone="wait",
    icon="skip",
    states=(State.DISMISSED,),
)
PUT_AWAY = Bucket(
    code="anulada",
    word=_("Anulada o convertida"),
    tone="wait",
    icon="trash",
    states=(State.WITHDRAWN, State.CONVERTED),
)

# In the order of the filter: every document is in exactly one.
BUCKETS: dict[str, Bucket] = {
    bucket.code: bucket
    for bucket in (
        TO_ATTEND,
        FOR_APPROVAL,
        WAITING,
        QUEUED,
        BEING_CHECKED,
        DRAFT,
        EMITTED_THERE,
        OPEN_THERE,
        AT_DIAN,
        ACCEPTED,
        REJECTED,
        REMISSION,
        EXTERNAL,
        LEFT_OUT,
        DISMISSED,
        PUT_AWAY,
    )
}


def bucket_of(document: Document | None) -> Bucket:
    """Also of an order without a document: it waits."""
    if document is None:
        return WAITING
    return bucket_by(*(getattr(document, column) for column in COLUMNS))


def bucket_by(
    state: str | None,
    kind: str | None,
    alegra_status: str | None,
    reason: str | None,
    legal_state: str | None,
) -> Bucket:
    """The same by the values of `COLUMNS`, all None where there is no document."""
    if state is None:
        return WAITING
    columns = (state, kind, alegra_status, reason, legal_state)
    return next(each for each in BUCKETS.values() if each.has(*columns))


def is_draft(document: Document | None) -> bool:
    return bucket_of(document) is DRAFT


def made(document: Document | None) -> str:
    """What there is of it in Alegra, or elsewhere: «Borrador de factura», '' for nothing.

    Of one that is held or put aside by what Alegra said when it was last read.
    """
    if document is None or document.state == State.WITHDRAWN:
        return ""
    if word := bucket_of(document).made:
        return str(word)
    if not document.alegra_id:
        return ""
    if document.kind == "remission":
        return str(REMISSION.made)
    if document.alegra_status in EMITTED:
        return str(OPEN_THERE.made if document.legal_state == _UNSTAMPED else EMITTED_THERE.made)
    return str(DRAFT.made if document.alegra_status == DRAFT_THERE else _("Factura por comprobar"))
