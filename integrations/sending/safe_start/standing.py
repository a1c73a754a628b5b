"""The figures of a check after a restore for the merchant: lists read, finds, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property

from integrations.connections.models import AlegraCompany
from integrations.sending.registry import lists
from integrations.sending.safe_start import looking
from integrations.sending.safe_start.models import CompanyLook, Forgotten

# The rows shown on the page.
SHOWN = 50


@dataclass(frozen=True)
class Counted:
    """The finds in one list. `waiting`: those whose order has not arrived yet."""

    title: str
    found: int
    waiting: int
    # "12 facturas"
    words: str

    @property
    def adopted(self) -> int:
        return self.found - self.waiting


@dataclass(frozen=True)
class Standing:
    """The last check of a company, under way or over."""

    look: CompanyLook
    company: AlegraCompany

    @property
    def is_checking(self) -> bool:
        return self.look.is_checking

    @property
    def since(self) -> datetime | None:
        return self.look.noticed_at

    @cached_property
    def counted(self) -> list[Counted]:
        made = []
        for alegra_list in lists():
            rows = Forgotten.objects.filter(company=self.company, found_in=alegra_list.name)
            found = rows.count()
            if found:
                waiting = len(waiting_of(self.company, rows.filter(adopted_at=None)))
                words = alegra_list.counted(found)
                made.append(Counted(str(alegra_list.title), found, waiting, words))
        return made

    @property
    def found(self) -> int:
        return sum(each.found for each in self.counted)

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.counted)

    @property
    def adopted(self) -> int:
        return self.found - self.waiting

    @property
    def lists_read(self) -> list[str]:
        return lists_of(self.company)

    @cached_property
    def left(self) -> list[Forgotten]:
        """The finds whose order has not arrived yet, the newest first."""
        rows = Forgotten.objects.filter(company=self.company, adopted_at=None)
        waiting = waiting_of(self.company, rows.order_by("-date", "-pk"))
        return waiting[:SHOWN]


def lists_of(company: AlegraCompany) -> list[str]:
    """The titles of the lists in which the portal looks for this company."""
    return [str(each.title) for each in looking.lists_of(company)]


def titles() -> dict[str, str]:
    """The title of each list by its name."""
    return {each.name: str(each.title) for each in lists()}


def standing_of(company: AlegraCompany) -> Standing | None:
    """The last check of the company; None where no restore was ever noticed."""
    look = CompanyLook.objects.filter(company=company, noticed_at__isnull=False).first()
    return None if look is None else Standing(look, company)


def waiting_of(company: AlegraCompany, rows: Iterable[Forgotten]) -> list[Forgotten]:
    """Those of these finds that no work has; a work may have found its document by itself."""
    by_list: dict[str, list[Forgotten]] = {}
    rows = list(rows)
    for row in rows:
        by_list.setdefault(row.found_in, []).append(row)
    known: set[tuple[str, str]] = set()
    for alegra_list in lists():
        ids = [row.alegra_id for row in by_list.get(alegra_list.name, ())]
        if ids:
            made = alegra_list.works(company).filter(alegra_id__in=ids)
            known |= {(alegra_list.name, each) for each in made.values_list("alegra_id", flat=True)}
    return [row for row in rows if (row.found_in, row.alegra_id) not in known]
