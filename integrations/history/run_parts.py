"""The parts of an *Emitir*: what its drafts became, and how an address names one of them.

The figure of a part and the list behind it are one query, so that they always agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.documents import emitting_many
from integrations.documents.models import Document
from integrations.sending.bulk import runs
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.states import State

Outcome = BulkItem.Outcome


@dataclass(frozen=True)
class Became:
    """What those that were asked became, by their own state."""

    label: Promise
    where: Q
    tone: str
    icon: str


_ON_ITS_WAY = Q(state__in=[State.PENDING, State.SENDING, State.UNCONFIRMED])
_DRAFT, _WANTED = Q(state=State.CREATED), Q(emit_since__isnull=False)
BECAME: dict[str, Became] = {
    "accepted": Became(
        gettext_lazy("Aceptadas por la DIAN"), Q(state=State.ISSUED), "ok", "shield"
    ),
    "in_dian": Became(gettext_lazy("En la DIAN"), Q(state=State.EMITTING), "look", "clock"),
    "rejected": Became(
        gettext_lazy("Rechazadas por la DIAN"), Q(state=State.REJECTED), "fail", "x"
    ),
    "blocked": Became(gettext_lazy("Por atender"), Q(state=State.BLOCKED), "fail", "warn"),
    "queued": Became(
        gettext_lazy("En cola para emitirse"), _DRAFT & _WANTED | _ON_ITS_WAY, "wait", "clock"
    ),
    "draft": Became(gettext_lazy("Siguen como borrador"), _DRAFT & ~_WANTED, "wait", "skip"),
}
BECAME["other"] = Became(
    gettext_lazy("Se anularon o se dejaron de lado"),
    ~Q(state__in=[State.ISSUED, State.EMITTING, State.REJECTED, State.BLOCKED, State.CREATED])
    & ~_ON_ITS_WAY,
    "wait",
    "skip",
)


def asked_of(run: BulkRun) -> QuerySet[Document]:
    """The documents that were asked to be emitted, whatever came of it."""
    items = run.items.filter(outcome__in=[Outcome.ASKED, Outcome.DONE]).order_by()
    return Document.objects.filter(pk__in=items.values("work_id")).order_by()


def which(run: BulkRun, part: str, reason: str = "") -> str:
    """A part of a run in an address: «12.left_out.edited»."""
    return ".".join(filter(None, [str(run.pk), part, reason]))


def part_of(text: str) -> tuple[BulkRun, str, str] | None:
    """The run of this comercio, part and reason that `which` wrote; None for anything else."""
    pk, part, reason = [*text.split("."), "", ""][:3]
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    if part not in ("", *BECAME, *Outcome.values):
        return None
    run = BulkRun.objects.filter(pk=int(pk), act=emitting_many.NAME).first()
    return None if run is None else (run, part, reason)


def documents_of(run: BulkRun, part: str, reason: str) -> QuerySet:
    """The ids of the documents of a part of a run."""
    if part in BECAME:
        return asked_of(run).filter(BECAME[part].where).values("pk")
    return runs.works_of(run, part, reason)


def words_of(run: BulkRun, part: str, reason: str) -> str:
    """A part of a run as an active filter: «emisión 12 · Alguien cambió el borrador en Alegra»."""
    parts = [_("emisión %(n)s") % {"n": run.pk}]
    if reason:
        parts.append(emitting_many.words(reason))
    elif part in BECAME:
        parts.append(str(BECAME[part].label).lower())
    elif part:
        parts.append(str(Outcome(part).label).lower())
    return " · ".join(parts)
