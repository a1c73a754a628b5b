"""Adopting: a work whose marker was found in Alegra after a restore is never sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from integrations.alegra.errors import NotFound
from integrations.sending import confirm
from integrations.sending.asking import asking
from integrations.sending.decided import Decided, Next, go_on
from integrations.sending.far_side import CREATE, FarSide, T, W
from integrations.sending.marker import CYCLES, made_by
from integrations.sending.models import Work
from integrations.sending.registry import kind_of_work
from integrations.sending.safe_start.models import Forgotten
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def forgotten_of(work: Work) -> list[Forgotten]:
    """What was found with the marker of this work and no work has adopted. (A document that was
    adopted and is gone since is made again where a person says so.) Read the work's integration
    with its company: most companies have nothing forgotten, and cost no query then."""
    if not work.integration.company.has_forgotten:
        return []
    names = [each.name for each in kind_of_work(work).lists]
    rows = Forgotten.objects.filter(
        company=work.company_id, marker=work.marker, found_in__in=names, adopted_at=None
    )
    return list(rows.order_by("pk"))


def adopted(
    turn: Turn, work: W, far: FarSide[W, T], rows: list[Forgotten] | None = None
) -> Decided | None:
    """What becomes of a work that a restored database had forgotten; None for any other work.

    It is read by id and compared like one whose answer was lost. Only finds in the lists of `far`
    count, because other lists have ids of their own. Raises AlegraError.
    """
    rows = forgotten_of(work) if rows is None else rows
    if not rows:
        return _of_a_later_cycle(work)
    # All of them, including a copy that a person made: it has no order of its own.
    take = partial(taken, rows)
    names = {each.name for each in kind_of_work(work).lists if each.kin == far.kin}
    rows = [row for row in rows if row.found_in in names]
    if not rows:
        # It was made as another kind of document than it is frozen as.
        return go_on(work, kind_of_work(work).perform, columns={"payload": None, "refusal": None})
    found = []
    with asking(turn, work, far.begin(work, CREATE), action=far.reading) as call:
        for row in rows:
            try:
                found.append(far.read(call.client, row.alegra_id))
            except NotFound:
                # A person deleted it in Alegra since it was found.
                continue
        step = call.step
    if not found:
        return _gone(far.gone(turn, work, step), rows[-1], take)
    note = _("La base de datos volvió a una copia anterior; lo encontramos en Alegra.")
    return confirm.adopt(turn, work, far, step, found, note=note, after=(take,))


def _of_a_later_cycle(work: W) -> Decided | None:
    """Where it had been made anew, the database has forgotten the later cycle. The work takes over
    that cycle and its marker, and adopts what was found of it."""
    lists = [each for each in kind_of_work(work).lists if each.has_cycles]
    if not lists or not work.integration.company.has_forgotten:
        return None
    number, sale = work.order.number, work.order.occurrence
    rows = Forgotten.objects.filter(
        company=work.company_id, integration=work.integration_id, order_number=number[:64],
        found_in__in=[each.name for each in lists], adopted_at=None,
    )  # fmt: skip
    key, later = work.integration.source_key, range(work.cycle + 1, len(CYCLES))
    made = {row.marker: made_by(row.marker, key, number, later, [sale]) for row in rows}
    cycles = [(found[0], marker) for marker, found in made.items() if found is not None]
    if not cycles:
        return None
    cycle, marker = max(cycles)
    columns = {"cycle": cycle, "marker": marker, "payload": None, "refusal": None}
    return go_on(work, kind_of_work(work).perform, columns=columns)


def _gone(decided: Decided, row: Forgotten, take: Callable[[], None]) -> Decided:
    """The decision about a deleted document, with its id and day, as if it had been known."""
    if not isinstance(decided, Next):
        return decided
    known = {"alegra_id": row.alegra_id, "doc_date": row.date}
    return replace(decided, columns={**known, **decided.columns}, after=(*decided.after, take))


def taken(rows: list[Forgotten]) -> None:
    """Mark them as adopted: a work has them, or knows that they are gone."""
    ids = [row.pk for row in rows]
    Forgotten.objects.filter(pk__in=ids, adopted_at=None).update(adopted_at=clock.now())
