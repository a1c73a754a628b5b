"""What the page of one *Emitir* shows: the plan, how far it is, and what became of each draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from integrations.connections.lookup import integrations
from integrations.documents import emitting_many
from integrations.documents.models import Document
from integrations.documents.reading_many import still_unread
from integrations.history.run_parts import BECAME, asked_of, which
from integrations.sending.bulk import runs
from integrations.sending.bulk.models import BulkItem, BulkRun

Outcome = BulkItem.Outcome


@dataclass(frozen=True)
class Line:
    """So many invoices for so many pesos. `which` finds exactly these in the list of orders."""

    label: str
    count: int
    pesos: int
    which: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class RunPage:
    run: BulkRun
    chosen: int
    # While it is read: how many were.
    read: int
    # What a yes does, or did.
    results: list[Line]
    left_out: list[Line]
    # Planned, and other than then when a worker came to it.
    moved: list[Line]
    # How many of the planned ones came to their end, those that were stopped among them; and how
    # many were asked for.
    ended: int
    done: int
    may_start: bool
    # Why none of those that wait can go now.
    held: list[str]

    @property
    def is_live(self) -> bool:
        """Whether it changes without anybody's doing."""
        return self.run.state in (
            BulkRun.State.READING, BulkRun.State.RUNNING, BulkRun.State.STOPPING,
        )  # fmt: skip

    @property
    def left_out_count(self) -> int:
        return sum(line.count for line in self.left_out)

    @property
    def left_out_pesos(self) -> int:
        return sum(line.pesos for line in self.left_out)


def page_of(run: BulkRun, *, now: datetime) -> RunPage:
    """The same number of queries for any number of drafts."""
    groups = runs.groups(run)
    by_outcome = {outcome: _count(groups, outcome) for outcome in Outcome.values}
    is_asked = run.started_at is not None
    return RunPage(
        run=run,
        chosen=sum(by_outcome.values()),
        read=by_outcome[Outcome.CHOSEN] - still_unread(run)
        if run.state == BulkRun.State.READING
        else 0,
        results=_results(run, groups) if is_asked else [],
        left_out=[_line(run, group) for group in groups if group.outcome == Outcome.LEFT_OUT],
        moved=[_line(run, group) for group in groups if group.outcome == Outcome.MOVED],
        ended=sum(by_outcome[each] for each in (Outcome.DONE, Outcome.MOVED, Outcome.STOPPED)),
        done=by_outcome[Outcome.DONE],
        may_start=runs.may_start(run, now=now),
        held=_held(run, now) if run.is_under_way else [],
    )


def _results(run: BulkRun, groups: Iterable[runs.Group]) -> list[Line]:
    """What became of those that were asked, read from the documents themselves."""
    wheres = {name: became.where for name, became in BECAME.items()}
    found = asked_of(run).aggregate(
        **{name: Count("pk", filter=where) for name, where in wheres.items()},
        **{
            f"{name}_pesos": Coalesce(Sum("total_pesos", filter=where), 0)
            for name, where in wheres.items()
        },
    )
    lines = [
        Line(
            str(became.label), found[name], found[f"{name}_pesos"], which(run, name),
            became.tone, became.icon,
        )
        for name, became in BECAME.items()
    ]  # fmt: skip
    lines += [
        Line(str(label), each.count, each.pesos, which(run, each.outcome), "wait", icon)
        for outcome, label, icon in _NOT_ASKED
        for each in groups
        if each.outcome == outcome
    ]
    return [line for line in lines if line.count]


_NOT_ASKED = (
    (Outcome.PLANNED, gettext_lazy("Por pedir"), "clock"),
    (Outcome.STOPPED, gettext_lazy("Detenidas: siguen como borrador"), "pause"),
)


def _line(run: BulkRun, group: runs.Group) -> Line:
    label = emitting_many.words(group.reason)
    return Line(label, group.count, group.pesos, which(run, group.outcome, group.reason))


def _count(groups: Iterable[runs.Group], outcome: str) -> int:
    return sum(group.count for group in groups if group.outcome == outcome)


def _held(run: BulkRun, now: datetime) -> list[str]:
    """Of the integrations of which some wait: what holds them, in a sentence."""
    waiting = run.items.filter(outcome__in=[Outcome.PLANNED, Outcome.ASKED]).order_by()
    mine = Document.objects.filter(pk__in=waiting.values("work_id")).order_by()
    found = integrations().filter(pk__in=mine.values("integration_id")).order_by("name", "pk")
    holds = [(each.name, each.hold(now)) for each in found]
    return [f"{name}: {hold.sentence}" for name, hold in holds if hold is not None]
