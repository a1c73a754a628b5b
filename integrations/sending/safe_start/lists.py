"""Describes a list of Alegra's in which works are found again; each kind of work registers its."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise

from integrations.alegra.client import AlegraClient
from integrations.connections.models import AlegraCompany
from integrations.sending.models import Work


class Listed(Protocol):
    """A row of a list. `observations` is None where the list leaves them out."""

    @property
    def id(self) -> str: ...

    @property
    def date(self) -> date | None: ...

    @property
    def number(self) -> str | None: ...

    @property
    def observations(self) -> str | None: ...


# The integration's id, the order's number, and the sale of that number (`Order.occurrence`).
Sale = tuple[int, str, str]


@dataclass(frozen=True)
class AlegraList:
    """`name` identifies the list in the database. A merchant reads its `title` ("Facturas") and
    the result of `counted` ("12 facturas").

    `since` lists what is dated that day or later, whatever its status; `read` reads one row by id.
    `reading`: the action in Alegra for which a permission may be lacking. `kin`: the columns,
    beside the company, of the works among which an id of this list is unique. `source` turns an
    order's number into the text from which markers are made. `sales` returns the known sales of
    these numbers, for the integrations of these ids. `in_use`: whether a company without such
    works may have made some. `writes`: whether it makes some as it is set up now. `has_cycles`: a
    work that is gone is made anew as the next cycle of its order.
    """

    name: str
    title: Promise | str
    counted: Callable[[int], str]
    work: type[Work]
    since: Callable[[AlegraClient, date], Iterable[Any]]
    read: Callable[[AlegraClient, str], Any]
    reading: str
    kin: Mapping[str, Any] = field(default_factory=dict, hash=False)
    source: Callable[[str], str] = str
    sales: Callable[[Collection[int], Collection[str]], Iterable[Sale]] = lambda _ids, _numbers: ()
    in_use: Callable[[AlegraCompany], bool] = lambda _company: True
    writes: Callable[[AlegraCompany], bool] = lambda _company: True
    has_cycles: bool = False

    def works(self, company: AlegraCompany) -> Any:
        return self.work.objects.filter(company=company, **self.kin)

    def made(self, company: AlegraCompany) -> Any:
        """The works with an id in Alegra."""
        return self.works(company).exclude(alegra_id="")
