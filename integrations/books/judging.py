"""Judges rows of one list: which are ours and right, which differ, which have to be read by id.

A row is ours where a work has its id. A row with the marker of a work that has another id is a
double. A row that only names an order of the company was typed by a person or made by another
installation. A work that the portal may have changed since the page was asked for is not judged,
so that nothing made during the audit is called missing or doubled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.alegra.document import VOID
from integrations.books import references
from integrations.books.differences import Code, Difference, is_moving, of_work
from integrations.books.findings import Spotted
from integrations.books.lists import BooksList
from integrations.connections.models import AlegraCompany
from integrations.documents.models import Document
from integrations.sending.marker import MARKER
from integrations.sending.models import Work


@dataclass
class Judged:
    """`ours`: how many rows were compared with their works. `right`: how many of these have no
    difference. `to_read`: ids of rows that have to be read by id before they are judged, the likely
    ones first. `moving`: ids of rows that cannot be judged this time."""

    ours: int = 0
    right: int = 0
    spotted: list[Spotted] = field(default_factory=list)
    to_read: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)


def judge(
    company: AlegraCompany,
    books_list: BooksList,
    rows: Sequence[Any],
    asked_at: datetime,
    *,
    is_read: bool = False,
) -> Judged:
    """`is_read`: the rows were read by id, so that no field is left out."""
    judged = Judged()
    works = books_list.works(company)
    by_id = {work.alegra_id: work for work in works.filter(alegra_id__in=[row.id for row in rows])}
    unknown = []
    for row in rows:
        work = by_id.get(row.id)
        if work is None:
            unknown.append(row)
            continue
        if is_moving(work, asked_at):
            judged.moving.append(row.id)
            continue
        judged.ours += 1
        difference = of_work(work, row)
        if difference is None:
            judged.right += 1
        else:
            spotted = Spotted.of_row(difference, books_list.name, row, work=work)
            judged.spotted.append(spotted)
    _judge_unknown(judged, company, books_list, unknown, asked_at, is_read=is_read)
    return judged


def _judge_unknown(
    judged: Judged,
    company: AlegraCompany,
    books_list: BooksList,
    rows: list[Any],
    asked_at: datetime,
    *,
    is_read: bool,
) -> None:
    # A void document is worth nothing, so it doubles nothing.
    rows = [row for row in rows if row.status != VOID]
    silent = [row for row in rows if row.observations is None]
    if silent and not is_read:
        judged.to_read += _likely_first(books_list, company, silent)
    told = [row for row in rows if row.observations is not None]
    markers = {row.id: found[-1] for row in told if (found := MARKER.findall(row.observations))}
    works = {
        work.marker: work
        for work in books_list.works(company).filter(marker__in=set(markers.values()))
    }
    # An invoice that a person made of a remission in Alegra has its text, and so its marker.
    akin = books_list.work.objects.filter(company=company, marker__in=set(markers.values()))
    of_another_kind = set(akin.values_list("marker", flat=True)) - set(works)
    others = []
    for row in told:
        work = works.get(markers.get(row.id, ""))
        if work is None:
            if markers.get(row.id) not in of_another_kind:
                others.append(row)
        elif is_moving(work, asked_at):
            judged.moving.append(row.id)
        elif not _is_known_double(work, row):
            _double(judged, books_list, work, row, markers[row.id], is_read=is_read)
    for row, order, is_ours in references.orders_named(company, others):
        code = Code.UNKNOWN if is_ours else Code.FOREIGN
        if code == Code.FOREIGN and books_list.work is not Document:
            # People name the order when they register its payment by hand.
            continue
        difference = Difference(code, {"order": order.number}, order.key)
        marker = markers.get(row.id, "")
        judged.spotted.append(
            Spotted.of_row(difference, books_list.name, row, order=order, marker=marker)
        )


def _double(
    judged: Judged, books_list: BooksList, work: Work, row: Any, marker: str, *, is_read: bool
) -> None:
    if not is_read:
        # A list may show a deleted row for a while; reading it by id decides.
        judged.to_read.insert(0, row.id)
        return
    if work.alegra_id:
        ours = getattr(work, "number", "") or work.alegra_id
        difference = Difference(Code.DOUBLED, {"ours": ours}, work.alegra_id)
    else:
        difference = Difference(Code.UNKNOWN, {"order": getattr(work.order, "number", "")})
    judged.spotted.append(
        Spotted.of_row(difference, books_list.name, row, work=work, marker=marker)
    )


def _is_known_double(work: Work, row: Any) -> bool:
    """Whether a person said that it is not the order's, or the portal is deleting it."""
    if not isinstance(work, Document):
        return False
    if row.id == work.removed_id:
        return True
    return row.id in {each["id"] for each in work.doubles or ()}


def _likely_first(books_list: BooksList, company: AlegraCompany, rows: Sequence[Any]) -> list[str]:
    """The ids, those first whose total is that of one of our works. A double has it, and a document
    that a person typed for an order has it too."""
    is_document = books_list.work is Document
    totals = {row.id: int(row.total if is_document else row.amount) for row in rows}
    column = "total_pesos" if is_document else "amount"
    worth = books_list.work.objects.filter(company=company, **{f"{column}__in": totals.values()})
    known = {int(each) for each in worth.values_list(column, flat=True)}
    likely = [key for key, total in totals.items() if total in known]
    rest = [key for key in totals if key not in set(likely)] if is_document else []
    return [*likely, *rest]
