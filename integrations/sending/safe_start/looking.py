"""Reads one list of Alegra's for what the portal made there and the database does not know.

A row is known where a work has its id, or where the work with its marker is being looked for. Any
other row with a marker of the portal is forgotten, and all other rows are foreign. Where a list
leaves out the text with the marker, unknown rows are read by id, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from integrations.alegra.client import MOST_ROWS, AlegraClient
from integrations.alegra.errors import NotFound, OutcomeUnknown
from integrations.colombia.dates import bogota_today
from integrations.connections.models import AlegraCompany, Integration
from integrations.sending.marker import marker_in
from integrations.sending.models import Work
from integrations.sending.registry import lists
from integrations.sending.safe_start.lists import AlegraList, Listed
from integrations.sending.safe_start.models import Forgotten
from integrations.sending.safe_start.recognise import Recogniser
from integrations.sending.states import IN_FLIGHT, State
from integrations.timekeeping.timing import SAFE_START_WINDOW

# The rows that are read by id in one look: they fit into the budget of a minute.
MAX_READS = 100


class TooMany(OutcomeUnknown):
    """More rows have to be read by id than one look may read. The ones that were read are
    remembered, so that the next look goes on from there."""

    def __init__(self) -> None:
        super().__init__("Hay muchos documentos en Alegra que leer uno por uno.")


@dataclass
class Reading:
    """What one reading of a list has shown so far.

    `foreign`: the ids of rows that were read by id and are not the portal's. `unread`: how many
    rows have yet to be read by id.
    """

    forgotten: list[Forgotten] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    rows: int = 0
    unread: int = 0


def lists_of(company: AlegraCompany) -> list[AlegraList]:
    """The lists in which documents of this company may be found."""
    return [each for each in lists() if each.made(company).exists() or each.in_use(company)]


def window_from(now: datetime) -> date:
    return bogota_today(now - SAFE_START_WINDOW)


def day_to_look_from(company: AlegraCompany, alegra_list: AlegraList, now: datetime) -> date:
    """The day of the newest known document; without one, the day of the company's first
    integration. Never before the window."""
    today = bogota_today(now)
    rows = alegra_list.made(company).filter(doc_date__lte=today)
    newest = rows.aggregate(day=Max("doc_date"))["day"]
    if newest is None:
        first = Integration.objects.filter(company=company).order_by("created_at").first()
        newest = today if first is None else bogota_today(first.created_at)
    return max(min(newest, today), window_from(now))


def read(
    client: AlegraClient,
    company: AlegraCompany,
    alegra_list: AlegraList,
    day: date,
    made: Reading,
    *,
    now: datetime,
    foreign: Collection[str] = (),
    to_the_first: bool = False,
    keep: Callable[[], None] = lambda: None,
) -> None:
    """Read all rows since that day into `made`; with `to_the_first` only until one is forgotten.

    `foreign`: the ids that an earlier reading found foreign. `keep` is called before each request.
    Raises AlegraError; `made` then holds what was read before.
    """
    judge = _Judge(company, alegra_list, now, made)
    reads = 0
    keep()
    for rows in _chunks(alegra_list.since(client, day), MOST_ROWS - 1):
        made.rows += len(rows)
        marked: list[_Marked] = []
        for row in judge.without_known(rows):
            if row.observations is None and row.id in foreign:
                made.foreign.append(row.id)
            elif row.observations is None and reads == MAX_READS:
                made.unread += 1
            elif row.observations is None:
                keep()
                reads += 1
                if found := _read_one(client, alegra_list, row):
                    marked += judge.marked(found, is_read=True)
            else:
                marked += judge.marked(row, is_read=False)
        judge.judge(marked)
        if to_the_first and made.forgotten:
            return
        if len(rows) == MOST_ROWS - 1:
            # Pages overlap by one.
            keep()
    judge.end()


def _read_one(client: AlegraClient, alegra_list: AlegraList, row: Listed) -> Any:
    """The row, read by id; None where it was deleted since the list was read."""
    try:
        return alegra_list.read(client, row.id)
    except NotFound:
        return None


@dataclass(frozen=True)
class _Marked:
    """A row with a marker, whoever made it. `is_read`: read by id, because its list left out the
    text."""

    row: Listed
    marker: str
    is_read: bool

    @property
    def text(self) -> str:
        return self.row.observations or ""


class _Judge:
    """Decides which rows of one list are known, forgotten or foreign."""

    def __init__(
        self, company: AlegraCompany, alegra_list: AlegraList, now: datetime, made: Reading
    ) -> None:
        self._company, self._list, self._now, self._made = company, alegra_list, now, made
        self._recognise = Recogniser(company, alegra_list)
        self._strange: list[_Marked] = []

    def without_known(self, rows: list[Listed]) -> list[Listed]:
        ids = [row.id for row in rows]
        works = self._list.works(self._company).filter(alegra_id__in=ids)
        told = Forgotten.objects.filter(
            company=self._company, found_in=self._list.name, alegra_id__in=ids
        )
        known = set(works.values_list("alegra_id", flat=True))
        known.update(told.values_list("alegra_id", flat=True))
        return [row for row in rows if row.id not in known]

    def marked(self, row: Listed, *, is_read: bool) -> list[_Marked]:
        marker = marker_in(row.observations)
        if marker is not None:
            return [_Marked(row, marker, is_read)]
        if is_read:
            self._made.foreign.append(row.id)
        return []

    def judge(self, marked: list[_Marked]) -> None:
        if not marked:
            return
        rows = self._list.work.objects.filter(
            company=self._company, marker__in=[each.marker for each in marked]
        )
        works = {work.marker: work for work in rows}
        nobodys = []
        for each in marked:
            work = works.get(each.marker)
            if work is None:
                nobodys.append(each)
            elif not _is_known(work, each.row):
                number = getattr(work.order, "number", "")
                self._forgotten(each, work.integration_id, number)
        self._strange += self._without_ours(nobodys)

    def end(self) -> None:
        """Judge the rest again: that a number came again is known only after all rows were read."""
        for each in self._without_ours(self._strange):
            if each.is_read:
                self._made.foreign.append(each.row.id)

    def _without_ours(self, marked: list[_Marked]) -> list[_Marked]:
        texts = [(each.text, each.marker, each.row.date) for each in marked]
        left = []
        for each, origin in zip(marked, self._recognise.origins(texts), strict=True):
            if origin is None:
                left.append(each)
            else:
                self._forgotten(each, origin.integration.pk, origin.number)
        return left

    def _forgotten(self, each: _Marked, integration: int | None, number: str) -> None:
        row = each.row
        found = Forgotten(
            organization_id=self._company.organization_id,
            company=self._company,
            integration_id=integration,
            found_in=self._list.name,
            alegra_id=row.id,
            marker=each.marker,
            order_number=number[:64],
            number=(row.number or "")[:40],
            date=row.date,
            found_at=self._now,
        )
        self._made.forgotten.append(found)


def _is_known(work: Work, row: Listed) -> bool:
    """Whether the work with this marker accounts for the row, whose id no work has."""
    if work.alegra_id:
        # A copy that a person made of it with *clonar*.
        return True
    is_looked_for = work.may_be_there or work.state in IN_FLIGHT | {State.UNCONFIRMED}
    # The look for a lost answer covers the day with which the work was sent.
    return is_looked_for and row.date in (work.doc_date, None)


def _chunks(rows: Iterable[Any], most: int) -> Iterator[list[Any]]:
    """Pieces of this size, made lazily: a page is judged before the next one is asked for."""
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == most:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
